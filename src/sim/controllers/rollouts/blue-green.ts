import type { Write } from '../../simulation.ts'
import { currentRun, phaseOfRun, reconcileAnalysis } from './analysis.ts'
import { syncMetadata } from './ephemeral-metadata.ts'
import { isAborted, passedBlueGreenGate } from './pauses.ts'
import { forgetHistory, removeDeadlines, scale, scaleDownLater, scaleFresh } from './replica-sets.ts'
import { restartedAt } from './restart-time.ts'
import { restartPods } from './restarts.ts'
import { selectorOf, switchService } from './services.ts'
import { baseStatus, persist, promoteStable, reset } from './status.ts'
import {
  available,
  hashOf,
  hasPause,
  isFastRollback,
  isHalted,
  isNewTemplate,
  isSaturated,
  isWithinRollbackWindow,
  pauseOf,
  revisionOf,
  sum,
  type View,
} from './view.ts'

/**
 * One pass over a blue/green Rollout, in the controller's order (rollout/bluegreen.go rolloutBlueGreen). Answers when
 * to look again.
 */
export function* blueGreen(view: View): Generator<Write, number | undefined> {
  const { previewService } = view.spec.strategy.blueGreen
  if (previewService !== undefined && !isHalted(view)) yield* switchService(view, previewService, view.hash)
  if (isNewTemplate(view)) return yield* syncStatus(view, {}, {})
  const { done, wakeAt } = yield* restartPods(view)
  const wakes = [wakeAt, yield* replicaSets(view), pause(view)]
  yield* activeService(view)
  const analysis = yield* reconcileAnalysis(view)
  yield* syncMetadata(view)
  wakes.push(yield* syncStatus(view, analysis, done === true ? { restartedAt: restartedAt(view.spec) } : {}))
  return soonest(wakes)
}

