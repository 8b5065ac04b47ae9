import { type Cluster, ClusterError, type Query, type Resource } from '../cluster/port.ts'
import { configMapNames } from '../domain/group/read-group.ts'
import { emptyNamespace, type Snapshot } from '../domain/group/snapshot.ts'
import { type Config, parseConfigMap } from '../domain/objects/config-map.ts'
import { at, strings, text } from '../domain/objects/fields.ts'
import { HASH_LABEL, SERVICE_NAME } from '../domain/objects/labels.ts'
import { parseRollout } from '../domain/objects/rollout.ts'
import { liveService, nextService } from '../domain/objects/strategy.ts'

/** Which Rollouts to read: by label selector, in one namespace. */
export interface Scope {
  readonly namespace: string
  /** E.g. `app.kubernetes.io/part-of=loan`. */
  readonly selector: string
}

/** A scope that may be the whole cluster. */
export interface Breadth {
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined
  readonly selector: string
}

/** Characters of a set in a URL: some proxies refuse lines beyond 8 kB. Everything is listed instead. */
const LONGEST_SET = 4000

/**
 * Reads a group: one LIST each of Rollouts, Services, ReplicaSets and EndpointSlices, in two round trips, and the
 * ConfigMaps the templates name. The number of requests does not grow with the members, ConfigMaps aside.
 * @param withPods list the pods too, so that terminating ones count
 * @throws ClusterError where the Rollouts cannot be read; what else may not be read is said in `unreadable`
 */
export async function discover(
  cluster: Cluster,
  scope: Scope,
  signal?: AbortSignal,
  withPods = false,
): Promise<Snapshot> {
  const [snapshot] = await discoverNamespaces(cluster, scope, signal, withPods)
  return snapshot ?? emptyNamespace(scope.namespace)
}

/**
 * Reads the Rollouts of one namespace or of all, as `discover` does and with as few requests: one snapshot for each
 * namespace that has any.
 * @throws ClusterError where the Rollouts cannot be read
 */
export async function discoverNamespaces(
  cluster: Cluster,
  { namespace, selector }: Breadth,
  signal?: AbortSignal,
  withPods = false,
): Promise<Snapshot[]> {
  const refused: string[] = []
  const query = (labelSelector?: string): Query => ({
    ...(namespace !== undefined && { namespace }),
    ...(labelSelector !== undefined && { labelSelector }),
  })
  const readable = async (resource: Resource, labelSelector?: string): Promise<readonly unknown[] | undefined> => {
    try {
      return (await cluster.list(resource, query(labelSelector), signal)).items
    } catch (error) {
      if (!(error instanceof ClusterError) || error.reason !== 'Forbidden') throw error
      refused.push(error.message)
      return undefined
    }
  }
  const [rollouts, services] = await Promise.all([
    cluster.list('rollouts', query(selector), signal).then((each) => each.items),
    readable('services'),
  ])
  if (rollouts.length === 0) return []
  const [replicaSets, endpointSlices, pods] = await Promise.all([
    readable('replicasets', replicaSetSelector(rollouts)),
    readable('endpointslices', sliceSelector(rollouts, services ?? [])),
    withPods ? readable('pods', replicaSetSelector(rollouts)) : undefined,
  ])
  const within = [rollouts, services, replicaSets, endpointSlices, pods].map(
    (each) => each && Map.groupBy(each, namespaceOf),
  )
  return Promise.all(
    [...within[0]!.keys()].sort().map(async (each): Promise<Snapshot> => {
      const [ownRollouts, ownServices, ownSets, ownSlices, ownPods] = within.map((of) => of && (of.get(each) ?? []))
      const read = {
        rollouts: ownRollouts!,
        replicaSets: ownSets ?? [],
        ...(ownPods !== undefined && { pods: ownPods }),
      }
      const configs = new Map(
        await Promise.all(
          configMapNames(read).map(async (name) => [name, await readConfig(cluster, each, name, signal)] as const),
        ),
      )
      return {
        namespace: each,
        ...read,
        services: ownServices ?? [],
        endpointSlices: ownSlices,
        configs,
        unreadable: [...refused, ...forbiddenIn(each, configs)],
      }
    }),
  )
}

/** The same, with the pods of its ReplicaSets; without, where these may not be read. */
export async function withPods(
  cluster: Cluster,
  { namespace }: Scope,
  snapshot: Snapshot,
  signal?: AbortSignal,
): Promise<Snapshot> {
  try {
    const query = { namespace, labelSelector: replicaSetSelector(snapshot.rollouts) }
    return { ...snapshot, pods: (await cluster.list('pods', query, signal)).items }
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'Forbidden') return snapshot
    throw error
  }
}

