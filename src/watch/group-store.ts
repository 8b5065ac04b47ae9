import type { Cluster, Resource, WatchEvent } from '../cluster/port.ts'
import { configMapNames } from '../domain/group/read-group.ts'
import type { Snapshot } from '../domain/group/snapshot.ts'
import type { Config } from '../domain/objects/config-map.ts'
import { at, fields, text } from '../domain/objects/fields.ts'
import { HASH_LABEL } from '../domain/objects/labels.ts'
import { type Breadth, forbiddenIn, namespaceOf, readConfig, type Scope } from './discover.ts'
import { isNews } from './news.ts'

export type Connection = { readonly state: 'connected' } | { readonly state: 'disconnected'; readonly reason: string }

/** Something that stays current through watches. */
export interface Store<Seen> {
  /**
   * What the watches have told, ConfigMaps included; undefined until all of it is known once. The same object until
   * something changes; a change that names a ConfigMap nobody has read yet is shown when it is read.
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

/** Watches exactly what a group is read from, until the signal ends it. */
export function openGroupStore(cluster: Cluster, scope: Scope, signal: AbortSignal): GroupStore {
  const store = openNamespacesStore(cluster, scope, signal)
  const none: Snapshot = {
    namespace: scope.namespace,
    rollouts: [],
    replicaSets: [],
    services: [],
    endpointSlices: [],
    configs: new Map(),
    unreadable: [],
  }
  return {
    ...store,
    getSnapshot: () => {
      const seen = store.getSnapshot()
      return seen && (seen[0] ?? none)
    },
  }
}

/** What is known of one namespace. */
interface Space {
  readonly objects: { readonly [resource in Watched]: Map<string, unknown> }
  /** What it comes to; undefined since its last change. */
  read: { readonly names: readonly string[]; readonly snapshot: Snapshot | undefined } | undefined
}

/**
 * Watches the Rollouts of one namespace or of all, and what they are read with: one snapshot for each namespace that
 * has any, the same object until something in that namespace changes.
 */
export function openNamespacesStore(
  cluster: Cluster,
  { namespace, selector }: Breadth,
  signal: AbortSignal,
): Store<readonly Snapshot[]> {
  const spaces = new Map<string, Space>()
  const listed = new Set<Watched>()
  const configs = new Map<string, Config>()
  /**
   * Those that may have been edited since they were read: nothing watches them, since that would take another
   * permission.
   */
  const due = new Set<string>()
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
    const labelSelector = {
      rollouts: selector,
      replicasets: HASH_LABEL,
      services: undefined,
      endpointslices: undefined,
    }[resource]
    const query = {
      ...(namespace !== undefined && { namespace }),
      ...(labelSelector !== undefined && { labelSelector }),
    }
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
    // A ConfigMap that was missing may have come since: then its pods start, and their ReplicaSet shows it.
    if (resource === 'replicasets') for (const [key, config] of configs) if (config === 'missing') due.add(key)
    switch (event.type) {
      case 'connected':
        if (resource === 'rollouts') again('')
        return void lost.delete(resource)
      case 'disconnected':
        return void lost.set(resource, event.reason)
      case 'listed':
        lost.delete(resource)
        listed.add(resource)
        if (resource === 'rollouts') again('')
        for (const space of spaces.values()) {
          space.objects[resource].clear()
          space.read = undefined
        }
        for (const each of event.items) spaceOf(each).objects[resource].set(nameOf(each), lean(resource, each))
        break
      case 'deleted':
        spaceOf(event.object).objects[resource].delete(nameOf(event.object))
        break
      default: {
        const before = spaces.get(namespaceOf(event.object))?.objects[resource].get(nameOf(event.object))
        if (!isNews(resource, event.object, before)) return
        if (resource === 'rollouts' && revisionsOf(event.object) !== revisionsOf(before))
          again(`${namespaceOf(event.object)}/`)
        const { objects } = spaceOf(event.object)
        objects[resource].set(nameOf(event.object), lean(resource, event.object))
      }
    }
    outdated = true
  }

