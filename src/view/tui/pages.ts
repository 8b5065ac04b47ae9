import { VERBS } from '../../domain/intent.ts'
import { refused } from '../../domain/plan/plan.ts'
import { graphText } from '../words/graph-text.ts'
import type { GroupView, MemberRow } from '../words/group-view.ts'
import { overviewTable } from '../words/overview.ts'
import type { Drawing } from '../draw/drawing.ts'
import { flow } from '../draw/flow.ts'
import { findingLines } from '../words/finding.ts'
import { memberTable } from '../words/group-screen.ts'
import { mostTelling, traceBlocks } from '../words/traces.ts'
import { type Cell, SIGNS } from '../draw/theme.ts'
import type { Verdict } from '../words/verdict.ts'
import { fit, wrap } from '../draw/width.ts'
import { keysOf } from './keys.ts'
import { cut, scrolled, type Scrolled, share, windowOf } from './layout.ts'
import { memberMark, traceMark } from './marks.ts'
import { memberDetail, memberSummary } from './member-detail.ts'
import { logLines, pressLines, runPane, type RunPane } from './run-pane.ts'
import {
  currentGroup,
  currentRow,
  isRunning,
  keyOf,
  type Model,
  type ScreenPage,
  shownGroups,
  shownRows,
  type ScreenState,
} from './state.ts'

/** A page's lines, no more than the height it is given. */
type Draw = (state: ScreenState, model: Model, height: number, drawing: Drawing) => Scrolled

/** Every page. */
export const PAGES: Record<ScreenPage, Draw> = {
  groups: (state, model, height, drawing) => {
    const groups = shownGroups(state, model)
    const selected = currentGroup(state, model)
    if (selected === undefined)
      return still([
        state.filter === ''
          ? 'No groups: no rollout here has the label that makes one.'
          : `No group is called ${state.filter}; esc shows all.`,
      ])
    const { start, end } = windowOf(groups.length, height - 1, groups.indexOf(selected))
    const shown = groups.slice(start, end)
    const several = groups.some((each) => each.namespace !== groups[0]!.namespace)
    const lines = overviewTable(shown, inner(drawing), { allNamespaces: several })
    return still(
      inGutter(lines, ['  ', ...shown.map((view) => mark(drawing, view === selected, model.changed.has(keyOf(view))))]),
    )
  },
  group: (state, model, height, drawing) => {
    const view = currentGroup(state, model)
    if (view === undefined) return still(['This group is gone: no rollout has its label any more.'])
    const rows = shownRows(state, view)
    const traces = tracesOf(view, model, drawing)
    const lower = lowerPart(state, view, model, drawing)
    const wanted = lower.title.length + lower.lines.length
    const gap = height > 12 ? [''] : []
    const room = height - 2 * gap.length
    // A run is looked at before all else; what is below the members otherwise only where these leave room, or there is
    // much of it.
    const kept = Math.min(wanted, Math.floor(state.run !== undefined ? room / 2 : room > 10 ? room / 3 : 0))
    const [trace = 0, table = 0] = share(room - kept, [traces.length, Math.max(1, rows.length) + 1])
    const rest = room - trace - table
    const title = lower.title.slice(0, rest)
    const below = scrolled(
      lower.lines,
      rest - title.length,
      Math.max(state.scroll, lower.now - (rest - title.length) + 1),
    )
    return {
      lines: [
        ...cut(traces, trace),
        ...gap,
        ...memberLines(rows, table, state, view, model, drawing),
        ...gap,
        ...title,
        ...below.lines,
      ],
      deepest: below.deepest,
    }
  },
  member: (state, model, height, drawing) => {
    const view = currentGroup(state, model)
    const row = view && currentRow(state, view)
    if (view === undefined || row === undefined) return still(['This rollout is gone, or not in the group any more.'])
    return scrolled(memberDetail(row, view, model.extra, model.now, drawing), height, state.scroll)
  },
  graph: (state, model, height, drawing) => {
    const view = currentGroup(state, model)
    return view === undefined ? still([]) : scrolled(graphText(view, drawing).slice(2), height, state.scroll)
  },
  log: (state, _model, height, drawing) =>
    state.log.length === 0
      ? still(['Nothing was run from here yet.'])
      : scrolled(logLines(state.log, drawing), height, state.scroll),
  help: (state, model, height, drawing) => scrolled(helpLines(model, drawing), height, state.scroll),
}

function still(lines: readonly string[]): Scrolled {
  return { lines, deepest: 0 }
}

