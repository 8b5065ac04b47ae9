import type { Cluster, WatchEvent } from '../cluster/port.ts'
import { emptyNamespace, type Snapshot } from '../domain/group/snapshot.ts'
import { at } from '../domain/objects/fields.ts'
import { HASH_LABEL } from '../domain/objects/labels.ts'
import { NamedConfigs } from './named-configs.ts'
import { type Breadth, frontsOf, namespaceOf, type Scope } from './discover.ts'
import { isNews } from './news.ts'
import { Spaces, WATCHED, type WatchedResource } from './spaces.ts'
import type { GroupStore, CurrentStore } from './current-store.ts'

/** Watches exactly what a group is read from, until the signal ends it. */
export function openGroupStore(cluster: Cluster, scope: Scope, signal: AbortSignal): GroupStore {
  const store = openNamespacesStore(cluster, scope, signal)
  const none = emptyNamespace(scope.namespace)
  return {
    ...store,
    getSnapshot: () => {
      const seen = store.getSnapshot()
      return seen && (seen[0] ?? none)
    },
  }
}

/**
 * Watches the Rollouts of one namespace or of all, and what they are read with: one snapshot for each namespace that
 * has any, the same object until something in that namespace changes.
 */
export function openNamespacesStore(
  cluster: Cluster,
  breadth: Breadth,
  signal: AbortSignal,
): CurrentStore<readonly Snapshot[]> {
  const configs = new NamedConfigs(cluster, signal)
  let fronts: Snapshot['fronts']
  const spaces = new Spaces(
    (within, name) => configs.of(within, name),
    (within) => (typeof fronts === 'object' ? fronts.filter((each) => namespaceOf(each) === within) : 'forbidden'),
  )
  const listed = new Set<WatchedResource>()
  const listeners = new Set<() => void>()
  const lost = new Map<WatchedResource, string>()
  let failure: unknown
  let snapshots: readonly Snapshot[] | undefined
  let outdated = true
  let scheduled = false
  let reading = false

  for (const resource of WATCHED) void follow(resource)
  void readFronts()
  return {
    getSnapshot: () => {
      // While a watch has not listed yet nothing is known.
      if (outdated && isKnown()) snapshots = spaces.snapshots() ?? snapshots
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

  function isKnown(): boolean {
    return fronts !== undefined && listed.size === WATCHED.length
  }

  /** Once: where users come in from outside changes with a release of its own. */
  async function readFronts(): Promise<void> {
    try {
      fronts = await frontsOf(cluster, breadth, signal)
    } catch {
      // Whoever cannot be asked is as good as silent; what else fails is told by the watches.
      fronts = 'forbidden'
    }
    outdated = true
    changed()
  }

  async function follow(resource: WatchedResource): Promise<void> {
    try {
      for await (const event of cluster.watch(resource, queryOf(resource, breadth), signal)) {
        take(resource, event)
        changed()
      }
    } catch (error) {
      failure = error
      changed()
    }
  }

  function take(resource: WatchedResource, event: WatchEvent): void {
    // A ConfigMap that was missing may have come since: then its pods start, and their ReplicaSet shows it.
    if (resource === 'replicasets') configs.missingAgain()
    switch (event.type) {
      case 'connected':
        if (resource === 'rollouts') configs.again()
        return void lost.delete(resource)
      case 'disconnected':
        return void lost.set(resource, event.reason)
      case 'listed':
        lost.delete(resource)
        listed.add(resource)
        if (resource === 'rollouts') configs.again()
        spaces.replace(resource, event.items)
        break
      case 'deleted':
        spaces.delete(resource, event.object)
        break
      default: {
        const before = spaces.known(resource, event.object)
        if (!isNews(resource, event.object, before)) return
        if (resource === 'rollouts' && revisionsOf(event.object) !== revisionsOf(before))
          configs.again(namespaceOf(event.object))
        spaces.set(resource, event.object)
      }
    }
    outdated = true
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
    if (reading || failure !== undefined || !isKnown()) return
    const wanted = spaces
      .read()
      .flatMap(({ within, names }) => names.map((name) => ({ within, name })))
      .filter((each) => configs.isDue(each))
    if (wanted.length === 0) return
    reading = true
    try {
      if (await configs.read(wanted)) {
        for (const { within } of wanted) spaces.outdate(within)
        outdated = true
      }
    } catch (error) {
      if (signal.aborted) return
      failure = error
    } finally {
      reading = false
    }
    changed()
  }
}

function queryOf(resource: WatchedResource, { namespace, selector }: Breadth) {
  const labelSelector = {
    rollouts: selector,
    replicasets: HASH_LABEL,
    services: undefined,
    endpointslices: undefined,
  }[resource]
  return {
    ...(namespace !== undefined && { namespace }),
    ...(labelSelector !== undefined && { labelSelector }),
  }
}

/** Which revisions users are on and wait: when these change, other settings may count. */
function revisionsOf(rollout: unknown): string {
  return JSON.stringify([at(rollout, 'status', 'stableRS'), at(rollout, 'status', 'currentPodHash')])
}
