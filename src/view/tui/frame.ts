import type { Typed } from '../../domain/findings/remedy.ts'
import type { GroupView } from '../words/group-view.ts'
import type { Drawing } from '../draw/drawing.ts'
import { flow } from '../draw/flow.ts'
import { type Cell, painter, SIGNS } from '../draw/theme.ts'
import { printable } from '../../text/printable.ts'
import { truncate, widthOf, wrapAtMost } from '../draw/width.ts'
import { dialogBox, dialogKeys } from './dialog-box.ts'
import type { KeyRow } from './key-row.ts'
import { KEYS } from './keys.ts'
import { bare, type Scrolled, still, within } from './layout.ts'
import { PAGES } from './pages.ts'
import { runTitle, standing } from './run-pane.ts'
import { currentGroup, isRunning, keyOf, type Model, type ScreenState } from './state.ts'
import { clock, lasting } from './time-words.ts'

/** Of the terminal. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** What a screen is drawn with. */
export interface Look {
  readonly colour: boolean
  /** The cluster's context, for the heading and the plan. */
  readonly context: string
  readonly typed: Typed
}

/** Lines enough for an empty one between the parts. */
const ROOMY = 16

/**
 * The whole screen: always one line less than the terminal has rows, so that it never scrolls, and none wider than it;
 * and how far what is scrolled goes.
 */
export function frame(state: ScreenState, model: Model, size: Size, look: Look): Scrolled {
  const { columns, rows } = size
  if (!model.guarded || columns < 40 || rows < 12) return content(state, model, size, look)
  const { lines, ...scrolled } = content(state, model, { columns: columns - 4, rows: rows - 2 }, look)
  return { lines: redFrame(lines, productionWords(state, model, look), columns, look), ...scrolled }
}

/** What is said in the frame of a context that is marked as production. */
function productionWords({ unlocked }: ScreenState, { readOnly }: Model, { context }: Look): string {
  const may = readOnly ? 'read-only' : unlocked ? 'writing is allowed' : 'read-only until W allows writing'
  return ` production: ${context}, ${may} `
}

function redFrame(lines: readonly string[], words: string, columns: number, { colour }: Look): string[] {
  const red = (text: string) => painter(colour)({ text, tone: 'bad' })
  const title = truncate(printable(words), columns - 4)
  const side = red('┃')
  return [
    red(`┏━${title}${'━'.repeat(Math.max(0, columns - 3 - widthOf(title)))}┓`),
    ...lines.map((line) => `${side} ${line}${' '.repeat(Math.max(0, columns - 4 - widthOf(bare(line))))} ${side}`),
    red(`┗${'━'.repeat(columns - 2)}┛`),
  ]
}

function content(state: ScreenState, model: Model, { columns, rows }: Size, look: Look): Scrolled {
  const drawing: Drawing = { width: columns, paint: painter(look.colour), typed: look.typed }
  const height = Math.max(0, rows - 1)
  const foot = (seen: Pick<Model, 'deepest' | 'sight'>) =>
    footLines(state, { ...model, ...seen }, Math.max(1, Math.floor(height / 3)), drawing)
  const head = [
    ...titleLines(state, model, drawing, look).slice(0, height >= ROOMY ? 3 : 1),
    ...lostLines(model, height >= ROOMY ? 3 : 1, drawing),
  ]
  const gap = height >= ROOMY ? [''] : []
  const room = Math.max(0, height - head.length - gap.length - foot({ deepest: 0, sight: 0 }).length)
  const { lines, ...seen } = body(state, model, room, drawing, look)
  const shown = model.lost === undefined ? lines : lines.map((line) => drawing.paint({ text: bare(line), tone: 'dim' }))
  const filled = [...shown, ...Array.from({ length: Math.max(0, room - shown.length) }, () => '')]
  return {
    lines: [...head, ...gap, ...filled, ...foot(seen)].slice(0, height).map((line) => within(line, columns)),
    ...seen,
  }
}

function body(state: ScreenState, model: Model, room: number, drawing: Drawing, { context }: Look): Scrolled {
  if (state.dialog !== undefined) return dialogBox(state.dialog, room, drawing, context)
  if (model.views === undefined && state.page !== 'help') return still(['Reading the cluster…'])
  return PAGES[state.page](state, model, room, drawing)
}

