import { ClusterError, type Cluster, type Query, type Resource, type WatchEvent } from '../cluster/port.ts'
import type { Config } from '../domain/environment.ts'
import { configMapNames, type Snapshot } from '../domain/group.ts'
import { HASH_LABEL } from '../domain/labels.ts'
import { at, text } from '../domain/parse.ts'
import { readConfig, type Scope } from './discover.ts'

export type Connection =
  | { readonly state: 'connected' }
  | { readonly state: 'disconnected'; readonly reason: string }

/** A group that stays current through watches. */
export interface GroupStore {
  /** The group as far as the watches have told; undefined until each has listed once. The same object until something changes. */
  getSnapshot(): Snapshot | undefined
  /** Calls back after each change of the snapshot or the connection; several changes of one moment come as one. */
  subscribe(listener: () => void): () => void
  connection(): Connection
  /** Why nothing more will come, e.g. a watch that is forbidden. */
  failure(): unknown
}

const WATCHED = ['rollouts', 'replicasets', 'services', 'endpointslices'] as const satisfies readonly Resource[]
type Watched = (typeof WATCHED)[number]

/** Watches exactly what a group is read from, until the signal ends it. */
export function openGroupStore(cluster: Cluster, scope: Scope, signal: AbortSignal): GroupStore {
  const objects = new Map<Watched, Map<string, unknown>>()
  const configs = new Map<string, Config>()
  const listeners = new Set<() => void>()
  const lost = new Map<Watched, string>()
  let failure: unknown
  let snapshot: Snapshot | undefined
  let scheduled = false
  let reading = false

  for (const resource of WATCHED) void follow(resource)
  return {
    getSnapshot: () => (snapshot ??= assemble()),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    connection: () => {
      const reason = lost.values().next().value
      return reason === undefined ? { state: 'connected' } : { state: 'disconnected', reason }
    },
    failure: () => failure,
  }

  async function follow(resource: Watched): Promise<void> {
    try {
      for await (const event of cluster.watch(resource, queryOf(resource, scope), signal)) {
        take(resource, event)
        changed()
      }
    } catch (error) {
      if (signal.aborted) return
      failure = error
      changed()
    }
  }

  function take(resource: Watched, event: WatchEvent): void {
    if (event.type === 'connected') lost.delete(resource)
    else if (event.type === 'disconnected') lost.set(resource, event.reason)
    else if (event.type === 'listed') {
      lost.delete(resource)
      objects.set(resource, new Map(event.items.map((each) => [nameOf(each), each])))
    } else if (event.type === 'deleted') objects.get(resource)?.delete(nameOf(event.object))
    else objects.get(resource)?.set(nameOf(event.object), event.object)
  }

  /** Tells listeners once per turn, after ConfigMaps that are new to the templates have been read. */
  function changed(): void {
    snapshot = undefined
    if (scheduled) return
    scheduled = true
    queueMicrotask(() => {
      scheduled = false
      void readConfigs()
      for (const listener of [...listeners]) listener()
    })
  }

  async function readConfigs(): Promise<void> {
    if (reading) return
    const wanted = namesWanted().filter((name) => !configs.has(name))
    if (wanted.length === 0) return
    reading = true
    try {
      const read = await Promise.all(wanted.map(async (name) => [name, await readConfig(cluster, scope.namespace, name, signal)] as const))
      for (const [name, config] of read) configs.set(name, config)
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      if (!signal.aborted) failure = error
    } finally {
      reading = false
    }
    changed()
  }

  function namesWanted(): string[] {
    if (!WATCHED.every((each) => objects.has(each))) return []
    return configMapNames({ rollouts: itemsOf('rollouts'), replicaSets: itemsOf('replicasets') })
  }

  function assemble(): Snapshot | undefined {
    if (!WATCHED.every((each) => objects.has(each)) || namesWanted().some((name) => !configs.has(name))) return undefined
    return {
      namespace: scope.namespace, rollouts: itemsOf('rollouts'), replicaSets: itemsOf('replicasets'), services: itemsOf('services'),
      endpointSlices: itemsOf('endpointslices'), configs: new Map(configs), unreadable: [],
    }
  }

  function itemsOf(resource: Watched): unknown[] {
    return [...(objects.get(resource)?.values() ?? [])]
  }
}

function queryOf(resource: Watched, { namespace, selector }: Scope): Query {
  if (resource === 'rollouts') return { namespace, labelSelector: selector }
  return resource === 'replicasets' ? { namespace, labelSelector: HASH_LABEL } : { namespace }
}

function nameOf(object: unknown): string {
  return text(at(object, 'metadata', 'name')) ?? ''
}
