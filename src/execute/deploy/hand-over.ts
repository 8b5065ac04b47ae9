import { ClusterError } from '../../cluster/port.ts'
import { handedOver } from '../../domain/deploy/owners.ts'
import { readGroup } from '../../domain/group/read-group.ts'
import type { GroupStore } from '../../watch/current-store.ts'
import { type RunContext, tell } from '../context.ts'
import { type Bounds, cutting } from '../waiting.ts'

/**
 * Gives the Services of releases that are over to their ReplicaSets, with which they go. Best effort: one that cannot
 * be given stays, and strikes nobody; the next run tries again.
 */
export async function handOver(context: RunContext, store: GroupStore, bounds: Bounds): Promise<void> {
  const snapshot = store.getSnapshot()
  if (snapshot === undefined) return
  const { namespace } = context.scope
  for (const { service, resourceVersion, owner } of handedOver(readGroup(snapshot, context.group, context.mode))) {
    try {
      await context.cluster.patch(
        'services',
        { namespace, name: service },
        [
          { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
          { op: 'add', path: '/metadata/ownerReferences', value: [owner] },
        ],
        { once: true, signal: cutting(context, bounds) },
      )
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      tell(context, {
        type: 'warning',
        sentence: `Service ${service} stays, although its release is over: ${error.message}`,
      })
    }
  }
}