  /** Has the ConfigMaps read again whose keys begin so; what they held is shown until then. */
  function again(beginning: string): void {
    for (const key of configs.keys()) if (key.startsWith(beginning)) due.add(key)
  }

  /** The space of an object, which is about to change. */
  function spaceOf(object: unknown): Space {
    const name = namespaceOf(object)
    const space = spaces.get(name) ?? {
      objects: { rollouts: new Map(), replicasets: new Map(), services: new Map(), endpointslices: new Map() },
      read: undefined,
    }
    spaces.set(name, space)
    space.read = undefined
    return space
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
    if (reading || failure !== undefined || listed.size < WATCHED.length) return
    const wanted = [...spaces]
      .flatMap(([within, space]) =>
        readIn(within, space).names.map((name) => ({ key: `${within}/${name}`, within, name })),
      )
      .filter(({ key }) => !configs.has(key) || due.has(key))
    if (wanted.length === 0) return
    reading = true
    for (const { key } of wanted) due.delete(key)
    try {
      const read = await Promise.all(
        wanted.map(
          async ({ key, within, name }) => [key, await readConfig(cluster, within, name, signal, true)] as const,
        ),
      )
      const others = read.filter(([key, config]) => !isSame(config, configs.get(key)))
      for (const [key, config] of others) configs.set(key, config)
      if (others.length > 0) for (const { within } of wanted) spaces.get(within)!.read = undefined
      outdated ||= others.length > 0
    } catch (error) {
      if (signal.aborted) return
      failure = error
    } finally {
      reading = false
    }
    changed()
  }

  /** Undefined while a watch has not listed yet, or a ConfigMap is not read. */
  function assemble(): readonly Snapshot[] | undefined {
    if (listed.size < WATCHED.length) return undefined
    const found = [...spaces]
      .filter(([, space]) => space.objects.rollouts.size > 0)
      .map(([within, space]) => readIn(within, space).snapshot)
    return found.includes(undefined) ? undefined : (found as Snapshot[])
  }

  /** The ConfigMaps a namespace names, and its snapshot where all of these are read. */
  function readIn(within: string, space: Space): NonNullable<Space['read']> {
    if (space.read !== undefined) return space.read
    const { rollouts, replicasets, services, endpointslices } = space.objects
    const objects = {
      rollouts: [...rollouts.values()],
      replicaSets: [...replicasets.values()],
      services: [...services.values()],
      endpointSlices: [...endpointslices.values()],
    }
    const names = objects.rollouts.length === 0 ? [] : configMapNames(objects)
    const known = new Map(
      names.flatMap((name) => {
        const config = configs.get(`${within}/${name}`)
        return config === undefined ? [] : [[name, config] as const]
      }),
    )
    space.read = {
      names,
      snapshot:
        known.size < names.length
          ? undefined
          : { namespace: within, ...objects, configs: known, unreadable: forbiddenIn(within, known) },
    }
    return space.read
  }
}

/** Without what makes up half of an object and is read of Services alone: who wrote which field. */
function lean(resource: Watched, object: unknown): unknown {
  if (resource === 'services') return object
  const { managedFields, ...metadata } = fields(at(object, 'metadata'))
  return managedFields === undefined ? object : { ...fields(object), metadata }
}

/** Which revisions users are on and wait: when these change, other settings may count. */
function revisionsOf(rollout: unknown): string {
  return JSON.stringify([at(rollout, 'status', 'stableRS'), at(rollout, 'status', 'currentPodHash')])
}

function isSame(one: Config, other: Config | undefined): boolean {
  if (typeof one === 'string' || typeof other !== 'object') return one === other
  return (
    one.edited === other.edited &&
    one.data.size === other.data.size &&
    [...one.data].every(([key, value]) => other.data.get(key) === value)
  )
}

function nameOf(object: unknown): string {
  return text(at(object, 'metadata', 'name')) ?? ''
}
