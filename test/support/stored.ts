import type { Snapshot } from '../../src/domain/group/snapshot.ts'
import type { KubeObject, ResourceName } from '../../src/sim/objects.ts'
import type { Store } from '../../src/sim/store.ts'

/**
 * Stores the objects of a snapshot in a namespace as they are, statuses included; owners are found again by their
 * names.
 */
export function fill(store: Store, snapshot: Snapshot, namespace = snapshot.namespace): void {
  const { rollouts, replicaSets, services, endpointSlices = [], configs } = snapshot
  const maps = [...configs].flatMap(([name, data]) =>
    typeof data === 'string' ? [] : [{ metadata: { name }, data: Object.fromEntries(data.data) }],
  )
  const all: readonly [ResourceName, readonly unknown[]][] = [
    ['rollouts', rollouts],
    ['replicasets', replicaSets],
    ['services', services],
    ['endpointslices', endpointSlices],
    ['configmaps', maps],
  ]
  for (const [resource, objects] of all) {
    for (const object of objects as KubeObject[]) {
      const ownerReferences = object.metadata.ownerReferences?.map((owner) => ({
        ...owner,
        uid: store.get('rollouts', namespace, owner.name)?.metadata.uid,
      }))
      const made = store.create(resource, namespace, {
        ...object,
        metadata: { ...object.metadata, ...(ownerReferences && { ownerReferences }) },
      })
      if (object.status !== undefined)
        store.put(resource, {
          ...made,
          metadata: { ...made.metadata, generation: object.metadata.generation ?? 1 },
          status: object.status,
        })
    }
  }
}
