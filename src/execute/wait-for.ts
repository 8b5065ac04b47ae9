import { ClusterError } from '../cluster/port.ts'
import { type Awaited, type Nearness, nearnessOf } from '../domain/run/wait-goals.ts'
import { isChanging } from '../domain/group/member.ts'
import type { Group } from '../domain/group/read-group.ts'
import { discover } from '../watch/discover.ts'
import { openGroupStore } from '../watch/group-store.ts'
import { Interrupted, type RunContext, tell, TimedOut } from './context.ts'
import { GroupNotFound, mustKnow } from './not-found.ts'
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
export interface WaitContext
  extends Pick<RunContext, 'cluster' | 'scope' | 'group' | 'mode' | 'timeoutMs' | 'clock' | 'emit' | 'stopping'> {
  /** The members that are waited for; absent: all. */
  readonly only?: readonly string[] | undefined
}

/**
 * Reads a group, so that what cannot be reached or is not there is known at once, and watches it until it is what is
 * waited for, or cannot be any more; tells what is not so yet whenever that is another. While the connection is lost
 * nothing is believed.
 * @throws GroupNotFound, MemberNotFound; ClusterError where it cannot be read or watched
 */
export async function waitFor(context: WaitContext, awaited: Awaited): Promise<Waited> {
  using bounds = boundsOf(context, context.timeoutMs)
  const over = new AbortController()
  const store = openGroupStore(context.cluster, context.scope, over.signal)
  const say = tellWaiting(context)
  let group: Group | undefined
  let nearness: Nearness = { state: 'not-yet', why: 'it was not read' }
  let waited = false
  let lost: string | undefined
  const ended = (how: 'timed-out' | 'interrupted'): Waited => ({
    group,
    nearness: lost === undefined ? nearness : { state: 'not-yet', why: `the connection is lost: ${lost}` },
    ended: how,
  })
  try {
    if ((await discover(context.cluster, context.scope, bounds.signal)).rollouts.length === 0) throw new GroupNotFound()
    await until(context, store, bounds, (seen) => {
      const connection = store.connection()
      const now = connection.state === 'disconnected' ? connection.reason : undefined
      if ((lost === undefined) !== (now === undefined))
        tell(context, now === undefined ? { type: 'connected' } : { type: 'disconnected', reason: now })
      lost = now
      if (lost !== undefined) return undefined
      if (seen.members.length === 0 && seen.problems.length === 0) throw new GroupNotFound()
      group = seen
      const asked = part(seen, context.only)
      nearness = nearnessOf(asked, awaited, waited)
      waited ||= asked.members.some(isChanging)
      if (nearness.state !== 'not-yet') return true
      say(nearness.why)
      return undefined
    })
    return { group, nearness, ended: undefined }
  } catch (error) {
    const why: unknown = error instanceof ClusterError && error.reason === 'Aborted' ? bounds.signal.reason : error
    if (why instanceof TimedOut) return ended('timed-out')
    if (why instanceof Interrupted) return ended('interrupted')
    throw why
  } finally {
    over.abort()
  }
}

/** A group as far as it is waited for. @throws MemberNotFound */
function part(group: Group, only: readonly string[] | undefined): Group {
  if (only === undefined) return group
  mustKnow(only, { group })
  return { ...group, members: group.members.filter((each) => only.includes(each.name)) }
}
