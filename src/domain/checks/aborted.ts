import { up } from '../actions/transition.ts'
import type { Finding } from '../findings/finding.ts'
import { called, type Member } from '../group/member.ts'
import { phaseOf } from '../objects/phase.ts'
import { gates } from '../objects/strategy.ts'
import { behind } from '../trace/doors.ts'
import { violations } from '../trace/violations.ts'
import { type CheckContext, isWaiting } from './context.ts'
import { kubectl, listed, say } from './say.ts'

/**
 * Members whose next revision was aborted. Where nobody waits for them, the release is withdrawn, and nothing is amiss.
 */
export function aborted(context: CheckContext): Finding[] {
  const found = context.changing.filter((each) => each.stale === undefined && !each.paused && each.status.abort)
  const [first] = found
  if (first === undefined) return []
  const alone = found.length === 1 && mayRetry(context, first)
  return [
    say(
      context,
      'aborted',
      {
        members: found.map((each) => each.name),
        sentence: wereAborted(found),
        remedy: alone
          ? [
              'deploy a new version, or try this one again: ',
              kubectl(context, 'argo', 'rollouts', 'retry', 'rollout', first.name),
            ]
          : 'deploy a new version of the group; a retry of one member alone could bring users to two versions',
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

/**
 * Whether one member may be tried again by itself: nobody else changes, it stops at its gate, and nobody who is on the
 * aborted revision again would meet two versions. The controller goes live without a gate where
 * `scaleUpPreviewCheckPoint` is set or the active Service is on the aborted revision already (seen on 1.10.1).
 */
function mayRetry({ group, scene }: CheckContext, member: Member): boolean {
  const { live, next, strategy, status } = member
  if (
    live === undefined ||
    next === undefined ||
    group.members.some((each) => each !== member && each.next !== undefined)
  )
    return false
  const gateless =
    strategy.kind === 'BlueGreen'
      ? strategy.autoPromotion ||
        status.scaleUpPreviewCheckPoint ||
        behind(group, member, strategy.activeService).some((each) => each.id === next.id)
      : gates(strategy).length === 0
  const users = strategy.kind === 'Canary' ? [next.id] : []
  const again = scene.state
    .get(member.name)!
    .map((each) => ({ ...up(member, each, next), carrying: new Set([...each.carrying, ...users]) }))
  return !gateless && violations({ ...scene, state: new Map([...scene.state, [member.name, again]]) }).length === 0
}
