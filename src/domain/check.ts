import { coloursOf, isChanging } from './colour.ts'
import type { CheckContext } from './checks/context.ts'
import { halfOrLeak, leftOut, shape, versionMismatch } from './checks/release.ts'
import { gitops, stale, standing } from './checks/status.ts'
import { autoPromotion, canaryCapacity, postPromotionAnalysis, promoteFull, services, smallPreview, stableGap, unequalSteps } from './checks/strategy.ts'
import { traffic } from './checks/traffic.ts'
import { outsideGroup, unconnected } from './checks/unknown.ts'
import { unsureConfig } from './checks/unsure.ts'
import { edges, liveWiredToNext, nextWiredToLive, wiredToBoth, wireFollowsRole } from './checks/wiring.ts'
import { bySeverity, type Finding } from './findings.ts'
import { graphOf } from './graph.ts'
import type { Group } from './group.ts'
import type { PlanOptions, Verb } from './plan.ts'
import { stateOf } from './state.ts'

/** Every check and the verbs it speaks to: what forbids going forward need not forbid going back. */
const CHECKS: readonly { readonly check: (context: CheckContext) => Finding[]; readonly verbs: readonly Verb[] }[] = [
  { check: services, verbs: ['promote-all', 'abort-all'] },
  { check: stale, verbs: ['promote-all', 'abort-all'] },
  { check: standing, verbs: ['promote-all'] },
  { check: shape, verbs: ['promote-all', 'abort-all'] },
  { check: edges, verbs: ['promote-all', 'abort-all'] },
  { check: unconnected, verbs: ['promote-all', 'abort-all'] },
  { check: outsideGroup, verbs: ['promote-all', 'abort-all'] },
  { check: nextWiredToLive, verbs: ['promote-all'] },
  { check: wireFollowsRole, verbs: ['promote-all'] },
  { check: wiredToBoth, verbs: ['promote-all'] },
  { check: versionMismatch, verbs: ['promote-all'] },
  { check: halfOrLeak, verbs: ['promote-all', 'abort-all'] },
  { check: leftOut, verbs: ['promote-all'] },
  { check: autoPromotion, verbs: ['promote-all'] },
  { check: smallPreview, verbs: ['promote-all'] },
  { check: stableGap, verbs: ['promote-all'] },
  { check: unequalSteps, verbs: ['promote-all'] },
  { check: canaryCapacity, verbs: ['promote-all'] },
  { check: postPromotionAnalysis, verbs: ['promote-all'] },
  { check: promoteFull, verbs: ['promote-all'] },
  { check: traffic, verbs: ['promote-all', 'abort-all'] },
  { check: liveWiredToNext, verbs: ['promote-all', 'abort-all'] },
  { check: unsureConfig, verbs: ['promote-all', 'abort-all'] },
  { check: gitops, verbs: ['promote-all', 'abort-all'] },
]

/** Everything the checks of a verb look at. */
export function contextOf(group: Group, verb: Verb, options: PlanOptions): CheckContext {
  const graph = graphOf(group)
  const colours = coloursOf(group, options.assume)
  const scene = { group, entries: graph.entries, colours, state: stateOf(group) }
  const changing = group.members.filter((each) => isChanging(each) && (options.only === undefined || options.only.includes(each.name)))
  return { group, graph, colours, scene, verb, options, changing }
}

/** What the checks of a verb find, errors first; what the proof of a plan finds is not among it. */
export function findingsOf(context: CheckContext): Finding[] {
  const found = CHECKS.filter((each) => each.verbs.includes(context.verb)).flatMap((each) => each.check(context))
  return bySeverity([...context.group.problems, ...found])
}
