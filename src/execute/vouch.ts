import { type Cluster, ClusterError } from '../cluster/port.ts'
import type { Group } from '../domain/group/read-group.ts'
import { type Vouching, vouchingWrites } from '../domain/release/vouched.ts'

/**
 * Keeps on the revisions that wait what was found out about them. Best effort: where it cannot be kept, a run that goes
 * on finds it out again.
 */
export async function vouch(
  cluster: Cluster,
  group: Group,
  vouching: Vouching,
  words: string,
  warn: (sentence: string) => void,
): Promise<void> {
  try {
    for (const { replicaSet, operations } of vouchingWrites(group, vouching, words))
      await cluster.patch('replicasets', { namespace: group.namespace, name: replicaSet }, operations)
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    warn(`it is not kept on the ReplicaSets, and would be asked for again: ${error.message}`)
  }
}
