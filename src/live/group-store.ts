import { ClusterError, type Cluster, type ClusterErrorReason, type Resource, type WatchEvent } from '../cluster/port.ts'
import type { Config } from '../domain/environment.ts'
import { configMapNames, type Snapshot } from '../domain/group.ts'
import { HASH_LABEL } from '../domain/labels.ts'
import { at, text } from '../domain/parse.ts'
import { readConfig, type Breadth, type Scope } from './discover.ts'

export type Connection =
  | { readonly state: 'connected' }
  | { readonly state: 'disconnected'; readonly reason: string }

/** Something that stays current through watches. */
export interface Store<Seen> {
  /**
   * What the watches have told, ConfigMaps included; undefined until all of it is known once. The same object until something
   * changes; a change that names a ConfigMap nobody has read yet is shown when it is read.
   */
  getSnapshot(): Seen | undefined
  /** Calls back after changes of the snapshot or the connection; several changes of one moment come as one. */
  subscribe(listener: () => void): () => void
  connection(): Connection
  /** Why nothing more will come, e.g. a watch that is forbidden. */
  failure(): unknown
}

/** A group that stays current. */
export type GroupStore = Store<Snapshot>

const WATCHED = ['rollouts', 'replicasets', 'services', 'endpointslices'] as const satisfies readonly Resource[]
type Watched = (typeof WATCHED)[number]

/** Failures that end by themselves; between its own tries the cluster has waited. */
const PASSING: ReadonlySet<ClusterErrorReason> = new Set(['Unreachable', 'Timeout', 'ServerError', 'TooManyRequests'])

/** Watches exactly what a group is read from, until the signal ends it. */
export function openGroupStore(cluster: Cluster, scope: Scope, signal: AbortSignal): GroupStore {
  const store = openNamespacesStore(cluster, scope, signal)
  const none: Snapshot = { namespace: scope.namespace, rollouts: [], replicaSets: [], services: [], endpointSlices: [], configs: new Map(), unreadable: [] }
  return { ...store, getSnapshot: () => { const seen = store.getSnapshot(); return seen && (seen[0] ?? none) } }
}

/** Watches the Rollouts of one namespace or of all, and what they are read with: one snapshot for each namespace that has any. */
export function openNamespacesStore(cluster: Cluster, { namespace, selector }: Breadth, signal: AbortSignal): Store<readonly Snapshot[]> {
  const objects = new Map<Watched, Map<string, unknown>>()
  const configs = new Map<string, Config>()
  const listeners = new Set<() => void>()
  const lost = new Map<Watched, string>()
  let failure: unknown
  let snapshots: readonly Snapshot[] | undefined
  let outdated = true
  let scheduled = false
  let reading = false

  for (const resource of WATCHED) void follow(resource)
  return {
    getSnapshot: () => {
      if (outdated) snapshots = assemble() ?? snapshots
      outdated = false
      return snapshots
    },
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
    const labelSelector = { rollouts: selector, replicasets: HASH_LABEL, services: undefined, endpointslices: undefined }[resource]
    const query = { ...(namespace !== undefined && { namespace }), ...(labelSelector !== undefined && { labelSelector }) }
    try {
      for await (const event of cluster.watch(resource, query, signal)) {
        take(resource, event)
        changed()
      }
    } catch (error) {
      failure = error
      changed()
    }
  }

  function take(resource: Watched, event: WatchEvent): void {
    switch (event.type) {
      case 'connected': return void lost.delete(resource)
      case 'disconnected': return void lost.set(resource, event.reason)
      case 'listed':
        lost.delete(resource)
        objects.set(resource, new Map(event.items.map((each) => [keyOf(each), each])))
        break
      case 'deleted':
        objects.get(resource)?.delete(keyOf(event.object))
        break
      default:
        objects.get(resource)?.set(keyOf(event.object), event.object)
    }
    outdated = true
    // A ConfigMap that was missing may have come since: then its pods start, and their ReplicaSet shows it.
    if (resource === 'replicasets') for (const [key, config] of configs) if (config === 'missing') configs.delete(key)
  }

  /** Tells listeners once per turn of the event loop: what comes in one piece of a stream is one change. */
  function changed(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      void readConfigs()
      for (const listener of [...listeners]) listener()
    })
  }

  async function readConfigs(): Promise<void> {
    if (reading || failure !== undefined) return
    const wanted = [...byNamespace().entries()].flatMap(([within, each]) => configMapNames(each).map((name) => ({ key: `${within}/${name}`, within, name })))
      .filter(({ key }) => !configs.has(key))
    if (wanted.length === 0) return
    reading = true
    try {
      const read = await Promise.all(wanted.map(async ({ key, within, name }) => [key, await readConfig(cluster, within, name, signal)] as const))
      for (const [key, config] of read) configs.set(key, config)
      outdated = true
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof ClusterError) || !PASSING.has(error.reason)) failure = error
    } finally {
      reading = false
    }
    changed()
  }

  /** Undefined while a watch has not listed yet, or a ConfigMap is not read. */
  function assemble(): readonly Snapshot[] | undefined {
    if (!WATCHED.every((each) => objects.has(each))) return undefined
    const found = [...byNamespace().entries()].map(([within, read]) => {
      const names = configMapNames(read)
      const known = names.flatMap((name) => { const config = configs.get(`${within}/${name}`); return config === undefined ? [] : [[name, config] as const] })
      return known.length < names.length ? undefined : { ...read, configs: new Map(known) }
    })
    return found.includes(undefined) ? undefined : found as Snapshot[]
  }

  function byNamespace(): Map<string, Snapshot> {
    if (!WATCHED.every((each) => objects.has(each))) return new Map()
    const within = (resource: Watched) => Map.groupBy(objects.get(resource)!.values(), (each) => text(at(each, 'metadata', 'namespace')) ?? '')
    const [rollouts, replicaSets, services, slices] = WATCHED.map(within)
    return new Map([...rollouts!].map(([each, own]) => [each, {
      namespace: each, rollouts: own, replicaSets: replicaSets!.get(each) ?? [], services: services!.get(each) ?? [],
      endpointSlices: slices!.get(each) ?? [], configs: new Map(), unreadable: [],
    }]))
  }
}

function keyOf(object: unknown): string {
  return `${text(at(object, 'metadata', 'namespace'))}/${text(at(object, 'metadata', 'name'))}`
}
