import type { GroupView, MemberRow } from '../words/group-view.ts'
import type { TraceRow } from '../words/trace-rows.ts'
import { keyOf } from './state.ts'

/** The name of a member's row among what may change. */
export function memberMark(view: GroupView, row: MemberRow): string {
  return `${keyOf(view)}/${row.member.name}`
}

/** The name of a trace, which is all of its words: another trace is a new one. */
export function traceMark(view: GroupView, { side, who, hops, verdict, detail }: TraceRow): string {
  return [keyOf(view), side, who, ...hops, verdict, detail].join('\0')
}

/** What a group shows, by the names under which a change of it is marked; count-downs are no changes. */
export function wordsIn(view: GroupView): ReadonlyMap<string, string> {
  const { sign, words } = view.verdict
  return new Map([
    [keyOf(view), [sign, words, ...view.rows.flatMap((row) => [row.live, row.next])].join('\0')],
    ...view.traces.map((trace) => [traceMark(view, trace), ''] as const),
    ...view.rows.map(
      (row) =>
        [
          memberMark(view, row),
          [row.live, row.livePods, row.next, row.nextPods, row.ready, row.gate, row.status.text].join('\0'),
        ] as const,
    ),
  ])
}

/** What is new or other in a group than it was; where the whole group is new, it alone. */
function changesIn(view: GroupView, before: GroupView | undefined): string[] {
  if (before === view) return []
  if (before === undefined) return [keyOf(view)]
  const known = wordsIn(before)
  return [...wordsIn(view)].flatMap(([name, words]) => (known.get(name) === words ? [] : [name]))
}

/** Milliseconds a change stays marked. */
export const MARKED = 2000

/** What has changed a moment ago, by the names of its marks. */
export class RecentChanges {
  readonly #changed = new Map<string, number>()

  add(names: readonly string[], now: number): void {
    for (const name of names) this.#changed.set(name, now)
  }

  at(now: number): ReadonlySet<string> {
    for (const [name, at] of this.#changed) if (now - at >= MARKED) this.#changed.delete(name)
    return new Set(this.#changed.keys())
  }
}

/** What is new or other in all groups than it was; nothing where they are seen for the first time. */
export function changesAmong(views: readonly GroupView[] = [], before: readonly GroupView[] | undefined): string[] {
  if (before === undefined) return []
  const known = new Map(before.map((view) => [keyOf(view), view]))
  return views.flatMap((view) => changesIn(view, known.get(keyOf(view))))
}
