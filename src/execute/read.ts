import { type Group, readGroup } from '../domain/group/read-group.ts'
import { discover, frontsOf } from '../watch/discover.ts'
import type { RunContext } from './context.ts'
import { type Bounds, cutting } from './waiting.ts'

/** Reads the group afresh from the API server, terminating pods included. @throws ClusterError, TimedOut */
export async function readNow(context: RunContext, bounds: Bounds): Promise<Group> {
  try {
    const [snapshot, fronts] = await Promise.all([
      discover(context.cluster, context.scope, cutting(context, bounds), { pods: true }),
      frontsOf(context.cluster, context.scope, cutting(context, bounds)),
    ])
    return readGroup({ ...snapshot, fronts }, context.group, context.mode)
  } catch (error) {
    bounds.overdue.throwIfAborted()
    throw error
  }
}
