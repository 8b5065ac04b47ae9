import { timestamp } from '../../objects.ts'
import { type ConditionSaid, type Conditions, conditionSet, find, PROGRESSING } from './condition-set.ts'
import { isAborted } from './pauses.ts'
import { isHealthy, mayTakeItsTime, progresses, timedOut } from './progressing.ts'
import { available, hashOf, isSaturated, sum, type View } from './view.ts'

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
