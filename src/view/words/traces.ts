import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { flow } from '../draw/flow.ts'
import { type Cell, SIGNS, type Tone } from '../draw/theme.ts'
import { fit, widthOf, wrap } from '../draw/width.ts'
import type { GroupView } from './group-view.ts'
import type { TraceRow } from './trace-rows.ts'

const TRACE_VERDICTS: Record<TraceRow['verdict'], { readonly sign: string; readonly tone: Tone }> = {
  reachable: { sign: SIGNS.good, tone: 'good' },
  'one version': { sign: SIGNS.good, tone: 'good' },
  'one release': { sign: SIGNS.good, tone: 'good' },
  'versions differ': { sign: SIGNS.warn, tone: 'warn' },
  mixed: { sign: SIGNS.bad, tone: 'bad' },
  'empty service': { sign: SIGNS.bad, tone: 'bad' },
  'no pods': { sign: SIGNS.note, tone: 'dim' },
  starting: { sign: SIGNS.wait, tone: 'wait' },
  unknown: { sign: SIGNS.unknown, tone: 'warn' },
}
/** More lines than this are counted, not shown. */
const MOST_TRACES = 12
const ARROW = '─▶'
const VERDICT_COLUMN = 72
/** Columns that always stay free before a verdict. */
const GAP = 2

/**
 * `LIVE  users ─▶ my-frontend 1.0 ─▶ my-backend 1.0     ✔ one version`; what goes wrong comes first where not all can
 * be shown.
 */
export function traceLines(view: Pick<GroupView, 'traces'>, drawing: Drawing): string[] {
  const shown = mostTelling(view.traces)
  const more = view.traces.length - shown.length
  return [...traceBlocks(shown, drawing).flat(), ...(more > 0 ? [`      … and ${more} more`] : [])]
}

function isGood({ verdict }: TraceRow): boolean {
  return TRACE_VERDICTS[verdict].tone === 'good'
}

/** As many traces as are worth a screen. */
export function mostTelling(traces: readonly TraceRow[]): readonly TraceRow[] {
  return traces.length <= MOST_TRACES
    ? traces
    : traces.toSorted((a, b) => Number(isGood(a)) - Number(isGood(b))).slice(0, MOST_TRACES)
}

/** The lines of each trace, aligned with those of the others. */
export function traceBlocks(shown: readonly TraceRow[], { width, paint }: Drawing): string[][] {
  const verdicts = shown.map((row): Cell => {
    const { sign, tone } = TRACE_VERDICTS[row.verdict]
    return { text: `${sign} ${row.verdict}${row.detail === '' ? '' : `: ${row.detail}`}`, tone }
  })
  const ways = shown.map((row) =>
    [row.who, ...row.hops.map((hop) => `${ARROW} ${hop}`)].filter((each) => each !== '').map(printable),
  )
  const longest = Math.max(0, ...ways.map((words) => 6 + widthOf(words.join(' '))))
  const widest = Math.max(0, ...verdicts.map((each) => widthOf(printable(each.text))))
  const room = width === undefined ? Infinity : Math.max(24, width - Math.min(widest, Math.floor(width / 3)) - 3)
  const column = Math.min(Math.max(VERDICT_COLUMN, longest + 3), room)
  return shown.map((row, index) => {
    const label = index > 0 && shown[index - 1]!.side === row.side ? '      ' : `${row.side}  `
    const [first = '', ...rest] = flow(
      ways[index]!.map((text) => ({ text })),
      ' ',
      '  ',
      column - 6 - GAP,
      (cell) => cell.text,
    )
    const said = wrap(printable(verdicts[index]!.text), width === undefined ? Infinity : Math.max(12, width - column))
    return Array.from({ length: Math.max(1 + rest.length, said.length) }, (_, line) => {
      const way = fit([first, ...rest][line] ?? '', column - 6)
      const verdict = paint({ text: said[line] ?? '', tone: verdicts[index]!.tone })
      return `${line === 0 ? label : '      '}${way}${verdict}`.trimEnd()
    })
  })
}
