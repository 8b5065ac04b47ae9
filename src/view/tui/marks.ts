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
export function changesIn(view: GroupView, before: GroupView | undefined): string[] {
  if (before === view) return []
  if (before === undefined) return [keyOf(view)]
  const known = wordsIn(before)
  return [...wordsIn(view)].flatMap(([name, words]) => (known.get(name) === words ? [] : [name]))
}
