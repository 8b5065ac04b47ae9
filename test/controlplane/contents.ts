import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Api, KubeObject } from './api.ts'
import { argoModule } from './argo-module.ts'
import { watchUntil } from './watch-until.ts'

const types = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

const condition = (object: KubeObject, type: string): boolean =>
  (object['status']?.conditions ?? []).some(
    (one: { type: string; status: string }) => one.type === type && one.status === 'True',
  )

/**
 * Adds Argo Rollouts' resource types from the directory's `*-crd.yaml`, and those of Istio that its controller writes
 * to; resolves when the server serves them all.
 */
export async function addTypes(api: Api, dir: string): Promise<void> {
  const own = readdirSync(dir).filter((file) => file.endsWith('-crd.yaml'))
  const all = [...own.map((file) => readFileSync(join(dir, file), 'utf8')), ...istioTypes()]
  await Promise.all(all.map((text) => api.request('POST', types, text, 'application/yaml')))
  await watchUntil(
    api,
    types,
    (made) => made.length === all.length && made.every((type) => condition(type, 'Established')),
  )
}

function istioTypes(): readonly string[] {
  return readFileSync(join(argoModule(), 'test/e2e/crds/istio.yaml'), 'utf8')
    .split(/^---$/m)
    .filter((text) => /^ {2}name: (virtualservices|destinationrules)\./m.test(text))
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
