import { type Cluster, ClusterError } from '../cluster/port.ts'
import { readGroup } from '../domain/group/read-group.ts'
import { type Why, whyNotReady } from '../domain/group/why-not-ready.ts'
import { discover, type Scope } from '../watch/discover.ts'

/** Why something does not come, with what its container wrote last. */
export interface Explained {
  readonly sentence: string
  readonly log: readonly string[]
}

/** More than these are not told, of reasons and of the lines of each log. */
const MOST = 5

/**
 * Why pods of a group are not ready, as the cluster says it now: read where something did not come in time, or failed.
 * What may not be read is said in its place; of a log that cannot be had nothing is.
 * @param signal ends the reading: then nothing is said
 */
export async function whyNotReadyNow(
  cluster: Cluster,
  scope: Scope,
  group: string,
  signal: AbortSignal,
  only?: readonly string[],
): Promise<Explained[]> {
  try {
    const snapshot = await discover(cluster, scope, signal, { pods: true })
    const { namespace } = scope
    const warnings = await cluster.list('events', { namespace, fieldSelector: 'type=Warning' }, signal)
    const { members } = readGroup(snapshot, group)
    const meant = members.filter((each) => only === undefined || only.includes(each.name))
    const found = whyNotReady(meant, snapshot.pods ?? [], warnings.items).slice(0, MOST)
    return await Promise.all(
      found.map(async (why) => ({ sentence: why.sentence, log: await lastWords(cluster, namespace, why.log, signal) })),
    )
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    if (error.reason === 'Aborted') return []
    return [{ sentence: `why pods are not ready cannot be read: ${error.message}`, log: [] }]
  }
}

/** What was written last of the container that ended, or, where that one is gone, of the one that runs. */
export async function lastWords(
  cluster: Pick<Cluster, 'log'>,
  namespace: string,
  log: Why['log'],
  signal: AbortSignal,
): Promise<string[]> {
  if (log === undefined) return []
  for (const previous of [true, false]) {
    try {
      const { pod: name, container } = log
      const text = await cluster.log({ namespace, name }, { container, lines: MOST, previous }, signal)
      return text
        .split('\n')
        .filter((each) => each.trim() !== '')
        .slice(-MOST)
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
    }
  }
  return []
}
