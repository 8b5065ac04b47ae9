import type { Finding } from '../findings/finding.ts'
import { called, type Member } from '../group/member.ts'
import { phaseOf } from '../objects/phase.ts'
import { type CheckContext, isWaiting } from './context.ts'
import { listed, say } from './say.ts'

/**
 * Members whose next revision was aborted. Where nobody waits for them, the release is withdrawn, and nothing is amiss.
 */
export function aborted(context: CheckContext): Finding[] {
  const found = context.changing.filter((each) => each.stale === undefined && !each.paused && each.status.abort)
  if (found.length === 0) return []
  return [
    say(
      context,
      'aborted',
      {
        members: found.map((each) => each.name),
        sentence: wereAborted(found),
        remedy: 'deploy a new version of the group',
      },
      context.group.members.some(isWaiting) ? 'error' : 'warning',
    ),
  ]
}

/** `web 2.0 and api 2.0 were aborted: Degraded, RolloutAborted: …`; each with its own reason where these differ. */
function wereAborted(found: readonly Member[]): string {
  const reasons = Map.groupBy(found, (member) => {
    const { name, message } = phaseOf(member)
    // The number of the revision is each member's own.
    return (message === '' ? name : `${name}, ${message}`).replace(/ to revision \d+$/, '')
  })
  return [...reasons]
    .map(([reason, members]) => {
      const names = listed(members.map((each) => called(each.next!)))
      return `${names} ${members.length === 1 ? 'was' : 'were'} aborted: ${reason}`
    })
    .join('; ')
}
