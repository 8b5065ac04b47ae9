import { same } from '../../patch.ts'
import type { Write } from '../../simulation.ts'
import { nextConditions } from './conditions.ts'
import { phaseOf } from './phase.ts'
import { mayTakeItsTime, progresses, timedOut } from './progressing.ts'
import { WORKLOAD_GENERATION } from './keys.ts'
import { isAborted, pauseFields } from './pauses.ts'
import { restartedAt } from './restart-time.ts'
import { patchOf, sum, type View } from './view.ts'

/** The fields of every status, from the ReplicaSets as they are (rollout/sync.go calculateBaseStatus). */
export function baseStatus(view: View): any {
  const { status, hash, sets, fresh } = view
  return {
    ...status,
    conditions: (status.conditions ?? []).filter(({ type }: { type: string }) => type !== 'InvalidSpec'),
    currentPodHash: hash,
    replicas: sum(sets, (each) => each.status?.replicas ?? 0),
    updatedReplicas: fresh.status?.replicas ?? 0,
    readyReplicas: sum(sets, (each) => each.status?.readyReplicas ?? 0),
    promoteFull: status.promoteFull === true && hash !== status.stableRS ? true : null,
  }
}

/** The status at the beginning of a new update (rollout/sync.go resetRolloutStatus). */
export function reset(view: View, next: any): any {
  const { pauses, spec } = view
  pauses.clear = true
  pauses.abort = false
  return {
    ...next,
    promoteFull: null,
    restartedAt: restartedAt(spec) ?? null,
    currentStepIndex: (spec.strategy.canary?.steps?.length ?? 0) > 0 ? 0 : null,
    ...(spec.strategy.blueGreen !== undefined
      ? {
          blueGreen: {
            ...next.blueGreen,
            prePromotionAnalysisRunStatus: null,
            postPromotionAnalysisRunStatus: null,
            scaleUpPreviewCheckPoint: null,
          },
        }
      : { canary: { ...next.canary, currentStepAnalysisRunStatus: null, currentBackgroundAnalysisRunStatus: null } }),
  }
}

/** The current revision becomes the stable one (rollout/sync.go promoteStable). */
export function promoteStable(view: View, next: any): any {
  const { pauses, spec } = view
  const steps = spec.strategy.canary?.steps?.length ?? 0
  pauses.clear = true
  pauses.abort = false
  return {
    ...next,
    promoteFull: null,
    stableRS: next.currentPodHash,
    ...(spec.strategy.blueGreen !== undefined
      ? { blueGreen: { ...next.blueGreen, scaleUpPreviewCheckPoint: null } }
      : { currentStepIndex: steps > 0 ? steps : null, canary: { ...next.canary, ...pingPong(view, next) } }),
  }
}

/** The two Services change their roles; the first revision is behind the first (rollout/sync.go promoteStable). */
function pingPong({ spec, status }: View, next: any): { readonly stablePingPong?: string } {
  if (spec.strategy.canary?.pingPong === undefined || status.stableRS === next.currentPodHash) return {}
  return { stablePingPong: status.canary?.stablePingPong === 'ping' ? 'pong' : 'ping' }
}

/**
 * Writes what has changed of the status, in one patch; answers when the progress deadline wants to be looked at again
 * (rollout/sync.go persistRolloutStatus).
 */
export function* persist(view: View, given: any): Generator<Write, number | undefined> {
  const { rollout, spec, status, world } = view
  const workload = rollout.metadata.annotations?.[WORKLOAD_GENERATION]
  let next = {
    ...given,
    observedGeneration: String(rollout.metadata.generation),
    workloadObservedGeneration: spec.workloadRef === undefined ? null : (workload ?? null),
  }
  const late = timedOut(view, status.conditions ?? [])
  if (
    spec.progressDeadlineAbort === true &&
    late === true &&
    !isAborted(view) &&
    next.stableRS !== next.currentPodHash &&
    !progresses(view, next) &&
    !mayTakeItsTime(view)
  ) {
    view.pauses.abort = { message: `ReplicaSet "${view.fresh.metadata.name}" has timed out progressing.` }
  }
  next = { ...next, ...pauseFields(view) }
  next = { ...next, conditions: nextConditions(view, next) }
  const { phase, message } = phaseOf(spec, next)
  const changed = difference(status, { ...next, phase, message: message === '' ? null : message })
  if (changed !== undefined) yield patchOf('rollouts', rollout, { status: changed })
  const again = timedOut(view, next.conditions)
  return again === true ||
    mayTakeItsTime(view) ||
    phase === 'Healthy' ||
    isAborted(view) ||
    world.now >= (again.at ?? 0)
    ? undefined
    : again.at
}

/**
 * A merge patch from one status to another; undefined where they are the same. What a user wrote as false is as good as
 * absent, and stays.
 */
function difference(before: any, after: any): Record<string, unknown> | undefined {
  const changed = Object.entries(after).flatMap(([key, value]): [string, unknown][] => {
    const was = before?.[key]
    if (value === undefined || value === null) return was === undefined || was === false ? [] : [[key, null]]
    if (typeof value !== 'object' || Array.isArray(value)) return same(was, value) ? [] : [[key, value]]
    const inner = difference(was ?? {}, value)
    return inner === undefined ? [] : [[key, inner]]
  })
  return changed.length === 0 ? undefined : Object.fromEntries(changed)
}
