import { desiredWeight, isRouted, maxWeight, podsFor } from './canary-weights.ts'
import { available, hashOf, sum, type View } from './view.ts'

/** Replicas of the canary and of the stable ReplicaSet that a pass asks for. */
export interface Counts {
  readonly canary: number
  readonly stable: number
}

/** What the canary is scaled by: setCanaryScale before setWeight; everything once it is stable or promoted in full. */
function wanted(view: View): { readonly replicas?: number; readonly weight: number } {
  const { status, hash } = view
  if (
    status.promoteFull === true ||
    status.stableRS === undefined ||
    status.currentPodHash === status.stableRS ||
    hash === status.stableRS
  )
    return { weight: maxWeight(view) }
  const scale = canaryScale(view)
  if (scale?.replicas !== undefined) return { replicas: scale.replicas, weight: 0 }
  return { weight: scale?.weight ?? desiredWeight(view) }
}

/** utils/replicaset UseSetCanaryScale: after an abort only where what is aborted stays. */
function canaryScale(view: View): { readonly replicas?: number; readonly weight?: number } | undefined {
  const { spec, status } = view
  const { steps = [], abortScaleDownDelaySeconds } = spec.strategy.canary
  if (!isRouted(view) || (status.abort === true && abortScaleDownDelaySeconds !== 0)) return undefined
  const index = status.currentStepIndex ?? 0
  if (index >= steps.length) return undefined
  const scale = steps.slice(0, index + 1).findLast((each: any) => each.setCanaryScale !== undefined)?.setCanaryScale
  return scale?.matchTrafficWeight === true ? undefined : scale
}

/** @param weights that the routers were told: of the status by default */
export function canaryCounts(view: View, weights = view.status.canary?.weights): Counts {
  return isRouted(view) ? routed(view, weights) : basic(view)
}

/**
 * With a traffic router the stable ReplicaSet stays full, or with dynamicStableScale as large as what is sent to it
 * (utils/replicaset CalculateReplicaCountsForTrafficRoutedCanary).
 */
function routed(view: View, weights: any): Counts {
  const { replicas, weight } = wanted(view)
  const { dynamicStableScale } = view.spec.strategy.canary
  const canary = replicas ?? atLeast(view, podsFor(view, weight))
  if (dynamicStableScale !== true) return { canary, stable: view.replicas }
  const stable = Math.max(podsFor(view, maxWeight(view) - weight), weights ? podsFor(view, weights.stable.weight) : 0)
  const going = view.status.abort === true && weights ? podsFor(view, weights.canary.weight) : 0
  return { canary: atLeast(view, Math.max(canary, going)), stable: atLeast(view, stable) }
}

/** utils/replicaset CheckMinPodsPerReplicaSet. */
function atLeast({ spec, replicas }: View, count: number): number {
  return count === 0 ? 0 : Math.max(count, Math.min(spec.strategy.canary.minPodsPerReplicaSet ?? 0, replicas))
}

/** Whether the pods of a step are there (utils/replicaset AtDesiredReplicaCountsForCanary). */
export function atCounts(view: View, weights: unknown): boolean {
  const { fresh, stable, others, spec } = view
  const counts = canaryCounts(view, weights ?? null)
  if (!thresholdMet(view, fresh, counts.canary)) return false
  const follows = isRouted(view) && spec.strategy.canary.dynamicStableScale === true
  if (!follows && (stable?.spec.replicas !== counts.stable || (stable?.status?.replicas ?? 0) !== counts.stable))
    return false
  return isRouted(view) || sum(others, available) === 0
}

/** All pods, or as many as `replicaProgressThreshold` asks for (utils/replicaset ReplicaProgressThresholdMet). */
export function thresholdMet({ spec }: View, set: View['fresh'], desired: number): boolean {
  const threshold = spec.strategy.canary.replicaProgressThreshold
  if (threshold === undefined) return set.spec.replicas === desired && available(set) === desired
  if (threshold.type !== 'Percent') return available(set) >= threshold.value
  return desired === 0 || (available(set) / desired) * 100 >= threshold.value - 1e-10
}

/**
 * Without one, traffic is split by pods: as near to the weight as whole pods come, never more than `maxSurge` above nor
 * `maxUnavailable` below the replicas (utils/replicaset CalculateReplicaCountsForBasicCanary).
 */
