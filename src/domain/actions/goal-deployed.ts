import { gateOf } from '../group/gate.ts'
import type { Member } from '../group/member.ts'
import { isRefused } from '../objects/refusal.ts'
import { stableTemplate } from '../objects/stable-template.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import { templateDigest } from '../objects/template-digest.ts'
import type { GoalRule } from './goal-rule.ts'
import { done, phaseWords, serving, waiting } from './progress.ts'

/** What a person's files say is there: the new revision stands at its gate, the first one of all is live. */
export const deployed: GoalRule<'deployed'> = {
  progress: ({ template }, member, group, expect) => {
    const { name, status, strategy, next, live } = member
    if (member.stale !== undefined) return waiting(member.stale)
    if (digestOf(member) !== template)
      return expect === undefined || status.currentPodHash === (expect.currentPodHash || undefined)
        ? waiting(`waiting for ${name} to have the pod template that was applied`)
        : {
            state: 'changed',
            why:
              `the pod template of ${name} is not the one that was proved: ` +
              'somebody else, or a webhook of the cluster, has changed it',
          }
    if (status.abort && next !== undefined)
      return { state: 'failed', why: `${name} was aborted: ${phaseWords(member)}` }
    if (next === undefined) return (live && serving(liveService(strategy), live.hash, member, group)) ?? done
    const gate = gateOf(member)
    if (gate.state !== 'ready') return waiting(gate.waitingFor)
    return serving(next.desired === 0 ? undefined : nextService(strategy), next.hash, member, group) ?? done
  },
  isUnderWay: ({ until: { template } }, member) =>
    !member.status.abort && !isRefused(member) && digestOf(member) === template,
  stands: ({ until: { template } }, member) =>
    digestOf(member) === template && !(member.status.abort && member.next !== undefined),
  words: {
    until: ({ until: { replicas, gate }, to }) =>
      gate === undefined
        ? replicas === 1
          ? `the pod of ${to.version.text} is ready`
          : `all ${replicas} pods of ${to.version.text} are ready`
        : `it stands at its first gate with ${replicas} pod${replicas === 1 ? '' : 's'} of ${to.version.text}`,
    done: ({ to }) => `${to.version.text} is there, with all its pods`,
    undone: ({ member, to }) => `${member} ${to.version.text} was deployed, and is not what waits any more`,
  },
}

/** The pod template of a member's newest revision, as its Rollout or its workload has it. */
export function templateOf({ workloadRef, template, status, revisions, strategy }: Member): unknown {
  if (workloadRef === undefined) return template
  const current = revisions.find((each) => each.hash === status.currentPodHash)
  return current && stableTemplate(current, strategy)
}

function digestOf(member: Member): string | undefined {
  const template = templateOf(member)
  return template === undefined ? undefined : templateDigest(template)
}
