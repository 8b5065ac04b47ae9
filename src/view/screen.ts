import { printable } from '../domain/printable.ts'
import type { Finding } from '../domain/findings.ts'
import type { Mode } from '../domain/group.ts'
import { SEVERITIES, type GroupView, type MemberRow } from './group-rows.ts'
import { drawTable, type Column } from './table.ts'
import { SIGNS, type Cell, type Paint, type Tone } from './theme.ts'
import type { TraceRow } from './trace-rows.ts'
import { chunks, fit, widthOf, wrap } from './width.ts'

/** How to draw: the width of the screen (undefined: as wide as it takes), the colours, and how a command is typed. */
export interface Drawing {
  readonly width: number | undefined
  readonly paint: Paint
  /** The words after `kubectl rollouts-group`, with the flags that lead to the same cluster and namespace. */
  typed(words: string, namespace: string): string
}

/** The whole screen of `get-group GROUP`. */
export function groupScreen(view: GroupView, drawing: Drawing, options: TableChoice = {}): string[] {
  return [
    ...heading(view, drawing),
    ...section(traceLines(view, drawing)),
    ...section(memberTable(view.rows, drawing, options)),
    ...section(view.findings.flatMap((each) => findingLines(each, drawing))),
    ...section(view.next === undefined ? [] : nextLines(view.next, view.namespace, drawing)),
  ]
}

export function heading(view: GroupView, { width, paint }: Drawing): string[] {
  const { sign, words, tone } = view.verdict
  const parts: Cell[] = [
    { text: `Group ${view.name}`, tone: 'strong' }, { text: `namespace ${view.namespace}` }, { text: `${view.mode} mode` }, { text: `${sign} ${words}`, tone },
  ]
  return flow(parts, '   ', '  ', width ?? Infinity, paint)
}

const TRACE_VERDICTS: Record<TraceRow['verdict'], { readonly sign: string; readonly tone: Tone }> = {
  'one version': { sign: SIGNS.good, tone: 'good' }, 'mixed': { sign: SIGNS.bad, tone: 'bad' }, 'empty service': { sign: SIGNS.bad, tone: 'bad' },
  'starting': { sign: SIGNS.wait, tone: 'wait' }, 'unknown': { sign: SIGNS.unknown, tone: 'warn' },
}
/** More lines than this are counted, not shown. */
const MOST_TRACES = 12
const ARROW = '─▶'
const VERDICT_COLUMN = 72
/** Columns that always stay free before a verdict. */
const GAP = 2

/** `LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0     ✔ one version`; what goes wrong comes first where not all can be shown. */
export function traceLines(view: Pick<GroupView, 'traces' | 'mode'>, drawing: Drawing): string[] {
  const shown = mostTelling(view.traces)
  const more = view.traces.length - shown.length
  return [...traceBlocks(shown, view.mode, drawing).flat(), ...(more > 0 ? [`      … and ${more} more`] : [])]
}

/** As many traces as are worth a screen. */
export function mostTelling(traces: readonly TraceRow[]): readonly TraceRow[] {
  return traces.length <= MOST_TRACES ? traces : traces.toSorted((a, b) => Number(a.verdict === 'one version') - Number(b.verdict === 'one version')).slice(0, MOST_TRACES)
}

/** The lines of each trace, aligned with those of the others. */
export function traceBlocks(shown: readonly TraceRow[], mode: Mode, { width, paint }: Drawing): string[][] {
  const verdicts = shown.map((row): Cell => {
    const { sign, tone } = mode === 'modern' && row.verdict === 'mixed' ? { sign: SIGNS.note, tone: 'dim' as const } : TRACE_VERDICTS[row.verdict]
    return { text: `${sign} ${row.verdict}${row.detail === '' ? '' : `: ${row.detail}`}`, tone }
  })
  const ways = shown.map((row) => [row.who, ...row.hops.map((hop) => `${ARROW} ${hop}`)].filter((each) => each !== '').map(printable))
  const longest = Math.max(0, ...ways.map((words) => 6 + widthOf(words.join(' '))))
  const widest = Math.max(0, ...verdicts.map((each) => widthOf(printable(each.text))))
  const room = width === undefined ? Infinity : Math.max(24, width - Math.min(widest, Math.floor(width / 3)) - 3)
  const column = Math.min(Math.max(VERDICT_COLUMN, longest + 3), room)
  return shown.map((row, index) => {
    const label = index > 0 && shown[index - 1]!.side === row.side ? '      ' : `${row.side}  `
    const [first = '', ...rest] = flow(ways[index]!.map((text) => ({ text })), ' ', '  ', column - 6 - GAP, (cell) => cell.text)
    const said = wrap(printable(verdicts[index]!.text), width === undefined ? Infinity : Math.max(12, width - column))
    return Array.from({ length: Math.max(1 + rest.length, said.length) }, (_, line) =>
      `${line === 0 ? label : '      '}${fit([first, ...rest][line] ?? '', column - 6)}${paint({ text: said[line] ?? '', tone: verdicts[index]!.tone })}`.trimEnd())
  })
}

