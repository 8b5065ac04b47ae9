import { ClusterError, type Cluster, type Resource } from '../cluster/port.ts'
import { configMapNames, type Snapshot } from '../domain/group.ts'
import { HASH_LABEL, SERVICE_NAME } from '../domain/labels.ts'
import { at, strings, text } from '../domain/parse.ts'
import type { Config } from '../domain/environment.ts'

/** Which Rollouts to read: by label selector, in one namespace. */
export interface Scope {
  readonly namespace: string
  /** E.g. `app.kubernetes.io/part-of=loan`. */
  readonly selector: string
}

/** Sets longer than this are not worth a URL; everything is listed instead. */
const LONGEST_SET = 60

/**
 * Reads a group: one LIST each of Rollouts, Services, ReplicaSets and EndpointSlices, in two round trips, and the ConfigMaps
 * the templates name. The number of requests does not grow with the members, ConfigMaps aside.
 * @param withPods list the pods too, so that terminating ones count
 * @throws ClusterError where the Rollouts cannot be read; what else may not be read is said in `unreadable`
 */
export async function discover(cluster: Cluster, scope: Scope, signal?: AbortSignal, withPods = false): Promise<Snapshot> {
  const { namespace, selector } = scope
  const unreadable: string[] = []
  const readable = async (resource: Resource, labelSelector?: string): Promise<readonly unknown[] | undefined> => {
    try {
      return (await cluster.list(resource, { namespace, ...(labelSelector !== undefined && { labelSelector }) }, signal)).items
    } catch (error) {
      if (!(error instanceof ClusterError) || error.reason !== 'Forbidden') throw error
      unreadable.push(error.message)
      return undefined
    }
  }
  const [rollouts, services] = await Promise.all([
    cluster.list('rollouts', { namespace, labelSelector: selector }, signal).then((each) => each.items),
    readable('services'),
  ])
  const [replicaSets, endpointSlices, pods] = rollouts.length === 0 ? [[], [], []] : await Promise.all([
    readable('replicasets', replicaSetSelector(rollouts)),
    readable('endpointslices', sliceSelector(services ?? [])),
    withPods ? readable('pods', replicaSetSelector(rollouts)) : undefined,
  ])
  const names = configMapNames({ rollouts, replicaSets: replicaSets ?? [], ...(pods !== undefined && { pods }) })
  const configs = new Map(await Promise.all(names.map(async (name) => [name, await readConfig(cluster, namespace, name, signal)] as const)))
  for (const [name, config] of configs) {
    if (config === 'forbidden') unreadable.push(`ConfigMap ${name} in namespace ${namespace} may not be read, so the wires and versions it holds are unknown`)
  }
  return {
    namespace, rollouts, replicaSets: replicaSets ?? [], services: services ?? [], endpointSlices,
    ...(pods !== undefined && { pods }), configs, unreadable,
  }
}

/** Reads one ConfigMap's data; missing and forbidden ones are answers, not errors. */
export async function readConfig(cluster: Cluster, namespace: string, name: string, signal?: AbortSignal): Promise<Config> {
  try {
    return strings(at(await cluster.get('configmaps', { namespace, name }, signal), 'data'))
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'NotFound') return 'missing'
    if (error instanceof ClusterError && error.reason === 'Forbidden') return 'forbidden'
    throw error
  }
}

/** The members' own selector where they share one key (`app in (a,b)`), otherwise every ReplicaSet of a Rollout. */
export function replicaSetSelector(rollouts: readonly unknown[]): string {
  const labels = rollouts.map((raw) => strings(at(raw, 'spec', 'selector', 'matchLabels')))
  const shared = [...(labels[0]?.keys() ?? [])].find((key) => labels.every((each) => each.has(key)))
  const values = shared === undefined ? [] : [...new Set(labels.map((each) => each.get(shared)!))]
  return shared === undefined || values.length > LONGEST_SET ? HASH_LABEL : `${HASH_LABEL},${shared} in (${values.sort().join(',')})`
}

/** The slices of the Services that select pods by a selector, by name where these are few. */
function sliceSelector(services: readonly unknown[]): string {
  const names = services.filter((raw) => strings(at(raw, 'spec', 'selector')).size > 0).flatMap((raw) => text(at(raw, 'metadata', 'name')) ?? [])
  return names.length === 0 || names.length > LONGEST_SET ? SERVICE_NAME : `${SERVICE_NAME} in (${names.sort().join(',')})`
}
