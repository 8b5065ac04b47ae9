import { VERBS } from '../../domain/intent.ts'
import { EXIT } from '../../domain/run/outcome.ts'
import { refused } from '../../domain/plan/plan.ts'
import type { Drawing } from '../draw/drawing.ts'
import { findingLines, findingsInShort } from '../words/finding.ts'
import { memberTable } from '../words/group-screen.ts'
import type { GroupView, MemberRow } from '../words/group-view.ts'
import { mostTelling, traceBlocks } from '../words/traces.ts'
import type { Verdict } from '../words/verdict.ts'
import { differenceLines } from './difference.ts'
import { portLines } from './forwarded-ports.ts'
import { inGutter, inner, inSight, mark } from './gutter.ts'
import { labelled } from './labelled.ts'
import { beside, cut, scrolled, type Scrolled, share, still } from './layout.ts'
import { memberMark, traceMark } from './marks.ts'
import { memberSummary } from './member-detail.ts'
import { eventLines } from './member-events.ts'
import { podLines, whyLines } from './pods.ts'
import { pressLines, runPane, type RunPane } from './run-pane.ts'
import { isUnsettled } from './phased-keys.ts'
import { planOf } from './verb-keys.ts'
import { currentGroup, currentRow, isRunning, keyOf, type Model, shownRows, type ScreenState } from './state.ts'

/** The page of a group: its traces, its members, and below them what leads on and what is known of the selected one. */
export function groupPage(state: ScreenState, model: Model, height: number, drawing: Drawing): Scrolled {
  const view = currentGroup(state, model)
  if (view === undefined) return still(['This group is gone: no rollout has its label any more.'])
  const rows = shownRows(state, view)
  const traces = tracesOf(view, model, drawing)
  const whole = lowerPart(state, view, model, drawing, false)
  const gap = height > 12 ? [''] : []
  const room = height - 2 * gap.length
  // A run is looked at before all else; what is below the members otherwise only where these leave room, there is much
  // of it, or somebody looks for it.
  const atRest = state.run !== undefined ? room / 2 : room > 10 ? room / 3 : 0
  const asked = state.scroll > 0 ? room / 2 : atRest
  const wanted = whole.title.length + whole.lines.length
  const { trace, table, rest } = divided(room, Math.min(wanted, Math.floor(asked)), traces.length, rows.length)
  const first = divided(room, Math.min(wanted, Math.floor(atRest)), traces.length, rows.length)
  const lower = whole.first <= rest ? whole : lowerPart(state, view, model, drawing, true)
  const title = lower.title.slice(0, rest)
  const window = rest - title.length
  // Ways of requests that are left out above are told below, where one looks on.
  const left = first.trace < traces.length ? traces : []
  const lines = apart([lower.lines, left])
  // Where nothing was in sight, the first page is the first.
  const unseen = first.rest - title.length < 2 ? 1 : 0
  const scroll = Math.max(0, state.scroll - unseen)
  const below = scrolled(state.scroll > 0 ? lines : lower.lines, window, Math.max(scroll, lower.now - window + 1))
  return {
    lines: [
      ...cut(traces, trace, left.length > 0 ? ': PgDn' : ': PgUp'),
      ...gap,
      ...memberLines(rows, table, state, view, model, drawing),
      ...gap,
      ...title,
      ...below.lines,
    ],
    deepest: Math.max(0, lines.length - window + unseen),
    sight: below.sight,
  }
}

/**
 * Divides a page: all members are seen before all ways of requests; of these the first, with what is left out of them.
 * @param kept lines for what is below the members
 */
function divided(room: number, kept: number, traces: number, members: number) {
  const upper = room - kept
  const all = Math.max(1, members) + 1
  const least = Math.min(all, Math.max(0, upper - Math.min(traces, 3)))
  const [trace = 0, more = 0] = share(upper - least, [traces, all - least])
  return { trace, table: least + more, rest: room - trace - least - more }
}

function tracesOf(view: GroupView, model: Model, drawing: Drawing): string[] {
  const shown = mostTelling(view.traces)
  return traceBlocks(shown, inner(drawing)).flatMap((lines, index) =>
    inGutter(lines, [mark(drawing, false, model.changed.has(traceMark(view, shown[index]!)))]),
  )
}

