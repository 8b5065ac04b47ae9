import { type Cluster, ClusterError, type Query, type Resource } from '../cluster/port.ts'
import { at, strings, text } from '../domain/objects/fields.ts'
import { HASH_LABEL } from '../domain/objects/labels.ts'

/**
 * Objects that are asked for before it is known which ones belong to the Rollouts: where there are more, they were
 * asked for in vain, which may not cost more than a round trip.
 */
export const EARLY = 100

/**
 * All there is of a resource, where it is little; undefined where there is more, and where it could not be read: nobody
 * knows yet whether it is needed, and who needs it asks for it.
 */
export async function fewOf(
  cluster: Cluster,
  resource: Resource,
  query: Query,
  signal?: AbortSignal,
): Promise<readonly unknown[] | undefined> {
  try {
    const { items, isAll } = await cluster.listFirst(resource, query, { atMost: EARLY, guess: true }, signal)
    return isAll ? items : undefined
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return undefined
  }
}

/** Where a Rollout's status names its ReplicaSets by their hashes (argo-rollouts, types.go, RolloutStatus). */
const HASHES = [['currentPodHash'], ['stableRS'], ['blueGreen', 'activeSelector'], ['blueGreen', 'previewSelector']]

/** Whether Rollouts name ReplicaSets that are not there: these were read before the Rollouts were. */
export function lacks(replicaSets: readonly unknown[], rollouts: readonly unknown[]): boolean {
  const there = new Set(
    replicaSets.map((each) => within(each, strings(at(each, 'metadata', 'labels')).get(HASH_LABEL))),
  )
  return rollouts.some((each) =>
    HASHES.some((path) => {
      const hash = text(at(each, 'status', ...path))
      return hash !== undefined && hash !== '' && !there.has(within(each, hash))
    }),
  )
}

function within(object: unknown, hash: string | undefined): string {
  return `${text(at(object, 'metadata', 'namespace'))}/${hash}`
}