export function soonest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((each) => each !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

export function* replicaSets(view: View): Generator<Write, number | undefined> {
  yield* removeDeadlines(view)
  const { stable } = view
  if (stable !== undefined) yield* scale(view, stable, view.replicas)
  const wakes = [
    stable !== undefined && hashOf(stable) === view.hash
      ? undefined
      : (yield* scaleFresh(view, wantedReplicas(view))).wakeAt,
  ]
  if (mayScaleDown(view)) {
    const leaving = view.others
      .filter((set) => set.spec.replicas > 0 && !isReferenced(view, hashOf(set)))
      .sort((a, b) => revisionOf(b) - revisionOf(a))
    for (const [earlier, set] of leaving.entries()) wakes.push(yield* scaleDownLater(view, set, view.replicas, earlier))
  }
  yield* forgetHistory(view)
  return soonest(wakes)
}

/** utils/replicaset NewRSNewReplicas: the preview may have fewer pods, until its gate is passed. */
function wantedReplicas({ spec, status, fresh, sets, hash, replicas }: View): number {
  const count: number | undefined = spec.strategy.blueGreen.previewReplicaCount
  if (count === undefined) return replicas
  const active = sets.find((each) => hashOf(each) === status.blueGreen?.activeSelector)
  if (active === undefined || hashOf(active) === hashOf(fresh) || status.promoteFull === true) return replicas
  if (hash !== status.currentPodHash) return count
  const free = spec.paused !== true && (status.pauseConditions ?? []).length === 0
  return free && status.blueGreen?.scaleUpPreviewCheckPoint === true ? replicas : count
}

/**
 * Not while an analysis is inconclusive, nor while the one after the cutover runs and no delay is set
 * (rollout/bluegreen.go scaleDownOldReplicaSetsForBlueGreen).
 */
function mayScaleDown(view: View): boolean {
  const { postPromotionAnalysis, scaleDownDelaySeconds } = view.spec.strategy.blueGreen
  if (hasPause(view.status, 'InconclusiveAnalysisRun')) return false
  const analysing =
    postPromotionAnalysis !== undefined &&
    scaleDownDelaySeconds === undefined &&
    view.status.stableRS !== view.hash &&
    view.status.blueGreen?.activeSelector === view.hash
  return !analysing || phaseOfRun(currentRun(view, 'post')) === 'Successful'
}

/** Whether a Service or the status still names it (rollout/replicaset.go isReplicaSetReferenced). */
function isReferenced(view: View, hash: string): boolean {
  const { status, spec } = view
  const { activeService, previewService } = spec.strategy.blueGreen
  return (
    [
      status.stableRS,
      status.currentPodHash,
      status.blueGreen?.activeSelector,
      status.blueGreen?.previewSelector,
    ].includes(hash) || [activeService, previewService].some((name) => selectorOf(view, name) === hash)
  )
}

/** All replicas that it should have are there (utils/replicaset ReadyForPause). */
function isUp(view: View): boolean {
  const wanted = wantedReplicas(view)
  return view.fresh.spec.replicas === wanted && available(view.fresh) === wanted
}

/** rollout/bluegreen.go isBlueGreenFastTracked: without a gate. */
function isFastTracked(view: View): boolean {
  const active = selectorOf(view, view.spec.strategy.blueGreen.activeService)
  return isFastRollback(view) || view.status.promoteFull === true || active === '' || active === view.hash
}

/** Stands at the gate, or leaves it (rollout/bluegreen.go reconcileBlueGreenPause). Answers when its timer is over. */
function pause(view: View): number | undefined {
  const { status, spec, pauses } = view
  const { autoPromotionEnabled = true, autoPromotionSeconds = 0 } = spec.strategy.blueGreen
  if (status.abort === true || !isUp(view) || isHalted(view)) return undefined
  const gated = !autoPromotionEnabled || autoPromotionSeconds > 0
  if (isFastTracked(view) || status.blueGreen?.scaleUpPreviewCheckPoint === true || !gated) {
    pauses.remove.add('BlueGreenPause')
    return undefined
  }
  if (!analysedBefore(view)) return undefined
  const current = pauseOf(status, 'BlueGreenPause')
  if (current === undefined) {
    if (status.controllerPause !== true) pauses.add.add('BlueGreenPause')
    return undefined
  }
  if (passedBlueGreenGate(view)) pauses.remove.add('BlueGreenPause')
  return autoPromotionEnabled && autoPromotionSeconds > 0
    ? Date.parse(current.startTime) + 1000 * autoPromotionSeconds
    : undefined
}

function analysedBefore(view: View): boolean {
  return (
    view.spec.strategy.blueGreen.prePromotionAnalysis === undefined ||
    phaseOfRun(currentRun(view, 'pre')) === 'Successful'
  )
}

/**
 * Switches users over once every new pod is available; after an abort, back under the same condition
 * (rollout/service.go reconcileActiveService).
 */
function* activeService(view: View): Generator<Write> {
  const { activeService: name } = view.spec.strategy.blueGreen
  if (isHalted(view) || !isUp(view) || !isSaturated(view, view.fresh)) return
  const passed = isFastTracked(view) || (passedBlueGreenGate(view) && analysedBefore(view))
  const target: string = view.status.abort === true ? view.status.stableRS : passed ? view.hash : selectorOf(view, name)
  yield* switchService(view, name, target)
}

/** rollout/bluegreen.go syncRolloutStatusBlueGreen. */
function* syncStatus(
  view: View,
  analysis: Record<string, unknown>,
  more: Record<string, unknown>,
): Generator<Write, number | undefined> {
  const { status, spec, pauses, sets } = view
  const { activeService, previewService } = spec.strategy.blueGreen
  let next = { ...baseStatus(view), ...more }
  next = { ...next, blueGreen: { ...next.blueGreen, ...analysis } }
  if (isNewTemplate(view)) next = reset(view, next)
  if (status.promoteFull === true || isWithinRollbackWindow(view)) {
    pauses.clear = true
    pauses.abort = false
  }
  const selectors = {
    activeSelector: selectorOf(view, activeService),
    previewSelector: selectorOf(view, previewService),
  }
  next = {
    ...next,
    blueGreen: {
      ...next.blueGreen,
      activeSelector: selectors.activeSelector || null,
      previewSelector: selectors.previewSelector || null,
    },
  }
  if (becomesStable(view, next.blueGreen)) next = promoteStable(view, next)
  else next = { ...next, blueGreen: { ...next.blueGreen, scaleUpPreviewCheckPoint: checkPoint(view) || null } }
  const active = sets.find((each) => hashOf(each) === selectors.activeSelector)
  const counted = active === undefined ? sets : [active]
  next = {
    ...next,
    availableReplicas: sum(counted, available),
    HPAReplicas: sum(counted, (each) => each.status?.replicas ?? 0),
    ...(active !== undefined && { readyReplicas: active.status?.readyReplicas ?? 0 }),
    selector: selectorText(active?.spec.selector ?? spec.selector),
  }
  return yield* persist(view, next)
}

function selectorText(selector: any): string {
  return Object.entries(selector?.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',')
}

/** rollout/sync.go shouldFullPromote. A run that this pass has started counts for the one before it. */
function becomesStable(view: View, { activeSelector: active, postPromotionAnalysisRunStatus: run }: any): boolean {
  const { stable, hash, status, spec } = view
  if (stable === undefined || active === null) return true
  if (active !== hash) return false
  if (status.promoteFull === true || isFastRollback(view)) return true
  if (isAborted(view)) return false
  return spec.strategy.blueGreen.postPromotionAnalysis === undefined || run?.status === 'Successful'
}

/**
 * With `previewReplicaCount`, whether the gate is passed and only pods are missing; once set it outlives an abort and a
 * new template (rollout/bluegreen.go calculateScaleUpPreviewCheckPoint).
 */
function checkPoint(view: View): boolean {
  const count = view.spec.strategy.blueGreen.previewReplicaCount
  if (count === undefined) return false
  if (view.status.blueGreen?.scaleUpPreviewCheckPoint === true) return true
  return analysedBefore(view) && passedBlueGreenGate(view) && available(view.fresh) === count
}
