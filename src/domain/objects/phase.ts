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

/** The phase every Argo client shows (argo-rollouts, utils/rollout/rolloututil.go GetRolloutPhase). */
export function phaseOf(rollout: Rollout): Phase {
  const { status } = rollout
  if (!status.exists) return { name: 'Unknown', message: 'no controller has written a status' }
  if (isUnseen(rollout)) {
    return { name: 'Progressing', message: 'waiting for rollout spec update to be observed' }
  }
  if (status.controllerPause && status.pauses.length === 0)
    return { name: 'Progressing', message: 'waiting for rollout to unpause' }
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
  if (rollout.strategy.kind === 'BlueGreen' && status.activeSelector !== status.currentPodHash)
    return progressing('active service cutover pending')
  if (status.stableRS !== status.currentPodHash) {
    return progressing(
      rollout.strategy.kind === 'BlueGreen'
        ? 'waiting for post-promotion verification to complete'
        : 'waiting for all steps to complete',
    )
  }
  return { name: 'Healthy', message: '' }
}

function known(phase: string): PhaseName {
  return phase === 'Healthy' || phase === 'Degraded' || phase === 'Progressing' || phase === 'Paused'
    ? phase
    : 'Unknown'
}
