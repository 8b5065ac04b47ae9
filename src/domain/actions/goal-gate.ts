import { gateOf } from '../group/gate.ts'
import type { GoalRule } from './goal-rule.ts'
import { cameBack, done, goneForward, phaseWords, waiting } from './progress.ts'

/** A canary stands at its next gate, with the pods of its weight. */
export const gate: GoalRule<'gate'> = {
  progress: (goal, member, _, expect) => {
    const { status } = member
    const gone = goneForward(goal.hash, member)
    if (gone !== undefined) return gone
    const index = status.stepIndex ?? 0
    if (index > goal.stepIndex || status.stableRS === goal.hash) return done
    if (index < goal.stepIndex) return cameBack(member, expect) ?? waiting(phaseWords(member))
    const here = gateOf(member)
    return here.state === 'ready' ? done : waiting(here.waitingFor)
  },
  isUnderWay: () => false,
  stands: ({ until: { hash, stepIndex } }, { status }) =>
    status.stableRS === hash ||
    (status.currentPodHash === hash && !status.abort && (status.stepIndex ?? 0) >= stepIndex),
  words: {
    until: ({ until: { replicas }, to }) =>
      `it stands at its next gate with ${replicas} pod${replicas === 1 ? '' : 's'} of ${to.version.text}`,
    done: ({ to }) => `${to.version.text} at its next gate`,
    undone: ({ member, to }) => `${member} ${to.version.text} is not at the gate any more that it was promoted to`,
  },
}
