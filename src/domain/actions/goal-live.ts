import type { Member } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { analysisWords, resultOf } from '../objects/analysis.ts'
import type { GoalOf, GoalRule } from './goal-rule.ts'
import { cameBack, done, goneForward, phaseWords, type Progress, serving, waiting } from './progress.ts'

/** Users are on the next revision, and it is the stable one. */
export const live: GoalRule<'live'> = {
  progress: (goal, member, group, expect) =>
    goneForward(goal.hash, member) ??
    switched(goal, member, group) ??
    cameBack(member, expect) ??
    waiting(phaseWords(member)),
  isUnderWay: () => false,
  stands: ({ until: { hash } }, { status }) => status.stableRS === hash && status.currentPodHash === hash,
  words: {
    until: ({ until: { service }, to, member }) =>
      service === undefined ? `all pods of ${member} are ${to.version.text}` : `${service} serves ${to.version.text}`,
    done: ({ to }) => `users on ${to.version.text}`,
    undone: ({ member, to }) => `${member} was promoted to ${to.version.text}, and is not on it any more`,
  },
}

/** What is seen once users were switched over; undefined before. */
function switched(goal: GoalOf<'live'>, member: Member, group: Group): Progress | undefined {
  const service = goal.service === undefined ? undefined : group.services.get(goal.service)
  const isThere = service === undefined || service.hash === goal.hash
  if (!isThere) return undefined
  const missing = serving(goal.service, goal.hash, member, group)
  if (missing !== undefined) return missing
  if (member.status.stableRS === goal.hash) return unfinished(member) ?? done
  const analysis = member.status.postPromotion
  const result = analysis === undefined ? 'passed' : resultOf(analysis)
  if (result !== 'passed') {
    const words = `post-promotion analysis ${analysisWords(analysis!)}`
    return result === 'open' ? waiting(words) : { state: 'failed', why: words }
  }
  return service === undefined ? undefined : waiting('waiting for the controller to make it stable')
}

/** An un-routed canary's users are all on the new revision only when the old pods are gone. */
function unfinished(member: Member): Progress | undefined {
  const { strategy } = member
  if (strategy.kind !== 'Canary' || strategy.routed) return undefined
  const left = member.revisions
    .filter((each) => each.role !== 'live' && each.pods > 0)
    .reduce((sum, each) => sum + each.pods, 0)
  return left === 0 ? undefined : waiting(`waiting for ${left} old pod${left === 1 ? '' : 's'} to go`)
}
