import { RESOURCES, type KubeObject, type ResourceName } from '../objects.ts'
import type { Controller, Write } from '../simulation.ts'
import type { Change } from '../selection.ts'
import type { Store } from '../store.ts'

const OWNED = (Object.keys(RESOURCES) as ResourceName[]).filter((each) => !each.startsWith('selfsubject'))

/** Kubernetes' garbage collector: what has owners goes when the last of them is gone. */
export function garbageCollector(): Controller {
  /** Objects whose owners may all be gone. */
  const suspects = new Map<
    string,
    { readonly resource: ResourceName; readonly namespace: string | undefined; readonly name: string }
  >()
  const living = new Set<string>()
  let watched: Store | undefined

  return ({ store, now }) => {
    if (watched !== store) watch(store)
    for (const [key, { resource, namespace, name }] of suspects) {
      const object = store.get(resource, namespace, name)
      if (object !== undefined && isOrphan(object)) return gone(resource, object, now)
      suspects.delete(key)
    }
    return undefined
  }

  function watch(store: Store): void {
    watched = store
    for (const resource of OWNED)
      for (const {
        metadata: { uid },
      } of store.all(resource))
        living.add(uid)
    for (const resource of OWNED) for (const object of store.all(resource)) suspect(resource, object)
    store.subscribe(({ type, resource, object }) =>
      type === 'DELETED' ? left(store, object) : came(type, resource, object),
    )
  }

  function came(type: Change['type'], resource: ResourceName, object: KubeObject): void {
    if (type === 'ADDED') living.add(object.metadata.uid)
    suspect(resource, object)
  }

  function left(store: Store, { metadata: { uid } }: KubeObject): void {
    living.delete(uid)
    for (const resource of OWNED)
      for (const object of store.all(resource))
        if (object.metadata.ownerReferences?.some((each) => each.uid === uid)) suspect(resource, object)
  }

  function suspect(resource: ResourceName, object: KubeObject): void {
    const { namespace, name } = object.metadata
    if (isOrphan(object)) suspects.set(`${resource}/${namespace}/${name}`, { resource, namespace, name })
  }

  function isOrphan({ metadata: { ownerReferences = [], deletionTimestamp } }: KubeObject): boolean {
    return (
      deletionTimestamp === undefined &&
      ownerReferences.length > 0 &&
      ownerReferences.every(({ uid }) => !living.has(uid))
    )
  }
}

/** An object's deletion: a pod is told to terminate, which its kubelet sees to. */
export function gone(resource: ResourceName, { metadata: { namespace = '', name } }: KubeObject, now: number): Write {
  return resource === 'pods'
    ? { patch: resource, namespace, name, body: { metadata: { deletionTimestamp: new Date(now).toISOString() } } }
    : { remove: resource, namespace, name }
}
