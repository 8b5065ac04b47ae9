import type { ReplicaSet } from '../objects/replica-set.ts'
import { refusalOf } from '../objects/refusal.ts'
import type { Rollout } from '../objects/rollout.ts'
import type { Unnamed } from './naming.ts'

/** The ReplicaSets of a Rollout, and which of them are live and next. */
export function inUse({ name, status: { stableRS, currentPodHash } }: Rollout, sets: readonly ReplicaSet[]): Unnamed {
  const live = sets.find((each) => each.hash === stableRS)
  const next = currentPodHash === stableRS ? undefined : sets.find((each) => each.hash === currentPodHash)
  return { name, sets, live, next }
}

/**
 * The ReplicaSets of a Rollout. One whose workload is gone has no selector any more, so that the controller lets go of
 * those it has (rollout/replicaset.go, ClaimReplicaSets); their pods serve on.
 */
export function setsOf(rollout: Rollout, sets: ReadonlyMap<string | undefined, ReplicaSet[]>): readonly ReplicaSet[] {
  const { name, uid, workloadRef, status } = rollout
  const own = sets.get(uid) ?? []
  if (own.length > 0 || workloadRef === undefined || refusalOf(rollout)?.of !== 'spec') return own
  return (sets.get(undefined) ?? []).filter(
    (set) => set.name === `${name}-${set.hash}` && (set.hash === status.stableRS || set.hash === status.currentPodHash),
  )
}

/** The revision that users are on; 0 where there is none. */
export function stableIn(sets: readonly ReplicaSet[], { status }: Rollout): number {
  return sets.find((set) => set.hash === status.stableRS)?.revision ?? 0
}
