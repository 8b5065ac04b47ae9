import { podsEnough } from '../group/gate.ts'
import { whyNoPods } from '../objects/refusal.ts'
import { liveService } from '../objects/strategy.ts'
import type { GoalRule } from './goal-rule.ts'
import { done, overtaken, phaseWords, serving, waiting } from './progress.ts'

/** No pod is older than the restart, and all that are wanted are there. */
export const restarted: GoalRule<'restarted'> = {
  progress: ({ at, hash }, member, group, expect) => {
    const { live, next, status, strategy } = member
    const newer = overtaken(hash, member, expect)
    if (newer !== undefined) return newer
    if ((status.restartedAt ?? 0) < at) return waiting(phaseWords(member))
    const missing = live && serving(liveService(strategy), live.hash, member, group)
    if (missing !== undefined) return missing
    if (next === undefined || status.abort) return done
    const wanted = podsEnough(member, next)
    return next.available < wanted
      ? waiting(`${next.available} of ${wanted} pods of ${next.version.text} available${whyNoPods(member)}`)
      : done
  },
  isUnderWay: ({ until: { at } }, { restartAt }) => (restartAt ?? 0) >= at,
  stands: ({ until: { at } }, { status }) => (status.restartedAt ?? 0) >= at,
  words: {
    until: () => 'all its pods are new',
    done: ({ to }) => `all pods of ${to.version.text} are new`,
    undone: ({ member }) => `the restart of ${member} was taken back`,
  },
}
