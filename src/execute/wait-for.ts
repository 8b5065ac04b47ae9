import { nearnessOf, type Awaited, type Nearness } from '../domain/awaited.ts'
import type { Group } from '../domain/group.ts'
import { openGroupStore } from '../live/group-store.ts'
import { Interrupted, tell, TimedOut, type RunContext } from './context.ts'
import { GroupNotFound } from './run.ts'
import { boundsOf, tellWaiting, until } from './waiting.ts'

/** What a wait came to. */
export interface Waited {
  /** As it was seen last; undefined where it was not. */
  readonly group: Group | undefined
  readonly nearness: Nearness
  /** What ended it before it came. */
  readonly ended: 'timed-out' | 'interrupted' | undefined
}

/** What a wait is given. */
export type WaitContext = Pick<RunContext, 'cluster' | 'scope' | 'group' | 'mode' | 'timeoutMs' | 'clock' | 'emit' | 'stopping'>

/**
 * Watches a group until it is what is waited for, or cannot be any more; tells what is not so yet whenever that is another. While the
 * connection is lost nothing is believed.
 * @throws GroupNotFound; ClusterError where a watch cannot go on
 */
export async function waitFor(context: WaitContext, awaited: Awaited): Promise<Waited> {
  using bounds = boundsOf(context, context.timeoutMs)
  const over = new AbortController()
  const store = openGroupStore(context.cluster, context.scope, over.signal)
  const say = tellWaiting(context)
  let group: Group | undefined
  let nearness: Nearness = { state: 'not-yet', why: 'it was not read' }
  let lost = false
  try {
    await until(context, store, bounds, (seen) => {
      const connection = store.connection()
      if (lost !== (connection.state === 'disconnected')) tell(context, connection.state === 'disconnected' ? { type: 'disconnected', reason: connection.reason } : { type: 'connected' })
      lost = connection.state === 'disconnected'
      if (lost) return undefined
      if (seen.members.length === 0 && seen.problems.length === 0) throw new GroupNotFound()
      group = seen
      nearness = nearnessOf(seen, awaited)
      if (nearness.state !== 'not-yet') return true
      say(nearness.why)
      return undefined
    })
    return { group, nearness, ended: undefined }
  } catch (error) {
    if (error instanceof TimedOut) return { group, nearness, ended: 'timed-out' }
    if (error instanceof Interrupted) return { group, nearness, ended: 'interrupted' }
    throw error
  } finally {
    over.abort()
  }
}
