import { at, fields, flag, list, text } from '../objects/fields.ts'
import { HASH_LABEL, MANAGED_BY, SERVICE_NAME } from '../objects/labels.ts'
import type { Group } from './read-group.ts'
import type { Snapshot } from './snapshot.ts'

/** What a group is read from, its Rollouts aside. */
export interface Sources {
  /** Of the owners of its ReplicaSets. */
  readonly uids: readonly string[]
  /** The Services that select their pods, with what is behind them. */
  readonly owned: readonly string[]
  /** The Services of Rollouts outside that they call. */
  readonly called: readonly string[]
}

export function sourcesOf({ members, owners, outside }: Group): Sources {
  const called = new Set(
    members.flatMap((each) => each.revisions.flatMap((revision) => revision.outside.map((to) => to.rollout))),
  )
  return {
    uids: members.map((each) => each.uid),
    owned: [...owners.keys()],
    called: [...outside].flatMap(([name, rollout]) => (called.has(rollout) ? [name] : [])),
  }
}

export function objectsOf({ uids, owned, called }: Sources, snapshot: Snapshot): unknown[] {
  const { sets, slices, services } = indexOf(snapshot)
  return [
    ...uids.flatMap((uid) => sets.get(uid) ?? []),
    ...called.map((name) => services.get(name)),
    ...owned.flatMap((name) => [services.get(name), ...(slices.get(name) ?? [])]),
    ...(snapshot.pods ?? []),
  ]
}

/** The objects of a namespace by what a group finds them by. */
interface Index {
  readonly of: Pick<Snapshot, 'services' | 'endpointSlices'>
  /** ReplicaSets by the uid of their owner. */
  readonly sets: ReadonlyMap<string, readonly unknown[]>
  /** EndpointSlices by the name of their Service. */
  readonly slices: ReadonlyMap<string, readonly unknown[]>
  readonly services: ReadonlyMap<string, unknown>
  /**
   * Which Services there are, for which Rollouts, by which addresses, and what they select, the hash that a controller
   * moves aside.
   */
  readonly around: string
}

const indices = new WeakMap<readonly unknown[], Index>()

export function indexOf({ replicaSets, services, endpointSlices, unreadable }: Snapshot): Index {
  const known = indices.get(replicaSets)
  if (known?.of.services === services && known.of.endpointSlices === endpointSlices) return known
  const owner = (raw: unknown) =>
    text(
      at(
        list(at(raw, 'metadata', 'ownerReferences')).find((each) => flag(at(each, 'controller'))),
        'uid',
      ),
    ) ?? ''
  const made: Index = {
    of: { services, endpointSlices },
    sets: Map.groupBy(replicaSets, owner),
    slices: Map.groupBy(endpointSlices ?? [], (raw) => text(at(raw, 'metadata', 'labels', SERVICE_NAME)) ?? ''),
    services: new Map(services.map((raw) => [text(at(raw, 'metadata', 'name')) ?? '', raw])),
    around: JSON.stringify([...services.map(selectorOf), endpointSlices === undefined, ...unreadable]),
  }
  indices.set(replicaSets, made)
  return made
}

function selectorOf(raw: unknown): unknown {
  const { [HASH_LABEL]: hash, ...base } = fields(at(raw, 'spec', 'selector'))
  const { type, externalName, clusterIP, clusterIPs } = fields(at(raw, 'spec'))
  return [
    at(raw, 'metadata', 'name'),
    at(raw, 'metadata', 'annotations', MANAGED_BY),
    base,
    hash === undefined,
    type,
    externalName,
    clusterIP,
    clusterIPs,
  ]
}
