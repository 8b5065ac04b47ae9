import { resultOf } from './analysis.ts'
import { digits } from './fields.ts'
import { WORKLOAD_GENERATION } from './labels.ts'
import type { Rollout } from './rollout.ts'

export type PhaseName = 'Healthy' | 'Degraded' | 'Progressing' | 'Paused' | 'Unknown'

/** Where a Rollout stands, in the controller's own words. */
export interface Phase {
  readonly name: PhaseName
  readonly message: string
}

/** Whether the controller has yet to see the newest spec. */
export function isUnseen({ status, generation }: Rollout): boolean {
  return status.observedGeneration !== undefined && status.observedGeneration < generation
}

/**
 * Whether the controller has yet to act on the template of its workload: Argo CD and the controller itself say so, the
 * official plugin cannot know (`templateResolvedFromRef` is no field of the API).
 */
function isWorkloadUnseen({ workloadRef, annotations, status }: Rollout): boolean {
  const copied = digits(annotations.get(WORKLOAD_GENERATION))
  const observed = status.workloadObservedGeneration
  return workloadRef !== undefined && copied !== undefined && observed !== undefined && copied !== observed
}

/** The phase every Argo client shows (argo-rollouts, utils/rollout/rolloututil.go GetRolloutPhase). */
export function phaseOf(rollout: Rollout): Phase {
  const { status } = rollout
  if (!status.exists) return { name: 'Unknown', message: 'no controller has written a status' }
  if (isUnseen(rollout)) {
    return { name: 'Progressing', message: 'waiting for rollout spec update to be observed' }
  }
  if (status.controllerPause && status.pauses.length === 0)
    return { name: 'Progressing', message: 'waiting for rollout to unpause' }
  if (isWorkloadUnseen(rollout))
    return {
      name: 'Progressing',
      message: 'waiting for rollout spec update to be observed for the reference workload',
    }
  if (status.phase !== undefined) return { name: known(status.phase), message: status.message ?? '' }
  return calculated(rollout)
}

/** What controllers before 1.0, which write no phase, leave to the client (CalculateRolloutPhase). */
function calculated(rollout: Rollout): Phase {
  const { status } = rollout
  const progressing = (message: string): Phase => ({ name: 'Progressing', message })
  for (const each of status.conditions) {
    if (each.type === 'InvalidSpec') return { name: 'Degraded', message: `InvalidSpec: ${each.message}` }
    if (each.reason === 'RolloutAborted' || each.reason === 'ProgressDeadlineExceeded') {
      return { name: 'Degraded', message: `${each.reason}: ${each.message}` }
    }
  }
  if (rollout.paused) return { name: 'Paused', message: 'manually paused' }
  const pause = status.pauses[0]
  if (pause !== undefined) return { name: 'Paused', message: pause }
  if (rollout.restartAt !== undefined && rollout.restartAt !== status.restartedAt)
    return progressing('rollout is restarting')
  if (status.updatedReplicas < rollout.replicas) return progressing('more replicas need to be updated')
  if (status.availableReplicas < status.updatedReplicas)
    return progressing('updated replicas are still becoming available')
  const promoted = status.stableRS !== undefined && status.stableRS === status.currentPodHash
  const { strategy } = rollout
  if (strategy.kind === 'BlueGreen') {
    if (status.activeSelector === undefined || status.activeSelector !== status.currentPodHash)
      return progressing('active service cutover pending')
    const open = status.postPromotion === undefined || resultOf(status.postPromotion) === 'open'
    if (!promoted)
      return progressing(
        strategy.postPromotionAnalysis && open
          ? 'waiting for analysis to complete'
          : 'waiting for post-promotion verification to complete',
      )
  } else {
    // Those with a delay run on for long: blue/green, and canaries with a router.
    if (!strategy.routed && status.replicas > status.updatedReplicas)
      return progressing('old replicas are pending termination')
    if (!promoted) return progressing('waiting for all steps to complete')
  }
  return { name: 'Healthy', message: '' }
}

function known(phase: string): PhaseName {
  return phase === 'Healthy' || phase === 'Degraded' || phase === 'Progressing' || phase === 'Paused'
    ? phase
    : 'Unknown'
}
