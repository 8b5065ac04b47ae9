import { readGroup, type Group } from '../domain/group.ts'
import { discover } from '../live/discover.ts'
import type { RunContext } from './context.ts'

/** Reads the group afresh from the API server, terminating pods included. @throws ClusterError */
export async function readNow(context: RunContext): Promise<Group> {
  return readGroup(await discover(context.cluster, context.scope, context.stopped, true), context.group, context.mode)
}
