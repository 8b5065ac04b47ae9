import { EXIT } from '../../domain/run/outcome.ts'
import { makePlan } from '../../domain/plan/make-plan.ts'
import { type Verb, VERBS } from '../../domain/intent.ts'
import { refused } from '../../domain/plan/plan.ts'
import {
  currentGroup,
  currentRow,
  isRunning,
  keyOf,
  type Model,
  type Page,
  type Place,
  shownGroups,
  shownRows,
  type State,
  type Step,
} from './state.ts'

/** A key: where it acts, what it does, and how help says so. */
export interface KeyRow {
  /** As the terminal names them. */
  readonly keys: readonly string[]
  /** As help and the last line of the screen show it. */
  readonly shown: string
  readonly does: string
  readonly pages: readonly Page[]
  /** Which stay on a narrow screen: the higher the longer; 0 is shown by help alone. */
  readonly keep: number
  /** What the last line of the screen says instead, where that is shorter. */
  readonly short?: string
  /** Whether the last line names it now, on its pages; absent: always. */
  named?(state: State, model: Model): boolean
  /** Why it does nothing now; undefined where it acts. */
  blocked?(state: State, model: Model): string | undefined
  act(state: State, model: Model): Step
}

const LISTS: readonly Page[] = ['groups', 'group']
const OPEN: readonly Page[] = ['group', 'member', 'graph']
const ALL: readonly Page[] = ['groups', 'group', 'member', 'graph', 'log', 'help']
const FAR = 10
/** More than any page has lines. */
const END = Number.MAX_SAFE_INTEGER

/** Every key, in the order of help. */
export const KEYS: readonly KeyRow[] = [
  {
    keys: ['up', 'k'],
    shown: '↑ k',
    does: 'up',
    pages: ALL,
    keep: 0,
    act: (state, model) => ({ state: moved(state, model, -1) }),
  },
  {
    keys: ['down', 'j'],
    shown: '↓ j',
    does: 'down',
    pages: ALL,
    keep: 0,
    act: (state, model) => ({ state: moved(state, model, 1) }),
  },
  {
    keys: ['pageup'],
    shown: 'PgUp',
    does: 'ten up; on a group: what is below its members',
    pages: ALL,
    keep: 0,
    act: (state, model) => ({ state: leapt(state, model, -FAR) }),
  },
  {
    keys: ['pagedown', ' '],
    shown: 'PgDn',
    does: 'ten down',
    pages: ALL,
    keep: 0,
    act: (state, model) => ({ state: leapt(state, model, FAR) }),
  },
  {
    keys: ['home'],
    shown: 'Home',
    does: 'to the first',
    pages: ALL,
    keep: 0,
    act: (state, model) => ({ state: moved(state, model, -END) }),
  },
  {
    keys: ['end'],
    shown: 'End',
    does: 'to the last',
    pages: ALL,
    keep: 0,
    act: (state, model) => ({ state: moved(state, model, END) }),
  },
  {
    keys: ['enter', 'right'],
    shown: '⏎',
    does: 'open',
    pages: LISTS,
    keep: 7,
    blocked: nothingToOpen,
    act: (state, model) => ({ state: opened(state, model) }),
  },
  opening('promote-all', 6),
  opening('abort-all', 5),
  {
    keys: ['x'],
    shown: 'x',
    does: 'stop the run: once start nothing new, twice end it now',
    short: 'stop',
    pages: ALL,
    keep: 9,
    named: isRunning,
    blocked: (state) => (isRunning(state) ? undefined : 'nothing runs'),
    act: stop,
  },
  {
    keys: ['g'],
    shown: 'g',
    does: 'graph',
    pages: ['group', 'member'],
    keep: 2,
    act: (state) => ({ state: turned(state, 'graph') }),
  },
  {
    keys: ['l'],
    shown: 'l',
    does: 'log',
    pages: ['groups', 'group', 'member', 'graph'],
    keep: 2,
    act: (state) => ({ state: turned(state, 'log', END) }),
  },
  {
    keys: ['/'],
    shown: '/',
    does: 'filter',
    pages: LISTS,
    keep: 3,
    act: (state) => ({ state: { ...state, typing: true } }),
  },
  {
    keys: ['s'],
    shown: 's',
    does: 'sort',
    pages: ['groups'],
    keep: 3,
    act: (state) => ({ state: { ...state, order: state.order === 'by name' ? 'worst first' : 'by name' } }),
  },
  {
    keys: ['esc', 'left', 'backspace'],
    shown: 'esc',
    does: 'back',
    pages: ALL,
    keep: 4,
    named: (state) => nothingBehind(state) === undefined,
    blocked: nothingBehind,
    act: (state) => ({ state: back(state) }),
  },
  {
    keys: ['?', 'h'],
    shown: '?',
    does: 'help',
    pages: ['groups', 'group', 'member', 'graph', 'log'],
    keep: 8,
    act: (state) => ({ state: turned(state, 'help') }),
  },
  {
    keys: ['q'],
    shown: 'q',
    does: 'quit',
    pages: ALL,
    keep: 9,
    named: (state) => !isRunning(state),
    blocked: (state) => (isRunning(state) ? `${state.run.plan.verb} goes on: x stops it` : undefined),
    act: (state) => ({ state, effect: { type: 'quit', exit: EXIT.done } }),
  },
  {
    keys: ['ctrl-c'],
    shown: 'Ctrl-C',
    does: 'quit; while a run goes on, as x',
    pages: ALL,
    keep: 0,
    act: (state) => (isRunning(state) ? stop(state) : { state, effect: { type: 'quit', exit: EXIT.interrupted } }),
  },
  {
    keys: ['ctrl-z'],
    shown: 'Ctrl-Z',
    does: 'to the background; fg brings it back',
    pages: ALL,
    keep: 0,
    act: (state) => ({ state, effect: { type: 'suspend' } }),
  },
  {
    keys: ['ctrl-l'],
    shown: 'Ctrl-L',
    does: 'draw the screen anew',
    pages: ALL,
    keep: 0,
    act: (state) => ({ state, effect: { type: 'redraw' } }),
  },
]

