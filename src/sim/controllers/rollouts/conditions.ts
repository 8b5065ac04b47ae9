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
  const now = timestamp(view.world.now)
  const before: Conditions = next.conditions ?? []
  const health = healthOf(view, next)
  const judged = health === undefined ? before : conditionSet(before, health, now)
  const becameUnhealthy = health?.status === 'False' && judged !== before
  const progress = progressOf(view, next, judged, becameUnhealthy)
  const moved = progress === undefined ? judged : conditionSet(judged, progress.said, now, progress.again)
  const counted = conditionSet(moved, availabilityOf(view, next), now)
  const failure = replicaFailure(view)
  const failing =
    failure === undefined
      ? counted.filter(({ type }) => type !== 'ReplicaFailure')
      : conditionSet(counted, { ...failure, type: 'ReplicaFailure' }, now)
  const completed = isComplete(next) ? 'True' : 'False'
  return conditionSet(
    failing,
    { type: 'Completed', status: completed, reason: 'RolloutCompleted', message: 'RolloutCompleted' },
    now,
  )
}

function isComplete(next: any): boolean {
  return next.stableRS !== undefined && next.stableRS === next.currentPodHash
}

function isPaused({ spec }: View, next: any): boolean {
  return (next.pauseConditions ?? []).length > 0 || spec.paused === true
}

/** Undefined while it was never healthy: nothing is said of it then. */
function healthOf(view: View, next: any): ConditionSaid | undefined {
  if (!isPaused(view, next) && isHealthy(view, next))
    return { type: 'Healthy', status: 'True', reason: 'RolloutHealthy', message: 'Rollout is healthy' }
  if (find(view.status.conditions, 'Healthy') === undefined) return undefined
  return { type: 'Healthy', status: 'False', reason: 'RolloutHealthy', message: 'Rollout is not healthy' }
}

/** What is said of the progress of an update; `again` with a new time, though it was said before. */
interface Progress {
  readonly said: ConditionSaid
  readonly again?: boolean
}

/** Undefined where what was said before stands. */
function progressOf(view: View, next: any, given: Conditions, becameUnhealthy: boolean): Progress | undefined {
  const { name } = view.fresh.metadata
  const said = (status: ConditionSaid['status'], reason: string, message: string): ConditionSaid => ({
    type: PROGRESSING,
    status,
    reason,
    message,
  })
  if (isAborted(view)) return { said: said('False', 'RolloutAborted', abortMessage(view)) }
  if (isHealthy(view, next))
    // Paused after the cutover, the real controller says this and RolloutPaused by turns, some sixty times a second
    // (seen on 1.10.1); here the pause stands.
    return isPaused(view, next) && !isComplete(next)
      ? undefined
      : { said: said('True', 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`) }
  if (progresses(view, next) || becameUnhealthy) {
    const lost = next.stableRS === next.currentPodHash && becameUnhealthy
    return {
      said: lost
        ? said('True', 'ReplicaSetNotAvailable', 'Rollout does not have minimum availability')
        : said('True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`),
      again: true,
    }
  }
  return !mayTakeItsTime(view) && timedOut(view, given) === true
    ? { said: said('False', 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`) }
    : undefined
}

function abortMessage({ pauses, rollout }: View): string {
  const why = pauses.abort ? pauses.abort.message : ''
  const revision = rollout.metadata.annotations?.['rollout.argoproj.io/revision'] ?? '0'
  return `Rollout aborted update to revision ${revision}${why === '' ? '' : `: ${why}`}`
}

function availabilityOf(view: View, next: any): ConditionSaid {
  const { spec, sets, replicas } = view
  const active = sets.find((each) => hashOf(each) === next.blueGreen?.activeSelector)
  const up = spec.strategy.blueGreen !== undefined ? isSaturated(view, active) : sum(sets, available) >= replicas
  return up
    ? { type: 'Available', status: 'True', reason: 'AvailableReason', message: 'Rollout has minimum availability' }
    : {
        type: 'Available',
        status: 'False',
        reason: 'AvailableReason',
        message: 'Rollout does not have minimum availability',
      }
}

/** Why pods were refused: of the new ReplicaSet, else of any (rollout/sync.go getReplicaFailures). */
function replicaFailure({ fresh, sets }: View): Omit<ConditionSaid, 'type'> | undefined {
  const found = [fresh, ...sets]
    .flatMap(({ status }) => status?.conditions ?? [])
    .find(({ type }) => type === 'ReplicaFailure')
  return found && { status: found.status, reason: found.reason, message: found.message }
}
