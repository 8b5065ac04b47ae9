import type { KubeObject, ResourceName } from '../objects.ts'
import type { Controller, World, Write } from '../simulation.ts'
import type { Change, Store } from '../store.ts'

/**
 * One pass over an object: the writes it makes, one after the other; it returns when it wants to look again,
 * milliseconds since the epoch.
 */
export type Pass = Generator<Write, number | void, void>

export interface Reconciler {
  readonly resource: ResourceName
  /** The objects of the resource that a change concerns, as `namespace/name`, besides the changed one itself. */
  concerns(change: Change, store: Store): Iterable<string>
  reconcile(object: KubeObject, world: World): Pass
}

/**
 * A controller with a work queue. A pass sees the world as it was when it began, as one that reads from caches does;
 * each of its writes is a state of its own that others see and may answer before the next. What a change concerns is
 * looked at again.
 */
export function reconciling({ resource, concerns, reconcile }: Reconciler): Controller {
  const queue = new Set<string>()
  const wakes = new Map<string, number>()
  const passes = new Map<string, { readonly pass: Pass; pending: Write | undefined }>()
  let watched: Store | undefined

  return (world) => {
    if (watched !== world.store) watch(world.store)
    for (const [key, time] of wakes) {
      if (time > world.now) continue
      wakes.delete(key)
      queue.add(key)
    }
    for (let keys = busy(); keys.length > 0; keys = busy()) {
      const write = advance(keys[world.choose(keys.length)]!, world)
      if (write !== undefined) return write
    }
    return wakes.size === 0 ? undefined : { wakeAt: Math.min(...wakes.values()) }
  }

  function watch(store: Store): void {
    watched = store
    for (const { metadata } of store.all(resource)) queue.add(keyOf(metadata))
    store.subscribe((change) => {
      if (change.resource === resource) queue.add(keyOf(change.object.metadata))
      for (const key of concerns(change, store)) queue.add(key)
    })
  }

  function busy(): string[] {
    return [...passes.keys(), ...[...queue].filter((key) => !passes.has(key))]
  }

  /** The write that this object's pass wants to make now; undefined where the pass is over. */
  function advance(key: string, world: World): Write | undefined {
    const running = passes.get(key) ?? begin(key, world)
    if (running === undefined) return undefined
    if (running.pending === undefined) {
      const step = running.pass.next()
      if (step.done === true) {
        passes.delete(key)
        wakes.delete(key)
        if (typeof step.value === 'number') wakes.set(key, step.value)
        return undefined
      }
      running.pending = {
        ...step.value,
        done: () => {
          running.pending = undefined
        },
      }
    }
    return running.pending
  }

  function begin(key: string, world: World) {
    queue.delete(key)
    wakes.delete(key)
    const [namespace, name = ''] = key.split('/')
    const object = world.store.get(resource, namespace, name)
    if (object === undefined) return undefined
    const running: { readonly pass: Pass; pending: Write | undefined } = {
      pass: reconcile(object, world),
      pending: undefined,
    }
    passes.set(key, running)
    return running
  }
}

export function keyOf({ namespace = '', name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace}/${name}`
}

/** The key of an object's controller, where it is of this kind. */
export function controllerOf(object: KubeObject, kind: string): string[] {
  const owner = object.metadata.ownerReferences?.find((each) => each.controller === true && each.kind === kind)
  return owner === undefined
    ? []
    : [
        keyOf({
          ...(object.metadata.namespace !== undefined && { namespace: object.metadata.namespace }),
          name: owner.name,
        }),
      ]
}

/** The objects of a resource that an object controls, in the order of their creation. */
export function ownedBy(store: Store, resource: ResourceName, owner: KubeObject): KubeObject[] {
  const { uid, namespace } = owner.metadata
  return [...store.all(resource)].filter(
    ({ metadata }) =>
      metadata.namespace === namespace &&
      metadata.ownerReferences?.some((each) => each.controller === true && each.uid === uid),
  )
}
