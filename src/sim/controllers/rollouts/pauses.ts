import { timestamp } from '../../objects.ts'
import { hasPause, pauseOf, type View } from './view.ts'

export function isAborted({ pauses, status }: Pick<View, 'pauses' | 'status'>): boolean {
  return pauses.abort === false ? false : pauses.abort !== undefined || status.abort === true
}

/** The abort and pause fields of the next status; null is absent. */
export function pauseFields(view: View): Record<string, unknown> {
  const { pauses, status, world } = view
  if (isAborted(view))
    return {
      abort: true,
      abortedAt: status.abortedAt ?? timestamp(world.now),
      controllerPause: null,
      pauseConditions: null,
    }
  const none = { abort: null, abortedAt: null, controllerPause: null, pauseConditions: null }
  if (pauses.clear) return none
  const kept = (status.pauseConditions ?? []).filter((each: { reason: string }) => !pauses.remove.has(each.reason))
  const added = [...pauses.add]
    .filter((reason) => !hasPause(status, reason))
    .map((reason) => ({ reason, startTime: timestamp(world.now) }))
  const conditions = [...kept, ...added]
  return conditions.length === 0
    ? none
    : {
        ...none,
        controllerPause: added.length > 0 ? true : (status.controllerPause ?? null),
        pauseConditions: conditions,
      }
}

/**
 * Whether a blue/green gate has been passed: by hand, by its timer, or before (rollout/pause.go
 * CompletedBlueGreenPause).
 */
export function passedBlueGreenGate({ pauses, status, spec, world }: View): boolean {
  const { autoPromotionEnabled = true, autoPromotionSeconds = 0 } = spec.strategy.blueGreen
  const pause = pauseOf(status, 'BlueGreenPause')
  if (pauses.add.size > 0) return false
  if (status.blueGreen?.scaleUpPreviewCheckPoint === true) return true
  if (!autoPromotionEnabled) return status.controllerPause === true && pause === undefined
  if (autoPromotionSeconds === 0) return true
  return pause !== undefined && world.now >= Date.parse(pause.startTime) + 1000 * autoPromotionSeconds
}

/** Whether a canary's pause step is over: by hand, or by its duration (rollout/pause.go CompletedCanaryPauseStep). */
export function passedPauseStep({ status, world }: View, seconds: number | undefined): boolean {
  const pause = pauseOf(status, 'CanaryPauseStep')
  if (pause === undefined) return status.controllerPause === true
  return seconds !== undefined && world.now >= Date.parse(pause.startTime) + 1000 * seconds
}

/** Seconds of `30`, `"30s"`, `"5m"`, `"1h"`; undefined stands until promoted. */
export function pauseSeconds(duration: number | string | undefined): number | undefined {
  if (duration === undefined) return undefined
  const [, number, unit = 's'] = /^(\d+)(s|m|h)?$/.exec(String(duration)) ?? []
  return Number(number ?? 0) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h']
}