const MEMBERS: readonly (Column & { readonly wide?: boolean; cell(row: MemberRow, rows: readonly MemberRow[]): Cell })[] = [
  { title: 'MEMBER', keep: 9, shrinksTo: 12, cell: (row) => ({ text: `${row.depth === 0 ? '' : `${'  '.repeat(row.depth - 1)}└ `}${row.member.name}` }) },
  { title: 'LIVE', keep: 7, shrinksTo: 10, cell: (row, rows) => ({ text: pair(rows, (each) => each.live, row.live, row.livePods) }) },
  { title: 'NEXT', keep: 6, shrinksTo: 10, cell: (row, rows) => ({ text: pair(rows, (each) => each.next, row.next, row.nextPods) }) },
  { title: 'READY', keep: 2, cell: (row) => ({ text: row.ready }) },
  { title: 'STRATEGY', keep: 1, cell: (row) => ({ text: row.strategy }) },
  { title: 'GATE', keep: 3, cell: (row) => ({ text: row.gate }) },
  { title: 'REVISION', keep: 0, wide: true, cell: ({ member: { live, next } }) => ({ text: [live, next].flatMap((each) => (each === undefined ? [] : [`${each.revision}`])).join(' → ') }) },
  { title: 'VERSION FROM', keep: 0, wide: true, cell: ({ member: { live, next } }) => ({ text: (next ?? live)?.version.source ?? '' }) },
  { title: 'CALLS', keep: 0, wide: true, cell: ({ member: { live, next } }) => ({ text: [live, next].map((each) => [...new Set(each?.wires.map((wire) => wire.service))].join(',')).filter((each) => each !== '').join(' → ') }) },
  { title: 'STATUS', keep: 8, shrinksTo: 8, cell: (row) => row.status },
  { title: '', keep: 4, shrinksTo: 12, cell: (row) => row.note },
]

/** `-o wide` shows every column, however wide that is. */
export interface TableChoice {
  readonly wide?: boolean
  readonly headers?: boolean
}

/** The members, consumers first; what a narrow screen has no room for is left out. */
export function memberTable(rows: readonly MemberRow[], { width, paint }: Drawing, { wide = false, headers = true }: TableChoice = {}): string[] {
  const columns = MEMBERS.filter((each) => wide || each.wide !== true)
  return drawTable(columns, rows.map((row) => columns.map((column) => column.cell(row, rows))), { width: wide ? undefined : width, paint, headers })
}

/** A version and its pods, in two columns of their own. */
function pair(rows: readonly MemberRow[], of: (row: MemberRow) => string, version: string, pods: string): string {
  return version === '' ? '' : `${fit(printable(version), Math.max(...rows.map((each) => widthOf(printable(of(each))))))}  ${pods}`.trimEnd()
}

/** A finding with its remedy where it has one, indented behind its code where there is room. */
export function findingLines({ code, severity, sentence, remedy }: Finding, { width, paint }: Drawing): string[] {
  const { sign, tone } = SEVERITIES[severity]
  const mark = `${sign} ${code}`
  const indent = width !== undefined && widthOf(mark) + 2 > width / 3 ? 4 : widthOf(mark) + 2
  const full = printable(remedy === '' ? `${sentence}.` : `${sentence}. ${remedy.replace(/^[a-z](?!ubectl |[a-z]+-all )/, (letter) => letter.toUpperCase())}${remedy.includes('kubectl ') ? '' : '.'}`)
  if (width === undefined) return [`${paint({ text: mark, tone })}  ${full}`]
  const [first = '', ...rest] = wrap(full, width - indent)
  return indent === 4
    ? [paint({ text: mark, tone }), ...[first, ...rest].map((line) => `    ${line}`)]
    : [`${paint({ text: mark, tone })}  ${first}`, ...rest.map((line) => ' '.repeat(indent) + line)]
}

/** The command that leads on; where it is longer than the screen, on lines that a shell joins again. */
export function nextLines(words: string, namespace: string, { width, paint, typed }: Drawing): string[] {
  const title = paint({ text: 'Next:', tone: 'strong' })
  const command = printable(typed(words, namespace))
  return width === undefined || 7 + widthOf(command) <= width ? [`${title}  ${command}`] : [title, ...continued(command, width)]
}

/** A shell's words in lines of at most so many columns, each but the last ending in a backslash; a longer word goes on at the start of the next line. */
function continued(command: string, width: number): string[] {
  const lines: string[] = []
  for (const word of command.match(/(?:'[^']*'|[^\s'])+/g) ?? []) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(`${last} ${word} \\`) <= width) lines.splice(-1, 1, `${last} ${word}`)
    // Inside quotes a backslash would stay: such a word is left to the terminal.
    else if (word.includes('\'')) lines.push(`  ${word}`)
    else lines.push(...chunks(`  ${word}`, width - 2).map((part, index, all) => (index < all.length - 1 ? `${part}\\` : part)))
  }
  return lines.map((line, index) => (index === lines.length - 1 || line.endsWith('\\') ? line : `${line} \\`))
}

/** Lines with an empty one before them, where there are any. */
export function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines]
}

/** Words in lines of at most so many columns, the later ones indented; a longer word is broken. */
export function flow(words: readonly Cell[], gap: string, indent: string, width: number, paint: Paint): string[] {
  const lines: { text: string; drawn: string }[] = []
  const parts = words.flatMap(({ text, tone }) => wrap(printable(text), width - indent.length).map((part): Cell => ({ text: part, tone })))
  for (const word of parts) {
    const { text } = word
    const last = lines.at(-1)
    if (last === undefined) lines.push({ text, drawn: paint(word) })
    else if (widthOf(last.text + gap + text) <= width) lines.splice(-1, 1, { text: last.text + gap + text, drawn: last.drawn + gap + paint(word) })
    else lines.push({ text: indent + text, drawn: indent + paint(word) })
  }
  return lines.map((each) => each.drawn)
}
