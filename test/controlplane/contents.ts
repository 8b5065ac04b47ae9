import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Api, KubeObject } from './api.ts'
import { watchUntil } from './watch-until.ts'

const types = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

const condition = (object: KubeObject, type: string): boolean =>
  (object['status']?.conditions ?? []).some(
    (one: { type: string; status: string }) => one.type === type && one.status === 'True',
  )

/** Adds Argo Rollouts' resource types from the directory's `*-crd.yaml`; resolves when the server serves them all. */
export async function addRolloutTypes(api: Api, dir: string): Promise<void> {
  const files = readdirSync(dir).filter((file) => file.endsWith('-crd.yaml'))
  await Promise.all(
    files.map((file) => api.request('POST', types, readFileSync(join(dir, file), 'utf8'), 'application/yaml')),
  )
  await watchUntil(
    api,
    types,
    (all) => all.length === files.length && all.every((type) => condition(type, 'Established')),
  )
}

/** Adds one simulated node with room for everything; resolves when it is ready. */
export async function addNode(api: Api): Promise<void> {
  const room = { cpu: '20k', memory: '100Ti', pods: '20k' }
  await api.request('POST', '/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'simulated', labels: { 'kubernetes.io/hostname': 'simulated' } },
    status: { allocatable: room, capacity: room },
  })
  await watchUntil(api, '/api/v1/nodes', (nodes) => nodes.some((node) => condition(node, 'Ready')))
}
