import { timestamp } from '../../objects.ts'
import { isAborted } from './pauses.ts'
import { needsRestart } from './restart-time.ts'
import { available, deadlineOf, hashOf, isSaturated, sum, type View } from './view.ts'

export const PROGRESSING = 'Progressing'

/** A condition before its times are put on it. */
export interface ConditionSaid {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
}

interface Condition extends ConditionSaid {
  readonly lastUpdateTime: string
  readonly lastTransitionTime: string
}

export type Conditions = readonly Condition[]

/**
 * The conditions with one said anew: nothing changes where status and reason are the same (utils/conditions
 * SetRolloutCondition).
 */
export function conditionSet(conditions: Conditions, said: ConditionSaid, now: string, anew = false): Conditions {
  const current = conditions.find((each) => each.type === said.type)
  if (!anew && current?.status === said.status && current.reason === said.reason) return conditions
  const lastTransitionTime = current?.status === said.status ? current.lastTransitionTime : now
  return [...conditions.filter((each) => each.type !== said.type), { ...said, lastUpdateTime: now, lastTransitionTime }]
}

function find(conditions: Conditions | undefined, type: string): Condition | undefined {
  return conditions?.find((each) => each.type === type)
}

/**
 * Pause and retry as the Progressing and Paused conditions tell them, before anything else is done (rollout/sync.go
 * checkPausedConditions).
 */
export function pausedConditions({
  spec,
  status,
  world,
}: Pick<View, 'spec' | 'status' | 'world'>): Conditions | undefined {
  const conditions: Conditions = status.conditions ?? []
  const now = timestamp(world.now)
  const progressing = find(conditions, PROGRESSING)
  const paused = (status.pauseConditions ?? []).length > 0 || spec.paused === true
  const aborted = progressing?.reason === 'RolloutAborted'
  const complete = status.stableRS !== undefined && status.stableRS === status.currentPodHash
  let next = conditions
  if (paused !== (progressing?.reason === 'RolloutPaused') && !aborted && !complete) {
    next = conditionSet(
      next,
      paused
        ? { type: PROGRESSING, status: 'Unknown', reason: 'RolloutPaused', message: 'Rollout is paused' }
        : { type: PROGRESSING, status: 'Unknown', reason: 'RolloutResumed', message: 'Rollout is resumed' },
      now,
    )
  }
  if (status.abort !== true && aborted)
    next = conditionSet(
      next,
      { type: PROGRESSING, status: 'Unknown', reason: 'RolloutRetry', message: 'Retrying Rollout after abort' },
      now,
    )
  if (paused !== (find(conditions, 'Paused')?.status === 'True') && !aborted) {
    next = conditionSet(
      next,
      { type: 'Paused', status: paused ? 'True' : 'False', reason: 'RolloutPaused', message: 'Rollout is paused' },
      now,
    )
  }
  return next === conditions ? undefined : next
}

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
function isHealthy({ spec, status, rollout, replicas }: View, next: any): boolean {
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

/** The conditions of the next status (rollout/sync.go calculateRolloutConditions). */
export function nextConditions(view: View, next: any): Conditions {
  const { status, spec, rollout, fresh, sets, world, pauses } = view
  const now = timestamp(world.now)
  const before: Conditions = next.conditions ?? []
  const healthy = isHealthy(view, next)
  const paused = (next.pauseConditions ?? []).length > 0 || spec.paused === true
  const complete = next.stableRS !== undefined && next.stableRS === next.currentPodHash
  const name = fresh.metadata.name
  let conditions = before
  let becameUnhealthy = false
  if (!paused && healthy)
    conditions = conditionSet(
      conditions,
      { type: 'Healthy', status: 'True', reason: 'RolloutHealthy', message: 'Rollout is healthy' },
      now,
    )
  else if (find(status.conditions, 'Healthy') !== undefined) {
    const after = conditionSet(
      conditions,
      { type: 'Healthy', status: 'False', reason: 'RolloutHealthy', message: 'Rollout is not healthy' },
      now,
    )
    becameUnhealthy = after !== conditions
    conditions = after
  }
  if (isAborted(view)) {
    const why = pauses.abort ? pauses.abort.message : ''
    const revision = rollout.metadata.annotations?.['rollout.argoproj.io/revision'] ?? '0'
    conditions = conditionSet(
      conditions,
      {
        type: PROGRESSING,
        status: 'False',
        reason: 'RolloutAborted',
        message: `Rollout aborted update to revision ${revision}${why === '' ? '' : `: ${why}`}`,
      },
      now,
    )
  } else if (healthy) {
    // Paused after the cutover, the real controller says this and RolloutPaused by turns, some sixty times a second
    // (seen on 1.10.1); here the pause stands.
    if (!paused || complete)
      conditions = conditionSet(
        conditions,
        {
          type: PROGRESSING,
          status: 'True',
          reason: 'NewReplicaSetAvailable',
          message: `ReplicaSet "${name}" has successfully progressed.`,
        },
        now,
      )
  } else if (progresses(view, next) || becameUnhealthy) {
    const lost = next.stableRS === next.currentPodHash && becameUnhealthy
    conditions = conditionSet(
      conditions,
      lost
        ? {
            type: PROGRESSING,
            status: 'True',
            reason: 'ReplicaSetNotAvailable',
            message: 'Rollout does not have minimum availability',
          }
        : {
            type: PROGRESSING,
            status: 'True',
            reason: 'ReplicaSetUpdated',
            message: `ReplicaSet "${name}" is progressing.`,
          },
      now,
      true,
    )
  } else if (!mayTakeItsTime(view) && timedOut(view, conditions) === true) {
    conditions = conditionSet(
      conditions,
      {
        type: PROGRESSING,
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: `ReplicaSet "${name}" has timed out progressing.`,
      },
      now,
    )
  }
  const active = sets.find((each) => hashOf(each) === next.blueGreen?.activeSelector)
  const up = spec.strategy.blueGreen !== undefined ? isSaturated(view, active) : sum(sets, available) >= view.replicas
  conditions = conditionSet(
    conditions,
    up
      ? { type: 'Available', status: 'True', reason: 'AvailableReason', message: 'Rollout has minimum availability' }
      : {
          type: 'Available',
          status: 'False',
          reason: 'AvailableReason',
          message: 'Rollout does not have minimum availability',
        },
    now,
  )
  const failure = replicaFailure(view)
  conditions =
    failure === undefined
      ? conditions.filter(({ type }) => type !== 'ReplicaFailure')
      : conditionSet(conditions, { ...failure, type: 'ReplicaFailure' }, now)
  return conditionSet(
    conditions,
    { type: 'Completed', status: complete ? 'True' : 'False', reason: 'RolloutCompleted', message: 'RolloutCompleted' },
    now,
  )
}

/** Why pods were refused: of the new ReplicaSet, else of any (rollout/sync.go getReplicaFailures). */
function replicaFailure({ fresh, sets }: View): Omit<ConditionSaid, 'type'> | undefined {
  const found = [fresh, ...sets]
    .flatMap(({ status }) => status?.conditions ?? [])
    .find(({ type }) => type === 'ReplicaFailure')
  return found && { status: found.status, reason: found.reason, message: found.message }
}

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
