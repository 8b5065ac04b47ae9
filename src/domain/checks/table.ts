import { bySeverity, type Finding } from '../findings/finding.ts'
import type { CheckContext } from './context.ts'
import { goesLiveAtOnce } from './earlier-revision.ts'
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
import { constantSources, editedTemplates, settingsChange, versionsDiffer } from './versions.ts'
import { edges, liveWiredToNext, nextWiredToLive, wiredToBoth, wireFollowsRole } from './wiring.ts'

/** Every check and the ways it speaks to: what forbids going forward need not forbid going back. */
const CHECKS: readonly {
  readonly check: (context: CheckContext) => Finding[]
  readonly ways: readonly CheckContext['towards'][]
}[] = [
  { check: versionsDiffer, ways: ['next', 'stable'] },
  { check: services, ways: ['next', 'stable'] },
  { check: stale, ways: ['next', 'stable'] },
  { check: standing, ways: ['next'] },
  { check: shape, ways: ['next', 'stable'] },
  { check: edges, ways: ['next', 'stable'] },
  { check: unconnected, ways: ['next', 'stable'] },
  { check: outsideGroup, ways: ['next', 'stable'] },
  { check: nextWiredToLive, ways: ['next'] },
  { check: wireFollowsRole, ways: ['next'] },
  { check: wiredToBoth, ways: ['next'] },
  { check: editedTemplates, ways: ['next', 'stable'] },
  { check: versionMismatch, ways: ['next'] },
  { check: halfOrLeak, ways: ['next', 'stable'] },
  { check: leftOut, ways: ['next'] },
  { check: autoPromotion, ways: ['next'] },
  { check: smallPreview, ways: ['next'] },
  { check: stableGap, ways: ['next'] },
  { check: unequalSteps, ways: ['next'] },
  { check: canaryCapacity, ways: ['next'] },
  { check: postPromotionAnalysis, ways: ['next'] },
  { check: promoteFull, ways: ['next'] },
  { check: traffic, ways: ['next', 'stable'] },
  { check: liveWiredToNext, ways: ['next', 'stable'] },
  { check: unsureConfig, ways: ['next', 'stable'] },
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
