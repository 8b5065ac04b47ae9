import { type Cluster, ClusterError, type Query, type Resource } from '../cluster/port.ts'
import { configMapNames } from '../domain/group/read-group.ts'
import { servicesUsed } from '../domain/group/services-used.ts'
import { emptyNamespace, type Snapshot } from '../domain/group/snapshot.ts'
import { type Config, parseConfigMap } from '../domain/objects/config-map.ts'
import { briefOf } from '../domain/objects/brief-service.ts'
import { at, text } from '../domain/objects/fields.ts'
import { HASH_LABEL, SERVICE_NAME } from '../domain/objects/labels.ts'
import { countTerminating } from '../domain/objects/replica-set.ts'
import { parseSlice } from '../domain/objects/service.ts'
import { fewOf, lacks } from './early.ts'
import { earlyServices, withUsed } from './early-services.ts'
import { oneOf, replicaSetSelector, slicesOf } from './selectors.ts'

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

/** How a group is read. */
export interface Manner {
  /** The pods, too, so that terminating ones count: where they may not be read, the ReplicaSets must count these. */
  readonly pods?: boolean
  /** All at once, where there is little: for who looks and writes nothing. */
  readonly early?: boolean
  /** What leads in from outside, too, as who plans must know it: two requests more, in the first round trip. */
  readonly fronts?: boolean
}

/**
 * Reads a group: one LIST each of Rollouts, Services, ReplicaSets and EndpointSlices, in two round trips, and the
 * ConfigMaps the templates name; where other Services may select the members' pods, their slices in a third one. The
 * number of requests does not grow with the members, ConfigMaps aside. Early, it is one round trip where the scope has
 * few ReplicaSets and EndpointSlices, otherwise two requests more.
 * @throws ClusterError where the Rollouts cannot be read; what else may not be read is said in `unreadable`
 */
export async function discover(
  cluster: Cluster,
  scope: Scope,
  signal?: AbortSignal,
  how: Manner = {},
): Promise<Snapshot> {
  const [[snapshot = emptyNamespace(scope.namespace)], fronts] = await Promise.all([
    discoverNamespaces(cluster, scope, signal, how),
    how.fronts === true ? frontsOf(cluster, scope, signal) : undefined,
  ])
  return fronts === undefined ? snapshot : { ...snapshot, fronts }
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
  { pods: withPods = false, early = false }: Manner = {},
): Promise<Snapshot[]> {
  const refused: { readonly of: Resource; readonly sentence: string }[] = []
  const query = (labelSelector?: string): Query => ({
    ...(namespace !== undefined && { namespace }),
    ...(labelSelector !== undefined && { labelSelector }),
  })
  const allowed = async <T>(of: Resource, reading: Promise<T>): Promise<T | undefined> => {
    try {
      return await reading
    } catch (error) {
      if (!(error instanceof ClusterError) || error.reason !== 'Forbidden') throw error
      refused.push({ of, sentence: error.message })
      return undefined
    }
  }
  const readable = async (of: Resource, labelSelector?: string) =>
    (await allowed(of, cluster.list(of, query(labelSelector), signal)))?.items
  const few = (of: Resource, labelSelector?: string) =>
    early ? fewOf(cluster, of, query(labelSelector), signal) : undefined
  const listed = cluster.list('rollouts', query(selector), signal).then((each) => each.items)
  const reading =
    early && namespace !== undefined
      ? allowed('services', earlyServices(cluster, namespace, listed, signal))
      : readable('services').then((items) => items && { items, others: [] })
  const around = () => reading.then((each) => each && [...each.items.map(briefOf), ...each.others])
  const [fewSets, fewSlices] = [few('replicasets', HASH_LABEL), few('endpointslices')]
  const setsOf = async (members: readonly unknown[]) => {
    const sets = await fewSets
    return sets === undefined || lacks(sets, members) ? readable('replicasets', replicaSetSelector(members)) : sets
  }
  const [rollouts, services, [replicaSets, endpointSlices, pods]] = await Promise.all([
    listed,
    reading.then((each) => each?.items),
    listed.then(async (members) =>
      members.length === 0
        ? []
        : Promise.all([
            setsOf(members),
            (await fewSlices) ?? slicesOf(members, around(), (each) => readable('endpointslices', each)),
            withPods ? readable('pods', replicaSetSelector(members)) : undefined,
          ]),
    ),
  ])
  if (rollouts.length === 0) return []
  const unreadable = countTerminating(replicaSets ?? []) ? refused.filter((each) => each.of !== 'pods') : refused
  const within = [rollouts, services, replicaSets, endpointSlices, pods].map(
    (each) => each && (namespace === undefined ? Map.groupBy(each, namespaceOf) : new Map([[namespace, each]])),
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
      const snapshot = {
        namespace: each,
        ...read,
        services: ownServices ?? [],
        endpointSlices: ownSlices,
        configs,
        unreadable: [...unreadable.map(({ sentence }) => sentence), ...forbiddenIn(each, configs)],
      }
      const others = (await reading)?.others ?? []
      return others.length === 0 ? snapshot : withUsed(cluster, snapshot, others, signal)
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

/** The same, with what only old ReplicaSets name: ConfigMaps, and the slices of Services that are of no member. */
export async function withEarlier(
  cluster: Cluster,
  { namespace }: Scope,
  snapshot: Snapshot,
  signal?: AbortSignal,
): Promise<Snapshot> {
  const names = configMapNames(snapshot, (role) => role === 'old').filter((each) => !snapshot.configs.has(each))
  const read = names.map(async (name) => [name, await readConfig(cluster, namespace, name, signal)] as const)
  const known = { ...snapshot, configs: new Map([...snapshot.configs, ...(await Promise.all(read))]) }
  const { endpointSlices } = known
  if (endpointSlices === undefined) return known
  const there = new Set(endpointSlices.map((each) => parseSlice(each).service))
  const asked = [...(servicesUsed(known, [])?.called ?? [])].filter((each) => !there.has(each))
  const labelSelector = oneOf(SERVICE_NAME, asked)
  if (labelSelector === undefined) return known
  try {
    const { items } = await cluster.list('endpointslices', { namespace, labelSelector }, signal)
    return {
      ...known,
      endpointSlices: [...endpointSlices, ...items.filter((each) => !there.has(parseSlice(each).service))],
    }
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'Forbidden') return known
    throw error
  }
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

/** The namespace of an object; empty where it has none. */
export function namespaceOf(object: unknown): string {
  return text(at(object, 'metadata', 'namespace')) ?? ''
}
