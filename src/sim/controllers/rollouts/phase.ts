import type { Conditions } from './condition-set.ts'
import { needsRestart } from './restart-time.ts'

/** Phase and message as every client shows them (utils/rollout CalculateRolloutPhase). */
export function phaseOf(spec: any, status: any): { readonly phase: string; readonly message: string } {
  const progressing = (message: string) => ({ phase: 'Progressing', message })
  for (const { type, reason, message } of (status.conditions ?? []) as Conditions) {
    if (type === 'InvalidSpec') return { phase: 'Degraded', message: `InvalidSpec: ${message}` }
    if (reason === 'RolloutAborted' || reason === 'ProgressDeadlineExceeded')
      return { phase: 'Degraded', message: `${reason}: ${message}` }
  }
  if (spec.paused === true) return { phase: 'Paused', message: 'manually paused' }
  const pause = status.pauseConditions?.[0]
  if (pause !== undefined) return { phase: 'Paused', message: pause.reason }
  if (needsRestart(spec, status)) return progressing('rollout is restarting')
  if ((status.updatedReplicas ?? 0) < (spec.replicas ?? 1)) return progressing('more replicas need to be updated')
  if ((status.availableReplicas ?? 0) < (status.updatedReplicas ?? 0))
    return progressing('updated replicas are still becoming available')
  const promoted = status.stableRS != null && status.stableRS === status.currentPodHash
  const { blueGreen, canary } = spec.strategy
  if (blueGreen !== undefined) {
    if (!status.blueGreen?.activeSelector || status.blueGreen.activeSelector !== status.currentPodHash)
      return progressing('active service cutover pending')
    const analysis = status.blueGreen.postPromotionAnalysisRunStatus?.status
    const analysing =
      blueGreen.postPromotionAnalysis !== undefined &&
      !['Successful', 'Failed', 'Error', 'Inconclusive'].includes(analysis)
    if (!promoted)
      return progressing(
        analysing ? 'waiting for analysis to complete' : 'waiting for post-promotion verification to complete',
      )
  } else if (canary.trafficRouting === undefined && (status.replicas ?? 0) > (status.updatedReplicas ?? 0))
    return progressing('old replicas are pending termination')
  return promoted ? { phase: 'Healthy', message: '' } : progressing('waiting for all steps to complete')
}
