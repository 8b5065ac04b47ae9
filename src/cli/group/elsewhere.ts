import { ClusterError } from '../../cluster/port.ts'
import { few } from '../../domain/checks/say.ts'
import { at, text } from '../../domain/objects/fields.ts'
import { printable } from '../../text/printable.ts'
import type { Target } from './target.ts'

/**
 * Of a group that is about to be deployed into a namespace that has none of it: the namespaces that have one, if there
 * are any that may be read. One LIST.
 * @throws ClusterError
 */
export async function elsewhere(
  { cluster, scope: { selector, namespace }, group }: Target,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const namespaces = await namespacesWith(cluster, selector, signal)
  if (namespaces.length === 0) return []
  return [
    printable(
      `warning: namespace ${namespace} has no group ${group}, so this would be its first release there; ` +
        `there is one in ${few(namespaces)}: for that one say -n ${namespaces[0]!}`,
    ),
  ]
}

/** Where nobody may look, there is nothing to say. */
async function namespacesWith(cluster: Target['cluster'], labelSelector: string, signal: AbortSignal) {
  try {
    const { items } = await cluster.list('rollouts', { labelSelector }, signal)
    return [...new Set(items.flatMap((raw) => text(at(raw, 'metadata', 'namespace')) ?? []))].sort()
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'Forbidden') return []
    throw error
  }
}
