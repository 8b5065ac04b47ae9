import type { Resource } from '../cluster/port.ts'
import { configMapNames } from '../domain/group/read-group.ts'
import type { Snapshot } from '../domain/group/snapshot.ts'
import type { Config } from '../domain/objects/config-map.ts'
import { at, fields, text } from '../domain/objects/fields.ts'
import { forbiddenIn, namespaceOf } from './discover.ts'

/** What a group is read from, ConfigMaps aside. */
export const WATCHED = ['rollouts', 'replicasets', 'services', 'endpointslices'] as const satisfies readonly Resource[]
export type WatchedResource = (typeof WATCHED)[number]

/** What is known of one namespace. */
interface Space {
  readonly objects: { readonly [resource in WatchedResource]: Map<string, unknown> }
  /** The same as lists, those that have changed since aside: a list stays the same while none of it changes. */
  readonly lists: { [resource in WatchedResource]?: readonly unknown[] | undefined }
  /** Of the ConfigMaps that its Rollouts and ReplicaSets name; undefined since one of these has changed. */
  names: readonly string[] | undefined
  /** What it comes to; undefined since its last change. */
  read: Read | undefined
}

/** The ConfigMaps that a namespace names, and its snapshot where all of these are read. */
export interface Read {
  readonly names: readonly string[]
  readonly snapshot: Snapshot | undefined
}

/** The watched objects, by namespace: what one namespace comes to stays the same until something in it changes. */
export class Spaces {
  readonly #spaces = new Map<string, Space>()
  readonly #configOf: (within: string, name: string) => Config | undefined
  readonly #frontsOf: (within: string) => NonNullable<Snapshot['fronts']>

  /**
   * @param configOf a ConfigMap of a namespace, where it is read
   * @param frontsOf what leads into a namespace
   */
  constructor(
    configOf: (within: string, name: string) => Config | undefined,
    frontsOf: (within: string) => NonNullable<Snapshot['fronts']>,
  ) {
    this.#configOf = configOf
    this.#frontsOf = frontsOf
  }

  /** An object as it was last told of. */
  known(resource: WatchedResource, object: unknown): unknown {
    return this.#spaces.get(namespaceOf(object))?.objects[resource].get(nameOf(object))
  }

  set(resource: WatchedResource, object: unknown): void {
    this.#changing(resource, object).objects[resource].set(nameOf(object), lean(resource, object))
  }

  delete(resource: WatchedResource, object: unknown): void {
    this.#changing(resource, object).objects[resource].delete(nameOf(object))
  }

  /** All there is of a resource. */
  replace(resource: WatchedResource, items: readonly unknown[]): void {
    for (const space of this.#spaces.values()) {
      space.objects[resource].clear()
      changing(space, resource)
    }
    for (const each of items) this.set(resource, each)
  }

  /** A ConfigMap of this namespace has changed. */
  outdate(within: string): void {
    this.#spaces.get(within)!.read = undefined
  }

  /** What each namespace comes to. */
  read(): (Read & { readonly within: string })[] {
    return [...this.#spaces].map(([within, space]) => ({ within, ...this.#readIn(within, space) }))
  }

  /** A snapshot of each namespace that has Rollouts; undefined while a ConfigMap is not read. */
  snapshots(): readonly Snapshot[] | undefined {
    const found = [...this.#spaces]
      .filter(([, space]) => space.objects.rollouts.size > 0)
      .map(([within, space]) => this.#readIn(within, space).snapshot)
    return found.includes(undefined) ? undefined : (found as Snapshot[])
  }

  /** The space of an object, which is about to change. */
  #changing(resource: WatchedResource, object: unknown): Space {
    const name = namespaceOf(object)
    const space = this.#spaces.get(name) ?? {
      objects: { rollouts: new Map(), replicasets: new Map(), services: new Map(), endpointslices: new Map() },
      lists: {},
      names: undefined,
      read: undefined,
    }
    this.#spaces.set(name, space)
    changing(space, resource)
    return space
  }

  #readIn(within: string, space: Space): Read {
    if (space.read !== undefined) return space.read
    const list = (resource: WatchedResource) => (space.lists[resource] ??= [...space.objects[resource].values()])
    const objects = {
      rollouts: list('rollouts'),
      replicaSets: list('replicasets'),
      services: list('services'),
      endpointSlices: list('endpointslices'),
    }
    const names = (space.names ??= objects.rollouts.length === 0 ? [] : configMapNames(objects))
    const configs = new Map(
      names.flatMap((name) => {
        const config = this.#configOf(within, name)
        return config === undefined ? [] : [[name, config] as const]
      }),
    )
    space.read = {
      names,
      snapshot:
        configs.size < names.length
          ? undefined
          : {
              namespace: within,
              ...objects,
              fronts: this.#frontsOf(within),
              configs,
              unreadable: forbiddenIn(within, configs),
            },
    }
    return space.read
  }
}

function changing(space: Space, resource: WatchedResource): void {
  space.lists[resource] = undefined
  if (resource === 'rollouts' || resource === 'replicasets') space.names = undefined
  space.read = undefined
}

/** Without what makes up half of an object and is read of Services alone: who wrote which field. */
function lean(resource: WatchedResource, object: unknown): unknown {
  if (resource === 'services') return object
  const { managedFields, ...metadata } = fields(at(object, 'metadata'))
  return managedFields === undefined ? object : { ...fields(object), metadata }
}

function nameOf(object: unknown): string {
  return text(at(object, 'metadata', 'name')) ?? ''
}
