import { available, hashOf, type View } from './view.ts'

/** A canary whose traffic a router splits: the key is there. */
export function isRouted({ spec }: Pick<View, 'spec'>): boolean {
  return spec.strategy.canary?.trafficRouting !== undefined
}

/** What all weights of a canary are parts of (utils/weightutil MaxTrafficWeight). */
export function maxWeight({ spec }: Pick<View, 'spec'>): number {
  return spec.strategy.canary.trafficRouting?.maxTrafficWeight ?? 100
}

/**
 * The weight in force: the nearest setWeight at or before the step, nothing after an abort, all past the last step
 * (utils/replicaset GetCurrentSetWeight).
 */
export function setWeight({ spec, status }: Pick<View, 'spec' | 'status'>): number {
  const steps = spec.strategy.canary.steps ?? []
  const index = status.currentStepIndex ?? 0
  if (status.abort === true) return 0
  if (index >= steps.length) return maxWeight({ spec })
  return steps.slice(0, index + 1).findLast((each: any) => each.setWeight !== undefined)?.setWeight ?? 0
}

/**
 * Aborted with dynamicStableScale, the canary goes back step by step, as the stable pods come (utils/replicaset
 * GetDesiredCanaryWeight).
 */
export function desiredWeight(view: View): number {
  const { spec, status, stable, fresh, replicas } = view
  const { dynamicStableScale, steps = [] } = spec.strategy.canary
  if (status.abort !== true || dynamicStableScale !== true || stable === undefined) return setWeight(view)
  const pods = Math.max(replicas - available(stable), available(fresh))
  const lower = steps.findLast(({ setWeight: weight }: any) => weight !== undefined && podsFor(view, weight) < pods)
  return lower?.setWeight ?? 0
}

/** Pods that a weight asks for. */
export function podsFor(view: View, weight: number): number {
  return Math.ceil((weight * view.replicas) / maxWeight(view))
}

/**
 * The hash of the revision that goes back to a stable one whose pods are not all there yet (utils/rollout
 * IsDynamicallyRollingBackToStable).
 */
export function dynamicallyBack(view: View): string | undefined {
  const { spec, status, fresh, replicas } = view
  const promoted = status.stableRS !== undefined && status.stableRS === status.currentPodHash
  const before = status.canary?.weights?.canary.podTemplateHash
  if (!promoted || !isRouted(view) || spec.strategy.canary.dynamicStableScale !== true || before === undefined)
    return undefined
  return before === hashOf(fresh) || available(fresh) >= replicas ? undefined : before
}

/**
 * The canary's weight on the way back: none, or with dynamicStableScale what the stable pods cannot take yet
 * (rollout/trafficrouting.go calculateDesiredWeightOnAbortOrStableRollback).
 */
export function abortedWeight(view: View): number {
  const { spec, status, stable, replicas } = view
  if (spec.strategy.canary.dynamicStableScale !== true || stable === undefined || replicas === 0) return 0
  const most = maxWeight(view)
  const wants = desiredWeight(view)
  const stableCan = Math.floor((most * available(stable)) / replicas)
  const left = Math.max(0, most - stableCan)
  const current: number | undefined = status.canary?.weights?.canary.weight
  if (current === undefined) return Math.max(left, wants)
  if (wants <= 0) return Math.min(left, current)
  return stableCan < most - wants ? current : Math.min(wants, current)
}
