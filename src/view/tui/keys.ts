import { EXIT } from '../../domain/run/outcome.ts'
import { type KeyRow, LISTS, OPEN } from './key-row.ts'
import { back, comparing, END, nothingBehind, turned } from './moves.ts'
import { MOVING } from './moving-keys.ts'
import { BACK_TO, PHASED, WITHDRAW } from './phased-keys.ts'
import { SHARING } from './share-keys.ts'
import { ALL, isRunning, type Model, type ScreenPage, type ScreenState } from './state.ts'
import { noWrite, opening, stop } from './verb-keys.ts'

/** Every key, in the order of help. */
export const KEYS: readonly KeyRow[] = [
  ...MOVING,
  opening('promote-all', 6),
  WITHDRAW,
  opening('retry-all', 5),
  ...PHASED,
  opening('pause-all', 0),
  opening('resume-all', 0),
  {
    keys: ['W'],
    shown: 'W',
    does: 'allow writing in production',
    short: 'allow writing',
    pages: ['groups', ...OPEN],
    keep: 6,
    named: (state, model) => model.guarded && !model.readOnly && !state.unlocked,
    there: (model) => model.guarded && !model.readOnly,
    blocked: (_state, model) =>
      model.readOnly
        ? 'nothing can be written here: --read-only'
        : model.guarded
          ? undefined
          : 'this is not production',
    act: (state) => ({ state: { ...state, unlocked: !state.unlocked } }),
  },
  {
    keys: ['x'],
    shown: 'x',
    does: 'stop; twice: end it now',
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
    pages: OPEN.filter((each) => each !== 'graph'),
    keep: 2,
    act: (state) => ({ state: turned(state, 'graph') }),
  },
  {
    keys: ['l'],
    shown: 'l',
    does: 'log: all that was sent',
    short: 'log',
    pages: ['groups', ...OPEN],
    keep: 2,
    act: (state) => ({ state: turned(state, 'log', END) }),
  },
  {
    keys: ['d'],
    shown: 'd',
    does: 'difference of live and next',
    short: 'difference',
    pages: OPEN.filter((each) => each !== 'difference'),
    keep: 2,
    act: (state, model) => ({ state: comparing(state, model) }),
  },
  {
    keys: ['h'],
    shown: 'h',
    does: 'history: past releases',
    short: 'history',
    pages: OPEN.filter((each) => each !== 'history'),
    keep: 1,
    act: (state) => ({ state: { ...turned(state, 'history'), past: undefined } }),
  },
  BACK_TO,
  ...SHARING,
  {
    keys: ['/'],
    shown: '/',
    does: 'filter',
    pages: LISTS,
    keep: 2,
    act: (state) => ({ state: { ...state, typing: true } }),
  },
  {
    keys: ['z'],
    shown: 'z',
    does: 'only what is wrong',
    pages: LISTS,
    keep: 1,
    act: (state) => ({ state: { ...state, onlyWrong: !state.onlyWrong } }),
  },
  {
    keys: [':'],
    shown: ':',
    does: 'go to a group or namespace',
    pages: ['groups', ...OPEN],
    keep: 0,
    act: (state) => ({ state: { ...state, place: '' } }),
  },
  {
    keys: ['s'],
    shown: 's',
    does: 'sort',
    pages: ['groups'],
    keep: 1,
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
    keys: ['?'],
    shown: '?',
    does: 'help',
    pages: ['groups', ...OPEN, 'log'],
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
    blocked: (state) => (isRunning(state) ? `${state.run.deed.name} goes on: x stops it` : undefined),
    act: (state) => ({ state, effect: { type: 'quit', exit: EXIT.done } }),
  },
  {
    keys: ['ctrl-c'],
    shown: 'Ctrl-C',
    does: 'quit; in a run as x',
    pages: ALL,
    keep: 0,
    act: (state) => (isRunning(state) ? stop(state) : { state, effect: { type: 'quit', exit: EXIT.interrupted } }),
  },
  {
    keys: ['ctrl-z'],
    shown: 'Ctrl-Z',
    does: 'suspend; fg brings it back',
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
export function keysOf(model: Model): readonly KeyRow[] {
  return KEYS.filter(
    (each) =>
      each.aside === undefined &&
      (!model.readOnly || each.blocked !== noWrite) &&
      (each.there === undefined || each.there(model)),
  )
}

/** The row of a key: that of this page, or wherever else it acts. */
export function keyFor(key: string, page: ScreenPage): KeyRow | undefined {
  const rows = KEYS.filter((each) => each.keys.includes(key))
  return rows.find((each) => each.pages.includes(page)) ?? rows[0]
}

/** Why a key does nothing on this page now; undefined where it acts. */
export function blockedBy(key: string, row: KeyRow | undefined, state: ScreenState, model: Model): string | undefined {
  if (row === undefined) return `${key} does nothing; ? shows the keys`
  if (row.pages.includes(state.page)) return row.blocked?.(state, model)
  if (!row.pages.includes('group')) return `${row.does} is not here`
  return state.page === 'groups' ? 'open a group first: ⏎' : 'go back to the group first: esc'
}
