import type { ServerResponse } from 'node:http'
import type { Api, KubeObject } from '../../controlplane/api.ts'
import { json, refuse, startApiServer, type ApiServer } from '../../support/api-server.ts'
import { labelSelector } from '../../../src/sim/selectors.ts'

/** What the screens of both plugins are made of. */
const READ = {
  '/apis/argoproj.io/v1alpha1': ['rollouts', 'experiments', 'analysisruns'],
  '/apis/apps/v1': ['replicasets', 'deployments'],
  '/api/v1': ['pods', 'services', 'configmaps'],
  '/apis/discovery.k8s.io/v1': ['endpointslices'],
}

/** A namespace as it was: the list at the path of each collection. */
export type Recording = ReadonlyMap<string, { readonly items: readonly KubeObject[] }>

/** So often a namespace is read that its controllers have not caught up with. */
const MOST = 15

/** Reads a namespace, again while what is read is not of one time. */
export async function record(api: Api, namespace: string): Promise<Recording> {
  for (let left = MOST; ; left--) {
    const recording = await read(api, namespace)
    if (isOfOneTime(recording) || left === 0) return recording
  }
}

/** Whether ReplicaSets, endpoints and a canary's status tell of the pods that are there. */
export function isOfOneTime(recording: Recording): boolean {
  const all = (name: string): readonly KubeObject[] =>
    [...recording].find(([path]) => path.endsWith(`/${name}`))![1].items
  const sum = (counts: readonly number[]): number => counts.reduce((total, each) => total + each, 0)
  const [rollout] = all('rollouts')
  const owned = ({ metadata }: KubeObject, owner: KubeObject | undefined): boolean =>
    metadata.ownerReferences?.some(({ uid }) => uid === owner?.metadata.uid) ?? false
  const ready = all('pods').filter(({ status }) =>
    status?.conditions?.some(({ type, status: is }: Record<string, string>) => type === 'Ready' && is === 'True'),
  )
  const names = new Set(ready.map(({ metadata }) => metadata.name))
  const sets = all('replicasets')
  return (
    sets.every((set) => (set['status']?.readyReplicas ?? 0) === ready.filter((pod) => owned(pod, set)).length) &&
    all('endpointslices')
      .flatMap(({ endpoints }) => endpoints ?? [])
      .every(({ conditions, targetRef }) => !conditions.ready || names.has(targetRef?.name)) &&
    (rollout?.['spec'].strategy.canary === undefined ||
      (rollout['status']?.availableReplicas ?? 0) ===
        sum(sets.filter((set) => owned(set, rollout)).map(({ status }) => status?.availableReplicas ?? 0)))
  )
}

async function read(api: Api, namespace: string): Promise<Recording> {
  const paths = Object.entries(READ).flatMap(([version, names]) =>
    names.map((name) => `${version}/namespaces/${namespace}/${name}`),
  )
  return new Map(await Promise.all(paths.map(async (path) => [path, await api.get(path)] as const)))
}

/** An API server that knows recordings alone, each under a path of its own, `/0`, `/1`: there nothing ever changes. */
export async function startPlayer(recordings: readonly Recording[]): Promise<ApiServer> {
  return startApiServer('http', ({ path }, response) => {
    const [, index = '', asked = ''] = /^\/(\d+)(\/[^?]*)/.exec(path) ?? []
    const recording = recordings[Number(index)]
    const query = new URLSearchParams(path.split('?')[1])
    const list = recording?.get(asked)
    if (list !== undefined) {
      // As an API server that knows no lists that are watches; the client lists, then.
      if (query.has('sendInitialEvents')) return refuse(response, 422, 'Invalid', 'sendInitialEvents is forbidden')
      // There is nothing to tell.
      if (query.has('watch'))
        return void (response as ServerResponse).writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
      const selected = labelSelector(query.get('labelSelector') ?? '')
      const items = list.items.filter((each) => selected(each as Parameters<typeof selected>[0]))
      return json(response, { ...list, items })
    }
    const [, collection = '', name] = /^(.*)\/([^/]+)$/.exec(asked) ?? []
    const one = recording?.get(collection)?.items.find(({ metadata }) => metadata.name === name)
    return one === undefined ? refuse(response, 404, 'NotFound', `nothing at ${asked}`) : json(response, one)
  })
}
