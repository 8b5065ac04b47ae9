import { type Canary, weightAt } from '../objects/strategy.ts'

/** `maxUnavailable: 0` keeps the last old pod until the stable Service has moved (seen on 1.10.1). */
export function neverUnavailable(strategy: Canary): boolean {
  return isNone(strategy.maxUnavailable)
}

/**
 * The steps after one, up to another, at which an un-routed canary has no stable pod left, though the stable Service
 * moves only at its end: at weight 100, and where a single pod that may not surge is nearer to the canary's side
 * (argo-rollouts, utils/replicaset/canary.go approximateWeightedCanaryStableReplicaCounts).
 */
export function stepsWithoutStable(strategy: Canary, replicas: number, after: number, upTo: number): number[] {
  if (strategy.routed) return []
  return strategy.steps.flatMap((step, index) =>
    index > after && index <= upTo && step.kind === 'setWeight' && takesAll(strategy, replicas, step.weight)
      ? [index]
      : [],
  )
}

/** Whether an un-routed canary has no stable pod at a step. */
export function isWithoutStable(strategy: Canary, replicas: number, index: number): boolean {
  return !strategy.routed && takesAll(strategy, replicas, weightAt(strategy, index))
}

function takesAll(strategy: Canary, replicas: number, weight: number): boolean {
  return weight >= 100 || (replicas === 1 && isNone(strategy.maxSurge) && weight >= 50)
}

function isNone(pods: string | number): boolean {
  return /^0+%?$/.test(String(pods))
}
