import { bySeverity, type Finding } from '../findings/finding.ts'
import type { CheckContext } from './context.ts'
import { declaredDiffers } from './declared.ts'
import { goesLiveAtOnce } from './earlier-revision.ts'
import { liveWiredToNext } from './live-wired-to-next.ts'
import { mayAbortItself } from './may-abort-itself.ts'
import { halfOrLeak, leftOut, shape, versionMismatch } from './release.ts'
import { serviceSemantics } from './service-semantics.ts'
import { degraded, gitops, invalidSpec, stale, standing } from './status.ts'
import { aborted } from './aborted.ts'
import { autoPromotion } from './auto-promotion.ts'
import { canaryCapacity, postPromotionAnalysis, promoteFull, services, smallPreview, unequalSteps } from './strategy.ts'
import { stableGap } from './stable-gap.ts'
import { traffic } from './traffic.ts'
import { beyondWeights, unknownFields } from './unknown-field.ts'
import { outsideGroup, unconnected } from './unknown.ts'
import { unsureConfig } from './unsure.ts'
import { constantSources, editedTemplates, settingsChange, versionsDiffer } from './versions.ts'
import { edges, nextWiredToLive, wiredToBoth, wireFollowsRole } from './wiring.ts'

/** A check, the ways it speaks to, and whether it follows from the specs alone, so that it is told at rest. */
interface CheckRow {
  readonly check: (context: CheckContext) => Finding[]
  readonly ways: readonly CheckContext['towards'][]
  readonly atRest?: true
}

/** Every check: what forbids going forward need not forbid going back. */
const CHECKS: readonly CheckRow[] = [
  { check: versionsDiffer, ways: ['next', 'stable'] },
  { check: services, ways: ['next', 'stable'] },
  { check: stale, ways: ['next', 'stable'] },
  { check: invalidSpec, ways: ['next', 'stable'] },
  { check: standing, ways: ['next'] },
  { check: aborted, ways: ['next'] },
  { check: degraded, ways: ['next'] },
  { check: shape, ways: ['next', 'stable'] },
  { check: edges, ways: ['next', 'stable'], atRest: true },
  { check: declaredDiffers, ways: ['next', 'stable'] },
  { check: unconnected, ways: ['next', 'stable'], atRest: true },
  { check: outsideGroup, ways: ['next', 'stable'] },
  { check: nextWiredToLive, ways: ['next'] },
  { check: wireFollowsRole, ways: ['next'] },
  { check: wiredToBoth, ways: ['next'], atRest: true },
  { check: editedTemplates, ways: ['next', 'stable'] },
  { check: versionMismatch, ways: ['next'] },
  { check: halfOrLeak, ways: ['next', 'stable'] },
  { check: leftOut, ways: ['next'] },
  { check: autoPromotion, ways: ['next'], atRest: true },
  { check: smallPreview, ways: ['next'], atRest: true },
  { check: stableGap, ways: ['next'], atRest: true },
  { check: unequalSteps, ways: ['next'], atRest: true },
  { check: canaryCapacity, ways: ['next'], atRest: true },
  { check: postPromotionAnalysis, ways: ['next'], atRest: true },
  { check: mayAbortItself, ways: ['next'], atRest: true },
  { check: unknownFields, ways: ['next', 'stable'] },
  { check: beyondWeights, ways: ['next', 'stable'] },
  { check: promoteFull, ways: ['next'] },
  { check: traffic, ways: ['next', 'stable'] },
  { check: liveWiredToNext, ways: ['next', 'stable'] },
  { check: unsureConfig, ways: ['next', 'stable'] },
  { check: serviceSemantics, ways: ['next', 'stable'] },
  { check: goesLiveAtOnce, ways: ['next'] },
  { check: settingsChange, ways: ['next'] },
  { check: constantSources, ways: ['next'] },
  { check: gitops, ways: ['stable'] },
]

/** What the checks of a verb find, errors first; what the proof of a plan finds is not among it. */
export function findingsOf(context: CheckContext): Finding[] {
  const found = CHECKS.filter((each) => each.ways.includes(context.towards)).flatMap((each) => each.check(context))
  return bySeverity([...context.group.problems, ...found])
}

/** What the next release of a group at rest would meet, as far as the specs alone say it. */
export function foreseenIn(context: CheckContext): Finding[] {
  return CHECKS.filter((each) => each.atRest).flatMap((each) => each.check(context))
}
