import { podsEnough } from '../group/gate.ts'
import type { Member } from '../group/member.ts'
import { isUnseen } from '../objects/phase.ts'
import { whyNoPods } from '../objects/refusal.ts'
import type { GoalOf, GoalRule } from './goal-rule.ts'
import { done, waiting } from './progress.ts'

/** The controller has seen that the member is paused by hand, or is not any more. */
export const paused: GoalRule<'paused'> = {
  progress: (goal, member) => {
    if (member.paused !== goal.paused || isUnseen(member))
      return waiting(`waiting for the controller to see that it is ${goal.paused ? '' : 'not '}paused`)
    const { next, status } = member
    const wanted = goal.paused || next === undefined || status.abort ? 0 : podsEnough(member, next)
    return next === undefined || next.available >= wanted
      ? done
      : waiting(`${next.available} of ${wanted} pods of ${next.version.text} available${whyNoPods(member)}`)
  },
  isUnderWay: ({ until }, member) => member.paused === until.paused,
  stands: ({ until }, member) => member.paused === until.paused,
  words: {
    until: ({ until }) => `the controller has seen that it is ${until.paused ? '' : 'not '}paused`,
    done: ({ until }) => (until.paused ? 'paused by hand' : 'not paused by hand any more'),
    undone: ({ member, until }) => `${member} was ${until.paused ? 'un-paused' : 'paused'} by hand since`,
  },
}

/** The goal of what sets `spec.paused`, or takes it back. */
export function isPausing(value: boolean): (member: Member) => GoalOf<'paused'> {
  return ({ live, next, replicas }) => ({
    kind: 'paused',
    paused: value,
    hash: (next ?? live)?.hash ?? '',
    replicas,
  })
}