/** The keys there are: on a screen for reading none that write. */
export function keysOf({ readOnly }: Model): readonly KeyRow[] {
  return KEYS.filter((each) => !readOnly || each.blocked !== noWrite)
}

/** The row of a key, wherever it acts. */
export function keyFor(key: string): KeyRow | undefined {
  return KEYS.find((each) => each.keys.includes(key))
}

/** Why a key does nothing on this page now; undefined where it acts. */
export function blockedBy(row: KeyRow, state: State, model: Model): string | undefined {
  if (row.pages.includes(state.page)) return row.blocked?.(state, model)
  return row.pages === OPEN
    ? state.page === 'groups'
      ? 'open a group first: ⏎'
      : 'go back to the group first: esc'
    : `${row.does} is not here`
}

/** Whether a key may be named that writes: not where it is taken away, nor while it must wait for a run. */
function canWrite(state: State, model: Model): boolean {
  return !model.readOnly && !isRunning(state)
}

function nothingToOpen(state: State, model: Model): string | undefined {
  const view = currentGroup(state, model)
  return (state.page === 'groups' ? view : view && currentRow(state, view)) === undefined
    ? 'there is nothing to open'
    : undefined
}

function nothingBehind(state: State): string | undefined {
  return state.behind.length > 0 || state.filter !== '' || state.run?.state === 'over' ? undefined : 'q quits'
}

function noWrite(state: State, model: Model): string | undefined {
  if (model.readOnly) return 'nothing can be written here: --read-only'
  if (isRunning(state)) return `${state.run.plan.verb} of ${state.run.plan.group} goes on: x stops it`
  if (model.lost !== undefined) return 'the connection is lost, and what is shown may be old; wait until it is back'
  return currentGroup(state, model) === undefined ? 'there is no group' : undefined
}

function turned(state: State, page: Page, scroll = 0): State {
  const { page: from, filter, scroll: at } = state
  const place: Place = { page: from, filter, scroll: at }
  return { ...state, page, scroll, filter: '', behind: [place, ...state.behind] }
}

/** First the report of a run is put away, then the filter, then the page. */
function back(state: State): State {
  if (state.page === 'group' && state.run?.state === 'over') return { ...state, run: undefined, scroll: 0 }
  if (state.filter !== '') return { ...state, filter: '' }
  const [place, ...behind] = state.behind
  return place === undefined ? state : { ...state, ...place, behind }
}

function opened(state: State, model: Model): State {
  const view = currentGroup(state, model)!
  return state.page === 'groups'
    ? { ...turned(state, 'group'), group: keyOf(view), member: undefined }
    : { ...turned(state, 'member'), member: currentRow(state, view)!.member.name }
}

/** The selection on lists, the window on pages of text. */
function moved(state: State, model: Model, by: number): State {
  const view = currentGroup(state, model)
  switch (state.page) {
    case 'groups':
      return { ...state, group: near(shownGroups(state, model).map(keyOf), view && keyOf(view), by) }
    case 'group': {
      const row = view && currentRow(state, view)
      return view === undefined
        ? state
        : {
            ...state,
            scroll: state.run === undefined ? 0 : state.scroll,
            member: near(
              shownRows(state, view).map((each) => each.member.name),
              row?.member.name,
              by,
            ),
          }
    }
    default:
      return scrolledBy(state, model, by)
  }
}

/** The key of a verb that writes: it shows its plan. */
function opening(verb: Verb, keep: number): KeyRow {
  const { key } = VERBS[verb]
  return {
    keys: [key],
    shown: key,
    does: verb,
    pages: OPEN,
    keep,
    named: canWrite,
    blocked: noWrite,
    act: (state, model) => planned(state, model, verb),
  }
}

/** Far; on a group's page, what is below its members. */
function leapt(state: State, model: Model, by: number): State {
  return state.page === 'groups' ? moved(state, model, by) : scrolledBy(state, model, by)
}

function scrolledBy(state: State, model: Model, by: number): State {
  const scroll = Math.max(0, Math.min(state.scroll, model.deepest) + by)
  return { ...state, scroll: state.page === 'log' && scroll >= model.deepest ? END : Math.min(scroll, model.deepest) }
}

function near(names: readonly string[], from: string | undefined, by: number): string | undefined {
  const at = from === undefined ? -1 : names.indexOf(from)
  return names[Math.min(Math.max(at + by, 0), names.length - 1)]
}

/** Opens the plan of a verb, or says why there is nothing to do. */
function planned(state: State, model: Model, verb: Verb): Step {
  const view = currentGroup(state, model)!
  const plan = view.plan.verb === verb ? view.plan : makePlan(view.group, verb)
  if (plan.waves.length > 0 || refused(plan))
    return { state: { ...state, dialog: { group: keyOf(view), plan, typed: '', scroll: 0, seen: false } } }
  const waiting = plan.findings.find((each) => each.code === 'not-at-gate' || each.code === 'preview-not-ready')
  return {
    state: {
      ...state,
      notice: waiting?.sentence ?? VERBS[verb].words.idle,
    },
  }
}

/** Once: nothing new is started. Twice: now. */
function stop(state: State): Step {
  const run = state.run!
  return {
    state: { ...state, run: { ...run, state: run.state === 'running' ? 'stopping' : 'ending' } },
    effect: { type: 'stop' },
  }
}