function basic(view: View): Counts {
  const { fresh, stable, others, replicas } = view
  const surge = maxSurge(view)
  const two = stable !== undefined && hashOf(stable) !== hashOf(fresh)
  const desired = two ? approximate(replicas, wanted(view).weight, surge) : { canary: replicas, stable: 0 }
  const specOf = (set: typeof stable): number => set?.spec.replicas ?? 0
  const old = sum(others, specOf)
  const most = replicas + surge
  let up = most - old - specOf(fresh) - (two ? specOf(stable) : 0)
  const next = { canary: specOf(fresh), stable: two ? specOf(stable) : 0 }
  if (two && specOf(stable) < desired.stable && up > 0) {
    next.stable = Math.min(specOf(stable) + up, desired.stable)
    up -= next.stable - specOf(stable)
  }
  if (specOf(fresh) < desired.canary && up > 0) next.canary = Math.min(specOf(fresh) + up, desired.canary)
  if (old > 0) return next
  const least = replicas - maxUnavailable(view)
  const growing = desired.canary >= specOf(fresh)
  const counting = (set: typeof stable, ignoring: boolean) =>
    set === undefined ? 0 : specOf(set) < available(set) || ignoring ? specOf(set) : available(set)
  const down = counting(fresh, !growing) + (two ? counting(stable, growing) : 0) - least
  if (down <= 0) return next
  if (!growing) {
    if (specOf(fresh) > desired.canary) next.canary = Math.max(desired.canary, specOf(fresh) - down)
    const [canary, kept] = withinLimits(
      { count: next.canary, available: available(fresh) },
      { count: next.stable, available: available(stable), there: two },
      most,
      least,
    )
    return { canary, stable: kept }
  }
  if (!two) return next
  if (specOf(stable) > desired.stable) next.stable = Math.max(desired.stable, specOf(stable) - down)
  const [kept, canary] = withinLimits(
    { count: next.stable, available: available(stable) },
    { count: next.canary, available: available(fresh), there: true },
    most,
    least,
  )
  return { canary, stable: kept }
}

/** utils/replicaset adjustReplicaWithinLimits: who grows gives way to the surge, as far as availability allows. */
function withinLimits(
  drain: { count: number; available: number },
  grow: { count: number; available: number; there: boolean },
  most: number,
  least: number,
): [drain: number, grow: number] {
  if (!grow.there) return [drain.count, grow.count]
  let count = grow.count - Math.max(0, grow.count + drain.count - most)
  const there = Math.min(drain.available, drain.count) + Math.min(grow.available, count)
  count += Math.min(Math.max(0, grow.available - count), Math.max(0, least - there))
  return [drain.count - Math.max(0, count + drain.count - most), count]
}

/**
 * utils/replicaset approximateWeightedCanaryStableReplicaCounts: a weight between 1 and 99 has at least one pod on each
 * side.
 */
function approximate(replicas: number, weight: number, surge: number): Counts {
  if (replicas === 0) return { canary: 0, stable: 0 }
  const [ceiling, floor] = [Math.ceil((replicas * weight) / 100), Math.floor((replicas * weight) / 100)]
  const tied = (total: number) => ((total * weight) / 100) % 1 === 0.5
  const zeroAllowed = weight === 100 || weight === 0 || (replicas === 1 && surge === 0)
  const options = [
    ...(ceiling < replicas || zeroAllowed ? [{ canary: ceiling, total: replicas }] : []),
    ...(!tied(replicas) && (floor !== 0 || zeroAllowed) ? [{ canary: floor, total: replicas }] : []),
    ...(surge > 0 ? [{ canary: ceiling, total: replicas + 1 }] : []),
    ...(surge > 0 && !tied(replicas + 1) && (floor !== 0 || zeroAllowed)
      ? [{ canary: floor, total: replicas + 1 }]
      : []),
  ]
  const off = ({ canary, total }: { canary: number; total: number }) => Math.abs((canary * 100) / total - weight)
  const best = options.reduce<{ canary: number; total: number } | undefined>(
    (found, each) => (found === undefined || off(each) < off(found) ? each : found),
    undefined,
  )
  return best === undefined
    ? { canary: 0, stable: replicas }
    : { canary: best.canary, stable: best.total - best.canary }
}

/**
 * Pods of a count or a percentage; both 0 would stand still, so one is then taken for 1 (utils/replicaset
 * resolveFenceposts).
 */
function fence({ spec, replicas }: View): { surge: number; unavailable: number } {
  const { maxSurge: surge = '25%', maxUnavailable: unavailable = '25%' } = spec.strategy.canary
  const pods = (value: number | string, round: (number: number) => number) =>
    typeof value === 'number' ? value : round((Number(value.replace('%', '')) * replicas) / 100)
  const found = { surge: pods(surge, Math.ceil), unavailable: pods(unavailable, Math.floor) }
  return found.surge === 0 && found.unavailable === 0 ? { ...found, unavailable: 1 } : found
}

function maxSurge(view: View): number {
  return fence(view).surge
}

export function maxUnavailable(view: View): number {
  return Math.min(view.replicas, fence(view).unavailable)
}