/** What is below the members. */
interface Lower extends RunPane {
  /** Lines that are looked for first: all of the findings, and why something does not come. */
  readonly first: number
}

/**
 * Below the members: the run that goes on or has ended, otherwise what to press, what is found and why something does
 * not come, and all that is known of the selected member.
 */
function lowerPart(state: ScreenState, view: GroupView, model: Model, drawing: Drawing, short: boolean): Lower {
  const { run } = state
  const ports = portLines(view, state, model, drawing)
  if (run !== undefined && (isRunning(state) || run.group === keyOf(view))) {
    const pane = runPane(run, model.now, drawing)
    // What did not come to its end may wait for pods.
    const why = run.end === undefined || run.end.exit === EXIT.done ? [] : whyLines(view, model.around, drawing)
    return { ...pane, lines: apart([pane.lines, why, ports]), first: 0 }
  }
  const row = currentRow(state, view)
  const told = apart([
    nextLines(view, state, model, drawing),
    short ? findingsInShort(view.findings, drawing) : view.findings.flatMap((each) => findingLines(each, drawing)),
    whyLines(view, model.around, drawing),
    ports,
  ])
  return { title: [], lines: apart([told, ...selected(row, view, model, drawing)]), now: 0, first: told.length }
}

/** From so many columns on there are two blocks beside each other. */
const TWO_BLOCKS = 160

function selected(row: MemberRow | undefined, view: GroupView, model: Model, drawing: Drawing): string[][] {
  if (row === undefined) return []
  const { width = 80 } = drawing
  const two = width >= TWO_BLOCKS
  const half = { ...drawing, width: two ? Math.floor(width / 2) - 2 : width }
  const { events } = model.extra
  const left = [memberSummary(row, view, model.now, half), podLines(row, model.around, model.now, half)]
  const right = [
    row.member.next === undefined ? [] : differenceLines(row, view, half),
    events === undefined ? [] : labelled('Events', eventLines(events), half),
  ]
  return two ? [beside(apart(left), apart(right), half.width + 4)] : [...left, ...right]
}

/** Parts with an empty line between them. */
function apart(parts: readonly (readonly string[])[]): string[] {
  return parts.filter((each) => each.length > 0).flatMap((each, index) => (index === 0 ? each : ['', ...each]))
}

const WAITS = 'nothing to do but wait'

/** What leads on, in keys. */
function nextKeys(next: Exclude<Verdict['next'], undefined | 'check'>): string {
  if (next === 'get-group -w') return WAITS
  const { key, words } = VERBS[next === 'abort-all --undo-promoted' ? 'abort-all' : next]
  return `${key} shows ${words.shows}, and asks before it sends`
}

/** Going back may be refused as well, or be done already. */
function refusedKeys(view: GroupView): string {
  const back = planOf(view, 'abort-all')
  return `p shows why it is refused${back.waves.length === 0 || refused(back) ? '' : '; a shows the way back'}`
}

/** What a person would press now. */
function nextLines(view: GroupView, { unlocked }: ScreenState, model: Model, drawing: Drawing): string[] {
  if (model.readOnly || model.lost !== undefined) return []
  const words = nextWords(view)
  if (words === undefined) return []
  return pressLines(model.guarded && !unlocked && words !== WAITS ? `W allows writing; then ${words}` : words, drawing)
}

function nextWords(view: GroupView): string | undefined {
  const { verdict, plan } = view
  if (verdict.next !== undefined && verdict.next !== 'check') return nextKeys(verdict.next)
  if (isUnsettled(view)) return 'S shows how consumers are pointed back, and asks before it sends'
  return plan.waves.length > 0 && refused(plan) ? refusedKeys(view) : undefined
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
  const chosen = currentRow(state, view)
  if (chosen === undefined) {
    const why = state.onlyWrong ? 'No member has anything wrong; z' : `No member is called ${state.filter}; esc`
    return cut([`  ${why} shows all.`], height)
  }
  const headers = height > 1
  const seen = inSight(rows, headers ? height - 1 : height, rows.indexOf(chosen))
  const shown = seen.map(({ row }) => row)
  const marks = seen.map(({ row, more }) =>
    mark(drawing, row === chosen, model.changed.has(memberMark(view, row)), more),
  )
  return shown.length === 0
    ? []
    : inGutter(memberTable(shown, inner(drawing), { headers }), headers ? ['  ', ...marks] : marks)
}
