import { type Group, readGroup } from '../domain/group/read-group.ts'
import { discover } from '../watch/discover.ts'
import type { RunContext } from './context.ts'
import { type Bounds, cutting } from './waiting.ts'

/** Reads the group afresh from the API server, terminating pods included. @throws ClusterError, TimedOut */
export async function readNow(context: RunContext, bounds: Bounds): Promise<Group> {
  try {
    const how = { pods: true, fronts: true }
    const snapshot = await discover(context.cluster, context.scope, cutting(context, bounds), how)
    return readGroup(snapshot, context.group, context.mode)
  } catch (error) {
    bounds.overdue.throwIfAborted()
    throw error
  }
}
