import { bySeverity, type Finding } from '../findings/finding.ts'
import type { Verb } from '../intent.ts'
import type { CheckContext } from './context.ts'
import { halfOrLeak, leftOut, shape, versionMismatch } from './release.ts'
import { gitops, stale, standing } from './status.ts'
import {
  autoPromotion,
  canaryCapacity,
  postPromotionAnalysis,
  promoteFull,
  services,
  smallPreview,
  stableGap,
  unequalSteps,
} from './strategy.ts'
import { traffic } from './traffic.ts'
import { outsideGroup, unconnected } from './unknown.ts'
import { unsureConfig } from './unsure.ts'
import { edges, liveWiredToNext, nextWiredToLive, wiredToBoth, wireFollowsRole } from './wiring.ts'

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

/** What the checks of a verb find, errors first; what the proof of a plan finds is not among it. */
export function findingsOf(context: CheckContext): Finding[] {
  const found = CHECKS.filter((each) => each.verbs.includes(context.verb)).flatMap((each) => each.check(context))
  return bySeverity([...context.group.problems, ...found])
}
