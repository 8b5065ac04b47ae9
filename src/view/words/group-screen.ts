import type { Revision } from '../../domain/group/member.ts'
import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { flow, section } from '../draw/flow.ts'
import { type Column, drawTable, type Layout } from '../draw/table.ts'
import type { Cell } from '../draw/theme.ts'
import { fit, widthOf } from '../draw/width.ts'
import { findingLines, nextLines } from './finding.ts'
import type { GroupView, MemberRow } from './group-view.ts'
import { traceLines } from './traces.ts'

/** The whole screen of `get-group GROUP`. */
export function groupScreen(view: GroupView, drawing: Drawing, options: TableChoice = {}): string[] {
  return [
    ...heading(view, drawing),
    ...section(traceLines(view, drawing)),
    ...section(memberTable(view.rows, drawing, options)),
    ...section(view.findings.flatMap((each) => findingLines(each, drawing))),
    ...section(leadingOn(view, drawing)),
  ]
}

/** What leads on, and what back where that leads nowhere. */
export function leadingOn({ next, back }: Pick<GroupView, 'next' | 'back'>, drawing: Drawing): string[] {
  return [
    ...(next === undefined ? [] : nextLines(next, drawing)),
    ...(back === undefined ? [] : nextLines(back, drawing, 'Back:')),
  ]
}

export function heading(view: GroupView, { width, paint }: Drawing): string[] {
  const { sign, words, tone } = view.verdict
  const parts: Cell[] = [
    { text: `Group ${view.name}`, tone: 'strong' },
    { text: `namespace ${view.namespace}` },
    { text: `${view.mode} mode` },
    { text: `${sign} ${words}`, tone },
  ]
  return flow(parts, '   ', '  ', width ?? Infinity, paint)
}

/** Columns that the longest version of all members takes. */
interface Widest {
  readonly live: number
  readonly next: number
}

const MEMBERS: readonly (Column & {
  readonly wide?: boolean
  cell(row: MemberRow, widest: Widest): Cell
})[] = [
  {
    title: 'MEMBER',
    keep: 10,
    shrinksTo: 12,
    cell: (row) => ({ text: `${row.depth === 0 ? '' : `${'  '.repeat(row.depth - 1)}└ `}${row.member.name}` }),
  },
  {
    title: 'LIVE',
    keep: 7,
    shrinksTo: 10,
    least: 8,
    cell: (row, widest) => ({ text: pair(row.live, widest.live, row.livePods) }),
  },
  {
    title: 'NEXT',
    keep: 6,
    shrinksTo: 10,
    least: 8,
    cell: (row, widest) => ({ text: pair(row.next, widest.next, row.nextPods) }),
  },
  { title: 'READY', keep: 2, from: 104, least: 8, cell: (row) => ({ text: row.ready }) },
  { title: 'STRATEGY', keep: 1, from: 126, cell: (row) => ({ text: row.strategy }) },
  { title: 'GATE', keep: 3, from: 96, least: 7, cell: (row) => ({ text: row.gate }) },
  {
    title: 'REVISION',
    keep: 0,
    wide: true,
    cell: ({ member: { live, next } }) => ({
      text: [live, next].flatMap((each) => (each === undefined ? [] : [`${each.revision}`])).join(' → '),
    }),
  },
  {
    title: 'VERSION FROM',
    keep: 0,
    wide: true,
    cell: ({ member: { live, next } }) => ({ text: (next ?? live)?.version.source ?? '' }),
  },
  {
    title: 'CALLS',
    keep: 0,
    wide: true,
    cell: ({ member: { live, next } }) => ({
      text: [live, next]
        .map((each) => (each === undefined ? '' : [...new Set(callsOf(each))].join(',')))
        .filter((each) => each !== '')
        .join(' → '),
    }),
  },
  { title: 'STATUS', keep: 8, shrinksTo: 8, least: 13, cell: (row) => row.status },
  { title: '', keep: 9, shrinksTo: 3, yields: true, cell: (row) => row.note },
]

/** The Services a revision calls; `auth?`: nobody knows whether it does; `(auth)`: it only names it. */
function callsOf({ wires, weak }: Revision): string[] {
  return [
    ...wires.map((wire) => wire.service),
    ...weak.map(({ strength, service }) => (strength === 'doubtful' ? `${service}?` : `(${service})`)),
  ]
}

/** `-o wide` shows every column, however wide that is. */
export interface TableChoice {
  readonly wide?: boolean
  readonly headers?: boolean
  readonly layout?: Layout | undefined
  /** Labels of the Rollouts to be shown, each in a column of its own. */
  readonly labels?: readonly string[]
}

/** The column of a label, under its name without what stands before the slash, as kubectl has it. */
export function labelColumn(label: string): Column {
  return { title: label.slice(label.indexOf('/') + 1).toUpperCase(), keep: 8, shrinksTo: 8 }
}

/** The members, consumers first; what a narrow screen has no room for is left out. */
export function memberTable(
  rows: readonly MemberRow[],
  { width, paint }: Drawing,
  { wide = false, headers = true, labels = [], layout }: TableChoice = {},
): string[] {
  const columns = [
    ...MEMBERS.filter((each) => wide || each.wide !== true),
    ...labels.map((label) => ({
      ...labelColumn(label),
      cell: ({ member }: MemberRow) => ({ text: member.labels.get(label) ?? '' }),
    })),
  ]
  const widestOf = (version: (row: MemberRow) => string) =>
    Math.max(...rows.map((each) => widthOf(printable(version(each)))))
  const widest = { live: widestOf(({ live }) => live), next: widestOf(({ next }) => next) }
  return drawTable(
    columns,
    rows.map((row) => columns.map((column) => column.cell(row, widest))),
    { width: wide ? undefined : width, paint, headers, layout },
  )
}

/** A version and its pods, in two columns of their own. */
function pair(version: string, width: number, pods: string): string {
  return version === '' ? '' : `${fit(printable(version), width)}  ${pods}`.trimEnd()
}