/** Where one is, and how the group stands. */
function titleLines(state: ScreenState, model: Model, { width = 80, paint }: Drawing, look: Look): string[] {
  const typed: Cell[] =
    state.typing || state.filter !== ''
      ? [{ text: `filter: ${state.filter}${state.typing ? '▏' : ''}`, tone: 'strong' }]
      : []
  const to: Cell[] = state.place === undefined ? [] : [{ text: `go to: ${state.place}▏`, tone: 'strong' }]
  const wrong: Cell[] = state.onlyWrong ? [{ text: 'only what is wrong', tone: 'strong' }] : []
  const { forwarding, page, group } = state
  const seen = forwarding === undefined || (page === 'group' && keyOf(forwarding) === group)
  const ports: Cell[] = seen ? [] : [{ text: `forwards ${forwarding.name}`, tone: 'wait' }]
  const only: Cell[] = model.readOnly ? [{ text: 'read-only' }] : []
  return flow([...titleOf(state, model, look), ...typed, ...to, ...wrong, ...ports, ...only], '   ', '  ', width, paint)
}

/** Since when there is no connection, and why: in so many lines. */
function lostLines({ lost, now, views }: Model, most: number, { width = 80, paint }: Drawing): string[] {
  if (lost === undefined) return []
  const since = `connection lost ${lasting(now - lost.since)} ago, at ${clock(lost.since)} UTC`
  const said = views === undefined ? 'no connection, and nothing was read yet' : `${since}; what is shown is from then`
  const words = printable(`${SIGNS.warn} ${said}: ${lost.reason}`)
  return wrapAtMost(words, width, most).map((text) => paint({ text, tone: 'warn' }))
}

function titleOf(state: ScreenState, model: Model, { context }: Look): Cell[] {
  const where = { text: `context ${context}` }
  if (state.page === 'log') return [{ text: 'Log of this session', tone: 'strong' }, where]
  if (state.page === 'help') return [{ text: 'Keys', tone: 'strong' }]
  const view = state.page === 'groups' ? undefined : currentGroup(state, model)
  if (view !== undefined) return groupTitle(view, state, model, where)
  if (model.views === undefined && state.group !== undefined)
    return [{ text: `Group ${state.group.replace(/^.*\//, '')}`, tone: 'strong' }, where]
  const count = model.views?.length
  return [
    { text: 'Groups', tone: 'strong' },
    ...(count === undefined ? [] : [{ text: `${count} ${count === 1 ? 'group' : 'groups'}, ${state.order}` }]),
    where,
  ]
}

function groupTitle(view: GroupView, state: ScreenState, { lost }: Model, where: Cell): Cell[] {
  const { name, namespace, mode } = view
  const { sign, words, tone } = standing(view, state)
  const verdict: Cell =
    lost === undefined ? { text: `${sign} ${words}`, tone } : { text: `${SIGNS.unknown} was: ${words}`, tone: 'warn' }
  return [
    { text: `Group ${name}`, tone: 'strong' },
    verdict,
    { text: `namespace ${namespace}` },
    where,
    { text: `${mode} mode` },
  ]
}

/**
 * Why the last key did nothing, the run where it is not in sight, and the keys that act here: in so many lines, where
 * these are few in the order of use.
 */
function footLines(state: ScreenState, model: Model, most: number, drawing: Drawing): string[] {
  const { width = 80, paint } = drawing
  const words = state.notice === '' ? '' : printable(`${SIGNS.note} ${state.notice}`)
  const told = words === '' ? [] : wrapAtMost(words, width, Math.max(1, most - 1))
  const notice = told.map((text) => paint({ text, tone: 'warn' }))
  const run =
    isRunning(state) && (state.page !== 'group' || state.dialog !== undefined)
      ? [paint({ text: truncate(printable(runTitle(state.run, model.now)), width), tone: 'strong' })]
      : []
  const keys =
    state.dialog !== undefined
      ? truncate(dialogKeys(state.dialog, model.deepest), width)
      : state.typing
        ? `⏎ keep${width < 56 ? '' : '   ! not   -l label   -f fuzzy'}   esc all again`
        : state.place !== undefined
          ? `⏎ go there${width < 56 ? '' : '   q ⏎ quit'}   esc stay here`
          : keyLine(state, model, drawing)
  const kept = [...notice, keys, ...run].slice(0, most)
  return [...notice, ...run, keys].filter((each) => kept.includes(each))
}

/** As many keys as there is room for, in the order of help. */
function keyLine(state: ScreenState, model: Model, { width = 80, paint }: Drawing): string {
  const rows = KEYS.filter(
    (each) => each.keep > 0 && each.pages.includes(state.page) && each.named?.(state, model) !== false,
  )
  const does = ({ short, does }: KeyRow) => (typeof short === 'function' ? short(state, model) : (short ?? does))
  const long = () => rows.reduce((sum, each) => sum + widthOf(`${each.shown} ${does(each)}`) + 3, -3)
  while (rows.length > 1 && long() > width)
    rows.splice(rows.indexOf(rows.reduce((a, b) => (b.keep < a.keep ? b : a))), 1)
  return rows.map((each) => `${paint({ text: each.shown, tone: 'strong' })} ${does(each)}`).join('   ')
}
