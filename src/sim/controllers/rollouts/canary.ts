import type { Write } from '../../simulation.ts'
import { currentRun, phaseOfRun, reconcileAnalysis } from './analysis.ts'
import { soonest } from './blue-green.ts'
import { atCounts, canaryCounts, maxUnavailable, thresholdMet } from './canary-counts.ts'
import { dynamicallyBack, isRouted } from './canary-weights.ts'
import { syncMetadata } from './ephemeral-metadata.ts'
import { currentExperiment, reconcileExperiments } from './experiments.ts'
import { isAborted, passedPauseStep, pauseSeconds } from './pauses.ts'
import { forgetHistory, removeDeadlines, scale, scaleDownLater, scaleFresh } from './replica-sets.ts'
import { restartedAt } from './restart-time.ts'
import { restartPods } from './restarts.ts'
import { ensureTargets, selectorOf } from './services.ts'
import { baseStatus, persist, promoteStable, reset } from './status.ts'
import { stepsHash } from './template-hash.ts'
import { routeTraffic } from './traffic-routing.ts'
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
  const { restarted, done, wakeAt: restart } = yield* restartPods(view)
  if (restarted > 0) return restart
  yield* syncMetadata(view)
  yield* forgetHistory(view)
  yield* services(view)
  const weights = yield* routeTraffic(view)
  const currentExperiment = yield* reconcileExperiments(view)
  const analysis = yield* reconcileAnalysis(view)
  const found = { ...analysis, currentExperiment, ...(weights !== undefined && { weights }) }
  const more = done === true ? { restartedAt: restartedAt(view.spec) } : {}
  if (view.pauses.add.size > 0) return yield* syncStatus(view, found, more)
  const { scaled, wakeAt } = yield* replicaSets(view, weights)
  const timer = scaled ? undefined : pause(view)
  return soonest([restart, wakeAt, timer, yield* syncStatus(view, found, more)])
}

/** The pod template or the steps (utils/replicaset PodTemplateOrStepsChanged). */
function isChanged(view: View): boolean {
  return isNewTemplate(view) || view.status.currentStepHash !== stepsHash(view.spec.strategy.canary.steps)
}

/** rollout/service.go reconcilePingAndPongService, reconcileStableAndCanaryService. */
function* services(view: View): Generator<Write> {
  const { status, spec, stable, fresh } = view
  const { stableService, canaryService, pingPong } = spec.strategy.canary
  if (pingPong !== undefined && (status.stableRS === undefined || status.stableRS !== status.currentPodHash)) {
    const next = status.canary?.stablePingPong === 'ping' ? pingPong.pongService : pingPong.pingService
    yield* ensureTargets(view, next, fresh, false)
  }
  yield* ensureTargets(view, stableService, stable)
  if (dynamicallyBack(view) !== undefined) return
  if (!isAborted(view)) return yield* ensureTargets(view, canaryService, fresh)
  // With a router the real controller points it here and back some thirty times a second until the aborted pods go
  // (seen on 1.10.1); here it stays with the stable ones, to which `routeTraffic` takes it.
  if (!isRouted(view)) yield* ensureTargets(view, canaryService, stable)
}

/**
 * Scales one ReplicaSet at a time: the stable, the new, then the old ones (rollout/canary.go
 * reconcileCanaryReplicaSets).
 */
export function* replicaSets(
  view: View,
  weights?: unknown,
): Generator<Write, { readonly scaled: boolean; readonly wakeAt?: number | undefined }> {
  if (isHalted(view)) return { scaled: false }
  yield* removeDeadlines(view)
  const { stable } = view
  if (stable !== undefined && hashOf(stable) !== view.hash && (yield* scale(view, stable, canaryCounts(view).stable)))
    return { scaled: true }
  const { scaled, wakeAt } = yield* scaleFresh(view, canaryCounts(view, weights).canary)
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
    if (set.spec.replicas === 0 || room <= 0 || (isRouted(view) && isReferenced(view, hashOf(set)))) continue
    const before: number = set.spec.replicas
    const promoted = view.status.stableRS === view.status.currentPodHash
    const delayed = promoted || deadlineOf(set) !== undefined
    if (isRouted(view) && delayed && view.spec.strategy.canary.dynamicStableScale !== true)
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
function completesStep(view: View, weights: unknown): boolean {
  const { spec, status } = view
  const step = spec.strategy.canary.steps?.[status.currentStepIndex ?? 0]
  if (spec.paused === true || step === undefined) return false
  if (step.pause !== undefined) return passedPauseStep(view, pauseSeconds(step.pause?.duration))
  if (step.setWeight !== undefined || step.setCanaryScale !== undefined) return atCounts(view, weights)
  if (step.experiment !== undefined) return currentExperiment(view)?.status?.phase === 'Successful'
  if (step.analysis !== undefined) return phaseOfRun(currentRun(view, 'step')) === 'Successful'
  return step.setHeaderRoute !== undefined || step.setMirrorRoute !== undefined
}

/** Whether the status, or a Service, still names it (rollout/replicaset.go isReplicaSetReferenced). */
function isReferenced(view: View, hash: string): boolean {
  const { status, spec } = view
  const { canaryService, stableService } = spec.strategy.canary
  const { canary, stable } = status.canary?.weights ?? {}
  return (
    [status.stableRS, status.currentPodHash, canary?.podTemplateHash, stable?.podTemplateHash].includes(hash) ||
    [canaryService, stableService].some((name) => selectorOf(view, name) === hash)
  )
}

/** rollout/canary.go syncRolloutStatusCanary. */
function* syncStatus(
  view: View,
  found: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Generator<Write, number | undefined> {
  const { status, spec, pauses, sets, hash } = view
  const steps = spec.strategy.canary.steps?.length ?? 0
  let next = baseStatus(view)
  next = {
    ...next,
    availableReplicas: sum(sets, available),
    HPAReplicas: sum(sets, (each) => each.status?.replicas ?? 0),
    canary: { ...next.canary, ...found },
    ...more,
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
  if (becomesStable(view, next)) return yield* persist(view, promoteStable(view, next))
  if (isAborted(view))
    return yield* persist(view, {
      ...next,
      ...(steps > 0 && { currentStepIndex: next.stableRS === next.currentPodHash ? steps : 0 }),
    })
  if (steps > 0 && completesStep(view, next.canary.weights)) {
    next = {
      ...next,
      currentStepIndex: (status.currentStepIndex ?? 0) + 1,
      canary: { ...next.canary, currentStepAnalysisRunStatus: null },
    }
    pauses.remove.add('CanaryPauseStep')
  }
  return yield* persist(view, next)
}

/** rollout/sync.go shouldFullPromote. */
function becomesStable(view: View, next: any): boolean {
  const { stable, fresh, status, spec, replicas } = view
  if (stable === undefined) return true
  if (isAborted(view) || (available(fresh) < replicas && !enough(view))) return false
  if (status.promoteFull === true || isFastRollback(view)) return true
  const steps = spec.strategy.canary.steps?.length ?? 0
  return steps === 0 || next.currentStepIndex === steps
}

/** With `replicaProgressThreshold` part of the pods is as good as all. */
function enough(view: View): boolean {
  return (
    view.spec.strategy.canary.replicaProgressThreshold !== undefined && thresholdMet(view, view.fresh, view.replicas)
  )
}
