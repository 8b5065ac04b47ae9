import { type Conditions, find, PROGRESSING } from './condition-set.ts'
import { deadlineOf, type View } from './view.ts'

/**
 * Whether an update that makes no progress has been doing so for `progressDeadlineSeconds`; otherwise when it will have
 * (utils/conditions RolloutTimedOut).
 */
export function timedOut({ spec, world }: View, conditions: Conditions): true | { readonly at: number | undefined } {
  const progressing = find(conditions, PROGRESSING)
  if (progressing === undefined || progressing.reason === 'RolloutAborted' || progressing.reason === 'RolloutPaused')
    return { at: undefined }
  if (progressing.reason === 'ProgressDeadlineExceeded') return true
  const due = world.when(
    { kind: 'deadline', object: 'rollouts' },
    Date.parse(progressing.lastUpdateTime) + 1000 * (spec.progressDeadlineSeconds ?? 600),
  )
  return world.now > due || { at: due + 1 }
}

/**
 * Steps and waits that the progress deadline does not count (rollout/sync.go isIndefiniteStep,
 * isWaitingForReplicaSetScaleDown).
 */
export function mayTakeItsTime({ spec, status, others }: View): boolean {
  const step = spec.strategy.canary?.steps?.[status.currentStepIndex ?? 0]
  const indefinite = step !== undefined && ['pause', 'analysis', 'experiment'].some((kind) => kind in step)
  return (
    indefinite ||
    find(status.conditions, 'Paused')?.status === 'True' ||
    others.some((each) => deadlineOf(each) !== undefined)
  )
}

/** Whether pods came or went, or a Service or step moved (utils/conditions RolloutProgressing). */
export function progresses({ spec, status }: View, next: any): boolean {
  const blueGreen =
    spec.strategy.blueGreen !== undefined &&
    ['activeSelector', 'previewSelector'].some(
      (key) => (status.blueGreen?.[key] ?? '') !== (next.blueGreen?.[key] ?? ''),
    )
  const steps =
    status.currentStepIndex != null &&
    next.currentStepIndex != null &&
    status.currentStepIndex !== next.currentStepIndex
  const canary =
    spec.strategy.canary !== undefined &&
    (next.stableRS !== status.stableRS || steps || next.currentStepHash !== status.currentStepHash)
  const old = (of: any) => (of.replicas ?? 0) - (of.updatedReplicas ?? 0)
  return (
    (next.updatedReplicas ?? 0) !== (status.updatedReplicas ?? 0) ||
    old(next) < old(status) ||
    (next.readyReplicas ?? 0) > (status.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (status.availableReplicas ?? 0) ||
    blueGreen ||
    canary
  )
}

/** All replicas new, available and receiving traffic (utils/conditions RolloutHealthy). */
export function isHealthy({ spec, status, rollout, replicas }: View, next: any): boolean {
  const { blueGreen, canary } = spec.strategy
  const steps = canary?.steps?.length ?? 0
  const done =
    blueGreen !== undefined
      ? next.blueGreen?.activeSelector === next.currentPodHash &&
        (blueGreen.previewService === undefined || next.blueGreen?.previewSelector === next.currentPodHash)
      : (steps === 0 || next.currentStepIndex == null || next.currentStepIndex === steps) &&
        next.stableRS === next.currentPodHash &&
        next.replicas === replicas
  return (
    done &&
    next.updatedReplicas === replicas &&
    next.availableReplicas === replicas &&
    status.observedGeneration === String(rollout.metadata.generation)
  )
}
