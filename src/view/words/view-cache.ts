import type { Mode } from '../../domain/findings/mode.ts'
import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import { aroundOf, objectsOf, type Sources, sourcesOf } from '../../domain/group/sources.ts'
import { areSame } from '../../domain/objects/parse-once.ts'
import { readOf } from '../../domain/objects/rollout.ts'
import { type GroupView, groupView } from './group-view.ts'
import { worstFirst } from './overview.ts'

/** A group and what it is read from; one that is a part of a namespace shares its lists with the others. */
export interface Named {
  readonly name: string
  readonly snapshot: Snapshot
}

/**
 * Words groups, worst first. A group is worded again only if an object it is read from is another, or its count-downs
 * have moved on: the same view stands for the same words.
 */
export function viewCache(mode: Mode | undefined): (groups: readonly Named[], now: number) => readonly GroupView[] {
  let kept = new Map<string, Kept>()
  return (groups, now) => {
    const second = Math.floor(now / 1000)
    kept = new Map(
      groups.map(({ name, snapshot }) => {
        const key = `${snapshot.namespace}/${name}`
        const before = kept.get(key)
        return [
          key,
          before !== undefined && (before.second ?? second) === second && isSame(before, snapshot)
            ? before
            : worded(name, snapshot, mode, now),
        ]
      }),
    )
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
  readonly around: readonly unknown[]
  readonly configs: Snapshot['configs']
  /** Of the clock, where there is a count-down. */
  readonly second: number | undefined
}

function worded(name: string, snapshot: Snapshot, mode: Mode | undefined, now: number): Kept {
  const view = groupView(readGroup(snapshot, name, mode), now)
  const sources = sourcesOf(view.group)
  const counts = view.rows.some((row) => row.member.lingering.length > 0)
  return {
    view,
    snapshot,
    sources,
    objects: objectsOf(sources, snapshot),
    around: aroundOf(snapshot),
    configs: snapshot.configs,
    second: counts ? Math.floor(now / 1000) : undefined,
  }
}

function isSame(before: Kept, snapshot: Snapshot): boolean {
  return (
    before.snapshot === snapshot ||
    (saySame(before.snapshot.rollouts, snapshot.rollouts) &&
      areSame(before.around, aroundOf(snapshot)) &&
      areSame(before.objects, objectsOf(before.sources, snapshot)) &&
      [...before.configs].every(([name, config]) => snapshot.configs.get(name) === config))
  )
}

/** Whether Rollouts say the same in all that may be read of them. */
function saySame(before: readonly unknown[], now: readonly unknown[]): boolean {
  const isSaid = (raw: unknown, index: number) => raw === before[index] || readOf(raw) === readOf(before[index])
  return before.length === now.length && now.every(isSaid)
}
