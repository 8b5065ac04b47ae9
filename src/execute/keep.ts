import { type Cluster, ClusterError } from '../cluster/port.ts'
import type { VouchingWrite } from '../domain/release/vouched.ts'

/**
 * Keeps on ReplicaSets what was found out about them. Best effort.
 * @param warn told why it could not be kept
 */
export async function keep(
  cluster: Cluster,
  namespace: string,
  writes: readonly VouchingWrite[],
  warn: (why: string) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (const { replicaSet, operations } of writes)
      await cluster.patch('replicasets', { namespace, name: replicaSet }, operations, { signal })
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    warn(error.message)
  }
}
