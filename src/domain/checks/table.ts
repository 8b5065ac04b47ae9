import { bySeverity, type Finding } from '../findings/finding.ts'
import type { Verb } from '../intent.ts'
import type { CheckContext } from './context.ts'
import { liveWiredToNext } from './live-wired-to-next.ts'
import { halfOrLeak, leftOut, shape, versionMismatch } from './release.ts'
import { gitops, stale, standing } from './status.ts'
import { autoPromotion } from './auto-promotion.ts'
import {
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
import { edges, nextWiredToLive, wiredToBoth, wireFollowsRole } from './wiring.ts'

/** A check, the verbs it speaks to, and whether it follows from the specs alone, so that it is told at rest. */
interface CheckRow {
  readonly check: (context: CheckContext) => Finding[]
  readonly verbs: readonly Verb[]
  readonly atRest?: true
}

/** Every check: what forbids going forward need not forbid going back. */
const CHECKS: readonly CheckRow[] = [
  { check: services, verbs: ['promote-all', 'abort-all'] },
  { check: stale, verbs: ['promote-all', 'abort-all'] },
  { check: standing, verbs: ['promote-all'] },
  { check: shape, verbs: ['promote-all', 'abort-all'] },
  { check: edges, verbs: ['promote-all', 'abort-all'], atRest: true },
  { check: unconnected, verbs: ['promote-all', 'abort-all'], atRest: true },
  { check: outsideGroup, verbs: ['promote-all', 'abort-all'] },
  { check: nextWiredToLive, verbs: ['promote-all'] },
  { check: wireFollowsRole, verbs: ['promote-all'] },
  { check: wiredToBoth, verbs: ['promote-all'], atRest: true },
  { check: versionMismatch, verbs: ['promote-all'] },
  { check: halfOrLeak, verbs: ['promote-all', 'abort-all'] },
  { check: leftOut, verbs: ['promote-all'] },
  { check: autoPromotion, verbs: ['promote-all'], atRest: true },
  { check: smallPreview, verbs: ['promote-all'], atRest: true },
  { check: stableGap, verbs: ['promote-all'], atRest: true },
  { check: unequalSteps, verbs: ['promote-all'], atRest: true },
  { check: canaryCapacity, verbs: ['promote-all'], atRest: true },
  { check: postPromotionAnalysis, verbs: ['promote-all'], atRest: true },
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

/** What the next release of a group at rest would meet, as far as the specs alone say it. */
export function foreseenIn(context: CheckContext): Finding[] {
  return CHECKS.filter((each) => each.atRest).flatMap((each) => each.check(context))
}
