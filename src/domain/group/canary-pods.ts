import type { Canary } from '../objects/strategy.ts'

/** Pods on either side of a canary. */
export interface Sides {
  readonly canary: number
  readonly stable: number
}

/**
 * How many pods a weight without a traffic router makes: of those counts that come near to it, with one pod more where
 * it may surge, the nearest; a weight between 1 and 99 has a pod on either side (argo-rollouts,
 * utils/replicaset/canary.go approximateWeightedCanaryStableReplicaCounts).
 */
export function podsByWeight({ maxSurge }: Pick<Canary, 'maxSurge'>, replicas: number, weight: number): Sides {
  const surges = !/^0+%?$/.test(String(maxSurge))
  const mayBeNone = weight <= 0 || weight >= 100 || (replicas === 1 && !surges)
  const wanted = (replicas * weight) / 100
  const counts = [...(surges ? [replicas, replicas + 1] : [replicas])].flatMap((all) =>
    [Math.ceil(wanted), Math.floor(wanted)].map((canary): Sides => ({ canary, stable: all - canary })),
  )
  const off = ({ canary, stable }: Sides) => Math.abs((canary * 100) / (canary + stable) - weight)
  const [nearest] = counts
    .filter((each) => mayBeNone || (each.canary > 0 && each.stable > 0))
    .toSorted((one, other) => off(one) - off(other))
  return nearest ?? { canary: 0, stable: replicas }
}
