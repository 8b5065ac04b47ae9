import { ApiFailure, RESOURCES, timestamp, type KubeObject, type ResourceName } from '../objects.ts'
import type { Controller, SimWorld, Write } from '../simulation.ts'
import type { Change } from '../selection.ts'
import type { Store } from '../store.ts'
import { Paces } from './pace.ts'

/**
 * One pass over an object: the writes it makes, one after the other; it returns when it wants to look again,
 * milliseconds since the epoch.
 */
export type Pass = Generator<Write, number | void, void>

export interface Reconciler {
  readonly resource: ResourceName
  /** The objects of the resource that a change concerns, as `namespace/name`, besides the changed one itself. */
  concerns(change: Change, store: Store): Iterable<string>
  reconcile(object: KubeObject, world: SimWorld): Pass
}

interface Running {
  readonly pass: Pass
  pending: Write | undefined
  failure: ApiFailure | undefined
}

/**
 * A controller with a work queue. A pass sees the world as it was when it began, as one that reads from caches does;
 * each of its writes is a state of its own that others see and may answer before the next. A write that is refused is
 * thrown into the pass. What a change concerns is looked at again, ever later where that never ends (client-go,
 * workqueue's exponential rate limiter); a pass that fails is told as an Event.
 */
export function reconciling({ resource, concerns, reconcile }: Reconciler): Controller {
  const queue = new Set<string>()
  const wakes = new Map<string, number>()
  const paces = new Paces()
  const passes = new Map<string, Running>()
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
  function advance(key: string, world: SimWorld): Write | undefined {
    const running = passes.get(key) ?? begin(key, world)
    if (running === undefined) return undefined
    if (running.pending === undefined) {
      const step = next(running)
      if ('failed' in step) {
        end(key, world, paces.afterFailure(key, world.now))
        return step.failed instanceof ApiFailure ? undefined : told(key, step.failed, world)
      }
      if (step.done === true) {
        end(key, world, step.value)
        return undefined
      }
      running.pending = {
        ...step.value,
        done: () => {
          running.pending = undefined
        },
        failed: (failure) => {
          Object.assign(running, { pending: undefined, failure })
        },
      }
    }
    return running.pending
  }

  function begin(key: string, world: SimWorld): Running | undefined {
    queue.delete(key)
    wakes.delete(key)
    const [namespace, name = ''] = key.split('/')
    const object = world.store.get(resource, namespace === '' ? undefined : namespace, name)
    if (object === undefined) {
      paces.forget(key)
      return undefined
    }
    const time = paces.begin(key, world.now)
    if (time > world.now) {
      wakes.set(key, time)
      return undefined
    }
    const running: Running = { pass: reconcile(object, world), pending: undefined, failure: undefined }
    passes.set(key, running)
    return running
  }

  function end(key: string, { now }: SimWorld, again: number | void): void {
    passes.delete(key)
    wakes.delete(key)
    if (typeof again === 'number' && Number.isFinite(again)) wakes.set(key, Math.max(again, now + 1))
  }

  function told(key: string, failure: unknown, { store, now }: SimWorld): Write | undefined {
    const [namespace = '', involved = ''] = key.split('/')
    const name = `${involved}.reconcile-error`
    if (namespace === '' || store.get('events', namespace, name) !== undefined) return undefined
    const [involvedObject, time] = [{ kind: RESOURCES[resource].kind, namespace, name: involved }, timestamp(now)]
    return {
      create: 'events',
      namespace,
      body: {
        metadata: { name },
        involvedObject,
        type: 'Warning',
        reason: 'ReconcileError',
        message: String(failure),
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
      },
    }
  }
}

/** A pass up to its next write, or to its end, however it ends. */
function next(running: Running): IteratorResult<Write, number | void> | { readonly failed: unknown } {
  const { pass, failure } = running
  running.failure = undefined
  try {
    return failure === undefined ? pass.next() : pass.throw(failure)
  } catch (failed) {
    return { failed }
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