/** The same, with the ConfigMaps that only old ReplicaSets name. */
export async function withOldConfigs(
  cluster: Cluster,
  { namespace }: Scope,
  snapshot: Snapshot,
  signal?: AbortSignal,
): Promise<Snapshot> {
  const names = configMapNames(snapshot, (role) => role === 'old').filter((each) => !snapshot.configs.has(each))
  const read = names.map(async (name) => [name, await readConfig(cluster, namespace, name, signal)] as const)
  return { ...snapshot, configs: new Map([...snapshot.configs, ...(await Promise.all(read))]) }
}

/**
 * The Ingresses and HTTPRoutes of a namespace or of all; none where the cluster has no such kind.
 * @throws ClusterError
 */
export async function frontsOf(
  cluster: Cluster,
  { namespace }: Pick<Breadth, 'namespace'>,
  signal?: AbortSignal,
): Promise<NonNullable<Snapshot['fronts']>> {
  const read = (['ingresses', 'httproutes'] as const).map(async (resource) => {
    try {
      return (await cluster.list(resource, namespace === undefined ? {} : { namespace }, signal)).items
    } catch (error) {
      if (error instanceof ClusterError && error.reason === 'NotFound') return []
      if (error instanceof ClusterError && error.reason === 'Forbidden') return 'forbidden' as const
      throw error
    }
  })
  const found = await Promise.all(read)
  return found.includes('forbidden') ? 'forbidden' : found.flatMap((each) => each)
}

/** A sentence for each ConfigMap of a namespace that may not be read. */
export function forbiddenIn(namespace: string, configs: ReadonlyMap<string, Config>): string[] {
  return [...configs]
    .filter(([, config]) => config === 'forbidden')
    .map(
      ([name]) =>
        `ConfigMap ${name} in namespace ${namespace} may not be read, so the wires and versions it holds are unknown`,
    )
}

/** Reads one ConfigMap; missing and forbidden ones are answers, not errors. @param patient as of `Cluster.get` */
export async function readConfig(
  cluster: Cluster,
  namespace: string,
  name: string,
  signal?: AbortSignal,
  patient = false,
): Promise<Config> {
  try {
    return parseConfigMap(await cluster.get('configmaps', { namespace, name }, signal, patient))
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'NotFound') return 'missing'
    if (error instanceof ClusterError && error.reason === 'Forbidden') return 'forbidden'
    throw error
  }
}

/** The members' own selector where they share one key (`app in (a,b)`), otherwise every ReplicaSet of a Rollout. */
export function replicaSetSelector(rollouts: readonly unknown[]): string {
  const shared = sharedLabel(rollouts)
  const own = shared && setOf(shared.key, shared.values)
  return own === undefined ? HASH_LABEL : `${HASH_LABEL},${own}`
}

/**
 * The slices of the Services that the Rollouts name or that may select their pods, by name where these are few: those
 * of others, of which a namespace may have thousands, are not asked for.
 */
export function sliceSelector(rollouts: readonly unknown[], services: readonly unknown[]): string {
  const shared = sharedLabel(rollouts)
  const named = new Set(rollouts.flatMap(serviceNames))
  const names = services.flatMap((raw) => {
    const name = text(at(raw, 'metadata', 'name'))
    const selector = strings(at(raw, 'spec', 'selector'))
    const value = shared && selector.get(shared.key)
    const own = selector.size > 0 && (value === undefined || shared!.values.has(value))
    return name !== undefined && (own || named.has(name)) ? [name] : []
  })
  return setOf(SERVICE_NAME, names) ?? SERVICE_NAME
}

/** A label that each Rollout selects its pods by, with the values they have of it. */
function sharedLabel(rollouts: readonly unknown[]): { key: string; values: ReadonlySet<string> } | undefined {
  const labels = rollouts.map((raw) => strings(at(raw, 'spec', 'selector', 'matchLabels')))
  const key = [...(labels[0]?.keys() ?? [])].find((each) => labels.every((own) => own.has(each)))
  return key === undefined ? undefined : { key, values: new Set(labels.map((own) => own.get(key)!)) }
}

/** The Services a Rollout's strategy names. */
function serviceNames(raw: unknown): string[] {
  const rollout = parseRollout(raw)
  if (!('uid' in rollout)) return []
  return [liveService(rollout.strategy), nextService(rollout.strategy)].filter((each) => each !== undefined)
}

function setOf(key: string, values: Iterable<string>): string | undefined {
  const set = [...values].sort().join(',')
  return set === '' || set.length > LONGEST_SET ? undefined : `${key} in (${set})`
}

/** The namespace of an object; empty where it has none. */
export function namespaceOf(object: unknown): string {
  return text(at(object, 'metadata', 'namespace')) ?? ''
}
