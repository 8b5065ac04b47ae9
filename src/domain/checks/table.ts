import { madeOnce } from '../objects/parse-once.ts'
import { bySeverity, type Finding } from '../findings/finding.ts'
import type { VerbKind } from '../intent.ts'
import type { CheckContext } from './context.ts'
import { declaredDiffers } from './declared.ts'
import { edges } from './edges.ts'
import { goesLiveAtOnce } from './earlier-revision.ts'
import { halfPinned } from './half-pinned.ts'
import { liveWiredToNext } from './live-wired-to-next.ts'
import { mayAbortItself } from './may-abort-itself.ts'
import { lostPortNames } from './port-name.ts'
import { halfOrLeak, leftOut, shape, versionMismatch } from './release.ts'
import { serviceSemantics } from './service-semantics.ts'
import { degraded, gitops, invalidSpec, notYetAtGates, pausedByHand, stale, standing } from './status.ts'
import { heldByPause, pausedAtRest } from './held-by-pause.ts'
import { skipsItsGate } from './skips-its-gate.ts'
import { aborted } from './aborted.ts'
import { autoPromotion } from './auto-promotion.ts'
import { canaryCapacity } from './canary-capacity.ts'
import { postPromotionAnalysis, promoteFull, services, smallPreview, unequalSteps } from './strategy.ts'
import { stableGap } from './stable-gap.ts'
import { traffic } from './traffic.ts'
import { beyondWeights, unknownFields } from './unknown-field.ts'
import { outsideGroup, unconnected } from './unknown.ts'
import { unmatchedLabels } from './unmatched-label.ts'
import { unpointed } from './unpointed.ts'
import { unsureConfig } from './unsure.ts'
import { constantSources, editedTemplates, settingsChange, unpinned, versionsDiffer, versionStays } from './versions.ts'
import { nextWiredToLive, wiredToBoth, wireFollowsRole } from './wiring.ts'

/** A check, the deeds it bears on, and whether it follows from the specs alone, so that it is told at rest. */
interface CheckRow {
  readonly check: (context: CheckContext) => Finding[]
  readonly bears: readonly VerbKind[]
  readonly atRest?: true
  /** Says nothing where no Service may be read: of those that are there it would say that they are not. */
  readonly ofServices?: true
}

/** What leads users on, and what leads them back. */
const RELEASE: readonly VerbKind[] = ['promotes', 'withdraws']
/** What leads pods of a next revision to users, and what takes them away. */
const MOVES: readonly VerbKind[] = [...RELEASE, 'retries']
const EVERY: readonly VerbKind[] = [...MOVES, 'restarts', 'pauses', 'resumes']

/** Every check: what forbids going forward need not forbid going back. */
const CHECKS: readonly CheckRow[] = [
  { check: versionsDiffer, bears: RELEASE },
  { check: services, bears: EVERY, ofServices: true },
  { check: stale, bears: EVERY },
  { check: invalidSpec, bears: EVERY },
  { check: unmatchedLabels, bears: EVERY, atRest: true },
  { check: standing, bears: ['promotes'] },
  { check: notYetAtGates, bears: ['retries'] },
  { check: pausedByHand, bears: ['retries'] },
  { check: skipsItsGate, bears: ['retries'] },
  { check: heldByPause, bears: ['pauses'] },
  { check: pausedAtRest, bears: RELEASE },
  { check: aborted, bears: ['promotes'] },
  { check: degraded, bears: ['promotes'] },
  { check: shape, bears: MOVES },
  { check: edges, bears: MOVES, atRest: true },
  { check: declaredDiffers, bears: MOVES },
  { check: unconnected, bears: MOVES, atRest: true, ofServices: true },
  { check: outsideGroup, bears: RELEASE },
  { check: nextWiredToLive, bears: ['promotes'] },
  { check: wireFollowsRole, bears: ['promotes'] },
  { check: wiredToBoth, bears: ['promotes'], atRest: true },
  { check: unpointed, bears: ['promotes'], atRest: true },
  { check: halfPinned, bears: ['promotes'], atRest: true },
  { check: editedTemplates, bears: MOVES },
  { check: versionMismatch, bears: ['promotes'] },
  { check: halfOrLeak, bears: MOVES },
  { check: leftOut, bears: ['promotes'] },
  { check: autoPromotion, bears: ['promotes', 'retries'], atRest: true },
  { check: smallPreview, bears: ['promotes'], atRest: true },
  { check: stableGap, bears: ['promotes'], atRest: true },
  { check: lostPortNames, bears: ['promotes'] },
  { check: unequalSteps, bears: ['promotes'], atRest: true },
  { check: canaryCapacity, bears: ['promotes'], atRest: true },
  { check: postPromotionAnalysis, bears: ['promotes'], atRest: true },
  { check: mayAbortItself, bears: ['promotes'], atRest: true },
  { check: unknownFields, bears: MOVES },
  { check: beyondWeights, bears: MOVES },
  { check: promoteFull, bears: ['promotes'] },
  { check: traffic, bears: EVERY },
  { check: liveWiredToNext, bears: RELEASE },
  { check: unsureConfig, bears: [...MOVES, 'restarts'] },
  { check: serviceSemantics, bears: RELEASE },
  { check: goesLiveAtOnce, bears: ['promotes'] },
  { check: settingsChange, bears: ['promotes'] },
  { check: versionStays, bears: ['promotes'] },
  { check: unpinned, bears: ['promotes'] },
  { check: constantSources, bears: ['promotes'] },
  { check: gitops, bears: ['withdraws'] },
]

/** What the checks of a verb find, errors first; what the proof of a plan finds is not among it. */
export const findingsOf = madeOnce((context: CheckContext): Finding[] => {
  const { services: seen, snapshot } = context.group
  const blind = seen.size === 0 && snapshot.unreadable.length > 0
  const found = CHECKS.filter((each) => each.bears.includes(context.deed) && !(blind && each.ofServices)).flatMap(
    (each) => each.check(context),
  )
  return bySeverity([...context.group.problems, ...found])
})

/** What the next release of a group at rest would meet, as far as the specs alone say it. */
export function foreseenIn(context: CheckContext): Finding[] {
  return CHECKS.filter((each) => each.atRest).flatMap((each) => each.check(context))
}