const LEGEND: readonly Cell[] = [
  { text: `${SIGNS.good} good`, tone: 'good' },
  { text: `${SIGNS.bad} wrong`, tone: 'bad' },
  { text: `${SIGNS.warn} beware`, tone: 'warn' },
  { text: `${SIGNS.paused} waits for you`, tone: 'wait' },
  { text: `${SIGNS.wait} under way`, tone: 'wait' },
  { text: `${SIGNS.unknown} unknown`, tone: 'warn' },
  { text: '▸ selected' },
  { text: '* has just changed' },
]

function helpLines(model: Model, { width = Infinity, paint }: Drawing): string[] {
  const where = (pages: readonly ScreenPage[]) => (pages.length > 4 ? '' : `   (on ${pages.join(', ')})`)
  return [
    ...keysOf(model).flatMap(({ shown, does, pages }) => {
      const [first = '', ...rest] = wrap(does + where(pages), Math.max(1, width - 10))
      // Where one is, is of less weight; a line that had to be broken is plain.
      const text = rest.length > 0 ? first : does + paint({ text: where(pages), tone: 'dim' })
      return [
        `  ${paint({ text: fit(shown, 8), tone: 'strong' })}${text}`,
        ...rest.map((line) => ' '.repeat(10) + line),
      ]
    }),
    '',
    ...flow(LEGEND, '   ', '', Math.max(1, width - 2), paint).map((line) => `  ${line}`),
  ]
}

function tracesOf(view: GroupView, model: Model, drawing: Drawing): string[] {
  const shown = mostTelling(view.traces)
  return traceBlocks(shown, inner(drawing)).flatMap((lines, index) =>
    inGutter(lines, [mark(drawing, false, model.changed.has(traceMark(view, shown[index]!)))]),
  )
}

/**
 * Below the members: the run that goes on or has ended, otherwise what to press, what is found, and the selected member
 * in short.
 */
function lowerPart(state: ScreenState, view: GroupView, model: Model, drawing: Drawing): RunPane {
  const { run } = state
  if (run !== undefined && (isRunning(state) || run.group === keyOf(view))) return runPane(run, model.now, drawing)
  const row = currentRow(state, view)
  const parts = [
    nextLines(view, model, drawing),
    view.findings.flatMap((each) => findingLines(each, drawing)),
    row === undefined ? [] : memberSummary(row, view, model.now, drawing),
  ]
  return {
    title: [],
    lines: parts.filter((each) => each.length > 0).flatMap((each, index) => (index === 0 ? each : ['', ...each])),
    now: 0,
  }
}

/** What leads on, in keys. */
function nextKeys(next: Exclude<Verdict['next'], undefined | 'check'>): string {
  if (next === 'get-group -w') return 'nothing to do but wait'
  const { key, words } = VERBS[next]
  return `${key} shows ${words.shows}, and asks before it sends`
}

const REFUSED = 'p shows why it is refused; a shows the way back'

/** What a person would press now. */
function nextLines({ verdict, plan }: GroupView, { readOnly }: Model, drawing: Drawing): string[] {
  if (readOnly) return []
  if (verdict.next !== undefined && verdict.next !== 'check') return pressLines(nextKeys(verdict.next), drawing)
  return plan.waves.length > 0 && refused(plan) ? pressLines(REFUSED, drawing) : []
}

/** The members around the selected one; where there is room for a line only, that one without titles. */
function memberLines(
  rows: readonly MemberRow[],
  height: number,
  state: ScreenState,
  view: GroupView,
  model: Model,
  drawing: Drawing,
): readonly string[] {
  const selected = currentRow(state, view)
  if (selected === undefined) return cut([`  No member is called ${state.filter}; esc shows all.`], height)
  const headers = height > 1
  const { start, end } = windowOf(rows.length, headers ? height - 1 : height, rows.indexOf(selected))
  const shown = rows.slice(start, end)
  const marks = shown.map((row) => mark(drawing, row === selected, model.changed.has(memberMark(view, row))))
  return shown.length === 0
    ? []
    : inGutter(memberTable(shown, inner(drawing), { headers }), headers ? ['  ', ...marks] : marks)
}

/** Two columns of the width are the marks: what is selected, and what has just changed. */
function inner(drawing: Drawing): Drawing {
  return { ...drawing, width: drawing.width && Math.max(1, drawing.width - 2) }
}

function mark({ paint }: Drawing, selected: boolean, changed: boolean): string {
  return paint({ text: selected ? '▸' : ' ', tone: 'strong' }) + (changed ? paint({ text: '*', tone: 'wait' }) : ' ')
}

function inGutter(lines: readonly string[], marks: readonly string[]): string[] {
  return lines.map((line, index) => (marks[index] ?? '  ') + line)
}
