import type { Write } from '../../simulation.ts'
import { currentRun, phaseOfRun, reconcileAnalysis } from './analysis.ts'
import { soonest } from './blue-green.ts'
import { canaryCounts, maxUnavailable, setWeight } from './canary-counts.ts'
import { syncMetadata } from './ephemeral-metadata.ts'
import { isAborted, passedPauseStep, pauseSeconds } from './pauses.ts'
import { forgetHistory, removeDeadlines, scale, scaleDownLater, scaleFresh } from './replica-sets.ts'
import { ensureTargets } from './services.ts'
import { baseStatus, persist, promoteStable, reset } from './status.ts'
import { stepsHash } from './template-hash.ts'
import {
  available,
  deadlineOf,
  hashOf,
  isFastRollback,
  isHalted,
  isNewTemplate,
  isWithinRollbackWindow,
  pauseOf,
  revisionOf,
  sum,
  type View,
} from './view.ts'

/**
 * One pass over a canary Rollout, in the controller's order (rollout/canary.go rolloutCanary). Answers when to look
 * again.
 */
export function* canary(view: View): Generator<Write, number | undefined> {
  if (isChanged(view)) return yield* syncStatus(view, {})
  yield* syncMetadata(view)
  yield* forgetHistory(view)
  yield* services(view)
  const analysis = yield* reconcileAnalysis(view)
  if (view.pauses.add.size > 0) return yield* syncStatus(view, analysis)
  const { scaled, wakeAt } = yield* replicaSets(view)
  const timer = scaled ? undefined : pause(view)
  return soonest([wakeAt, timer, yield* syncStatus(view, analysis)])
}

/** The pod template or the steps (utils/replicaset PodTemplateOrStepsChanged). */
function isChanged(view: View): boolean {
  return isNewTemplate(view) || view.status.currentStepHash !== stepsHash(view.spec.strategy.canary.steps)
}

function isRouted({ spec }: View): boolean {
  return spec.strategy.canary.trafficRouting !== undefined
}

/** rollout/service.go reconcileStableAndCanaryService. */
function* services(view: View): Generator<Write> {
  const { stableService, canaryService } = view.spec.strategy.canary
  yield* ensureTargets(view, stableService, view.stable)
  yield* ensureTargets(view, canaryService, isAborted(view) && !isRouted(view) ? view.stable : view.fresh)
}

/**
 * Scales one ReplicaSet at a time: the stable, the new, then the old ones (rollout/canary.go
 * reconcileCanaryReplicaSets).
 */
export function* replicaSets(
  view: View,
): Generator<Write, { readonly scaled: boolean; readonly wakeAt?: number | undefined }> {
  if (isHalted(view)) return { scaled: false }
  yield* removeDeadlines(view)
  const { stable } = view
  if (stable !== undefined && hashOf(stable) !== view.hash && (yield* scale(view, stable, canaryCounts(view).stable)))
    return { scaled: true }
  const { scaled, wakeAt } = yield* scaleFresh(view, canaryCounts(view).canary)
  if (scaled) return { scaled: true, wakeAt }
  const others = yield* scaleDownOthers(view)
  return { scaled: others.scaled, wakeAt: soonest([wakeAt, others.wakeAt]) }
}

/** rollout/canary.go scaleDownOldReplicaSetsForCanary. */
function* scaleDownOthers(
  view: View,
): Generator<Write, { readonly scaled: boolean; readonly wakeAt?: number | undefined }> {
  let scaled = false
  for (const set of view.others)
    if (set.spec.replicas > available(set)) scaled = (yield* scale(view, set, available(set))) || scaled
  let room = sum(view.sets, available) - (view.replicas - maxUnavailable(view))
  const wakes: (number | undefined)[] = []
  for (const set of [...view.others].sort((a, b) => revisionOf(b) - revisionOf(a))) {
    if (set.spec.replicas === 0 || room <= 0) continue
    const before: number = set.spec.replicas
    const promoted = view.status.stableRS === view.status.currentPodHash
    if (isRouted(view) && (promoted || deadlineOf(set) !== undefined))
      wakes.push(yield* scaleDownLater(view, set, before, wakes.length))
    else scaled = (yield* scale(view, set, isRouted(view) ? 0 : Math.max(0, before - room))) || scaled
    room -= before
  }
  return { scaled, wakeAt: soonest(wakes) }
}

