import { readGroup, type Mode, type Snapshot } from '../domain/group.ts'
import { HASH_LABEL, MANAGED_BY, SERVICE_NAME } from '../domain/labels.ts'
import { at, fields, flag, list, text } from '../domain/parse.ts'
import { areSame } from '../domain/remembering.ts'
import { groupView, type GroupView } from './group-rows.ts'
import { worstFirst } from './overview.ts'

/** A group and what it is read from; one that is a part of a namespace shares its lists with the others. */
export interface Named {
  readonly name: string
  readonly snapshot: Snapshot
}

/**
 * Words groups, worst first. A group is worded again only if an object it is read from is another, or its count-downs have moved on: the
 * same view stands for the same words.
 */
export function viewCache(mode: Mode | undefined): (groups: readonly Named[], now: number) => readonly GroupView[] {
  let kept = new Map<string, Kept>()
  return (groups, now) => {
    const second = Math.floor(now / 1000)
    kept = new Map(groups.map(({ name, snapshot }) => {
      const key = `${snapshot.namespace}/${name}`
      const before = kept.get(key)
      return [key, before !== undefined && (before.second ?? second) === second && isSame(before, snapshot) ? before : worded(name, snapshot, mode, now)]
    }))
    return worstFirst([...kept.values()].map((each) => each.view))
  }
}

interface Kept {
  readonly view: GroupView
  readonly snapshot: Snapshot
  readonly sources: Sources
  /** All objects that the view is made of, its Rollouts aside. */
  readonly objects: readonly unknown[]
  /** What of all else in the namespace could make it another. */
  readonly around: string
  readonly configs: Snapshot['configs']
  /** Of the clock, where there is a count-down. */
  readonly second: number | undefined
}

function worded(name: string, snapshot: Snapshot, mode: Mode | undefined, now: number): Kept {
  const view = groupView(readGroup(snapshot, name, mode), now)
  const sources = sourcesOf(view.group)
  const counts = view.rows.some((row) => row.member.lingering.length > 0)
  return {
    view, snapshot, sources, objects: objectsOf(sources, snapshot), around: indexOf(snapshot).around, configs: snapshot.configs,
    second: counts ? Math.floor(now / 1000) : undefined,
  }
}

function isSame(before: Kept, snapshot: Snapshot): boolean {
  return before.snapshot === snapshot || (
    areSame(before.snapshot.rollouts, snapshot.rollouts) && before.around === indexOf(snapshot).around && areSame(before.objects, objectsOf(before.sources, snapshot))
    && [...before.configs].every(([name, config]) => snapshot.configs.get(name) === config))
}

/** What a group is read from, its Rollouts aside. */
interface Sources {
  /** Of the owners of its ReplicaSets. */
  readonly uids: readonly string[]
  /** The Services that select their pods, with what is behind them. */
  readonly owned: readonly string[]
  /** The Services of Rollouts outside that they call. */
  readonly called: readonly string[]
}

function sourcesOf({ members, owners, outside }: GroupView['group']): Sources {
  const called = new Set(members.flatMap((each) => each.revisions.flatMap((revision) => revision.outside.map((to) => to.rollout))))
  return { uids: members.map((each) => each.uid), owned: [...owners.keys()], called: [...outside].flatMap(([name, rollout]) => (called.has(rollout) ? [name] : [])) }
}

function objectsOf({ uids, owned, called }: Sources, snapshot: Snapshot): unknown[] {
  const { sets, slices, services } = indexOf(snapshot)
  return [
    ...uids.flatMap((uid) => sets.get(uid) ?? []), ...called.map((name) => services.get(name)),
    ...owned.flatMap((name) => [services.get(name), ...(slices.get(name) ?? [])]), ...(snapshot.pods ?? []),
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
  /** Which Services there are, for which Rollouts, and what they select, the hash that a controller moves aside. */
  readonly around: string
}

const indices = new WeakMap<readonly unknown[], Index>()

function indexOf({ replicaSets, services, endpointSlices, unreadable }: Snapshot): Index {
  const known = indices.get(replicaSets)
  if (known?.of.services === services && known.of.endpointSlices === endpointSlices) return known
  const owner = (raw: unknown) => text(at(list(at(raw, 'metadata', 'ownerReferences')).find((each) => flag(at(each, 'controller'))), 'uid')) ?? ''
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
  return [at(raw, 'metadata', 'name'), at(raw, 'metadata', 'annotations', MANAGED_BY), base, hash === undefined]
}
