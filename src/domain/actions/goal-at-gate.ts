import { gateOf } from '../group/gate.ts'
import { nextService } from '../objects/strategy.ts'
import type { GoalRule } from './goal-rule.ts'
import { done, goneForward, serving, waiting } from './progress.ts'

/** A revision that was aborted stands at its first gate again, with all its pods. */
export const atGate: GoalRule<'at-gate'> = {
  progress: ({ hash, stepIndex, replicas }, member, group) => {
    const { status, strategy } = member
    const gone = goneForward(hash, member)
    if (gone !== undefined) return gone
    if (status.stableRS === hash || (status.stepIndex ?? 0) > stepIndex)
      return {
        state: 'changed',
        why: `${member.name} has left its gate: somebody promoted it, or it did not stop there`,
      }
    const gate = gateOf(member)
    if (gate.state !== 'ready') return waiting(gate.waitingFor)
    return serving(replicas === 0 ? undefined : nextService(strategy), hash, member, group) ?? done
  },
  isUnderWay: ({ until: { hash }, expect }, { status }) =>
    expect.abort === true && !status.abort && status.currentPodHash === hash,
  stands: ({ until: { hash } }, { status }) =>
    status.stableRS === hash || (status.currentPodHash === hash && !status.abort),
  words: {
    until: ({ until: { replicas }, to }) =>
      `it stands at its gate with ${replicas} pod${replicas === 1 ? '' : 's'} of ${to.version.text}`,
    done: ({ to }) => `${to.version.text} at its gate again`,
    undone: ({ member, to }) => `${member} ${to.version.text} was retried, and does not wait any more`,
  },
}