/** Stands at a pause step (rollout/canary.go reconcileCanaryPause). Answers when its duration is over. */
function pause({ spec, status, pauses }: View): number | undefined {
  const step = spec.strategy.canary.steps?.[status.currentStepIndex ?? 0]
  if (spec.paused === true || status.promoteFull === true || step?.pause === undefined || status.abort === true)
    return undefined
  const current = pauseOf(status, 'CanaryPauseStep')
  if (current === undefined && status.controllerPause !== true) pauses.add.add('CanaryPauseStep')
  const seconds = pauseSeconds(step.pause?.duration)
  return current === undefined || seconds === undefined ? undefined : Date.parse(current.startTime) + 1000 * seconds
}

/** rollout/canary.go completedCurrentCanaryStep. */
function completesStep(view: View): boolean {
  const { spec, status } = view
  const step = spec.strategy.canary.steps?.[status.currentStepIndex ?? 0]
  if (spec.paused === true || step === undefined) return false
  if (step.pause !== undefined) return passedPauseStep(view, pauseSeconds(step.pause?.duration))
  if (step.setWeight !== undefined || step.setCanaryScale !== undefined) return atCounts(view)
  if (step.analysis !== undefined) return phaseOfRun(currentRun(view, 'step')) === 'Successful'
  return step.setHeaderRoute !== undefined || step.setMirrorRoute !== undefined
}

/** utils/replicaset AtDesiredReplicaCountsForCanary. */
function atCounts(view: View): boolean {
  const { fresh, stable, others } = view
  const counts = canaryCounts(view)
  if (fresh.spec.replicas !== counts.canary || available(fresh) !== counts.canary) return false
  if (
    stable !== undefined &&
    (stable.spec.replicas !== counts.stable || (stable.status?.replicas ?? 0) !== counts.stable)
  )
    return false
  return isRouted(view) || sum(others, available) === 0
}

/** rollout/canary.go syncRolloutStatusCanary. */
function* syncStatus(view: View, analysis: Record<string, unknown>): Generator<Write, number | undefined> {
  const { status, spec, pauses, sets, hash } = view
  const steps = spec.strategy.canary.steps?.length ?? 0
  let next = baseStatus(view)
  next = {
    ...next,
    availableReplicas: sum(sets, available),
    HPAReplicas: sum(sets, (each) => each.status?.replicas ?? 0),
    canary: { ...next.canary, ...analysis },
    selector: Object.entries(spec.selector?.matchLabels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(','),
    currentStepHash: stepsHash(spec.strategy.canary.steps),
  }
  if (isChanged(view)) {
    next = reset(view, next)
    const back = status.stableRS === hash || (isWithinRollbackWindow(view) && view.fresh.spec.replicas > 0)
    return yield* persist(view, { ...next, ...(back && steps > 0 && { currentStepIndex: steps }) })
  }
  if (status.promoteFull === true || isWithinRollbackWindow(view)) {
    pauses.clear = true
    pauses.abort = false
    if (steps > 0) next = { ...next, currentStepIndex: steps }
  }
  if (becomesStable(view, next)) return yield* persist(view, weighted(view, promoteStable(view, next)))
  if (isAborted(view))
    return yield* persist(
      view,
      weighted(view, {
        ...next,
        ...(steps > 0 && { currentStepIndex: next.stableRS === next.currentPodHash ? steps : 0 }),
      }),
    )
  if (steps > 0 && completesStep(view)) {
    next = {
      ...next,
      currentStepIndex: (status.currentStepIndex ?? 0) + 1,
      canary: { ...next.canary, currentStepAnalysisRunStatus: null },
    }
    pauses.remove.add('CanaryPauseStep')
  }
  return yield* persist(view, weighted(view, next))
}

/** The weights that a traffic router was told, of a canary that has one. */
function weighted(view: View, next: any): any {
  if (!isRouted(view)) return next
  const weight =
    next.stableRS === next.currentPodHash
      ? 0
      : setWeight({ spec: view.spec, status: { ...view.status, abort: isAborted(view) } })
  const { canaryService, stableService } = view.spec.strategy.canary
  return {
    ...next,
    canary: {
      ...next.canary,
      weights: {
        canary: { weight, podTemplateHash: next.currentPodHash, ...(canaryService && { serviceName: canaryService }) },
        stable: {
          weight: 100 - weight,
          podTemplateHash: next.stableRS,
          ...(stableService && { serviceName: stableService }),
        },
      },
    },
  }
}

/** rollout/sync.go shouldFullPromote. */
function becomesStable(view: View, next: any): boolean {
  const { stable, fresh, status, spec, replicas } = view
  if (stable === undefined) return true
  if (isAborted(view) || available(fresh) < replicas) return false
  if (status.promoteFull === true || isFastRollback(view)) return true
  const steps = spec.strategy.canary.steps?.length ?? 0
  return steps === 0 || next.currentStepIndex === steps
}
