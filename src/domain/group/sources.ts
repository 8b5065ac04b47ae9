import { at, fields, text } from '../objects/fields.ts'
import { HASH_LABEL, MANAGED_BY } from '../objects/labels.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { parseReplicaSet } from '../objects/replica-set.ts'
import { parseSlice } from '../objects/service.ts'
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
  const sets = setsByOwner(snapshot.replicaSets)
  const slices = slicesByService(snapshot.endpointSlices ?? [])
  const { services } = servicesIn(snapshot.services)
  return [
    ...uids.flatMap((uid) => sets.get(uid) ?? []),
    ...called.map((name) => services.get(name)),
    ...owned.flatMap((name) => [services.get(name), ...(slices.get(name) ?? [])]),
    ...(snapshot.pods ?? []),
  ]
}

/** What else of a namespace could make a group another: its Services, as they lead to pods, and what is not seen. */
export function aroundOf({ services, endpointSlices, unreadable }: Snapshot): readonly unknown[] {
  return [servicesIn(services).around, endpointSlices === undefined, ...unreadable]
}

type Objects = readonly unknown[]

const setsByOwner = madeOnce((sets: Objects) => Map.groupBy(sets, (raw) => parseReplicaSet(raw)?.owner))

const slicesByService = madeOnce((slices: Objects) => Map.groupBy(slices, (raw) => parseSlice(raw).service))

/**
 * By name; and which there are, for which Rollouts, by which addresses, and what they select, the hash that a
 * controller moves aside.
 */
const servicesIn = madeOnce((services: Objects) => ({
  services: new Map(services.map((raw) => [text(at(raw, 'metadata', 'name')), raw])),
  around: JSON.stringify(services.map(selectorOf)),
}))

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
