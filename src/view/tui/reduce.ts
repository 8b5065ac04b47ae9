import type { RunEvent } from '../../domain/run/event.ts'
import { refused } from '../../domain/plan/plan.ts'
import { noteRow, progressRow } from '../words/progress-row.ts'
import { callOn } from '../../domain/findings/remedy.ts'
import { gone } from './moves.ts'
import { copied } from './share-keys.ts'
import { blockedBy, keyFor } from './keys.ts'
import { type Dialog, type Input, type Model, type Run, seenAt, type ScreenState, type Reduced } from './state.ts'

/** Rows of the log that are kept. */
const LOG = 1000
/** Keys that mean the same wherever one is. */
const EVERYWHERE: ReadonlySet<string> = new Set(['ctrl-c', 'ctrl-z', 'ctrl-l'])

/** The next state; pure. */
export function reduce(state: ScreenState, input: Input, model: Model): Reduced {
  switch (input.type) {
    case 'key':
      return onKey({ ...state, notice: '' }, input.key, model)
    case 'text':
      return { state: onText({ ...state, notice: '' }, input.text) }
    case 'event':
      return { state: onEvent(state, input.event) }
    case 'over':
      return {
        state:
          state.run === undefined
            ? state
            : {
                ...state,
                notice: '',
                scroll: 0,
                run: {
                  ...state.run,
                  state: 'over',
                  took: state.run.took ?? model.now - state.run.since,
                  end: input.end,
                },
              },
      }
  }
}

function onKey(state: ScreenState, key: string, model: Model): Reduced {
  if (!EVERYWHERE.has(key)) {
    if (state.dialog !== undefined) return inDialog(state, state.dialog, key, model)
    if (state.typing) return { state: inFilter(state, key) }
    if (state.place !== undefined) return { state: inPlace(state, state.place, key, model) }
  }
  const row = keyFor(key)
  const why = row === undefined ? `${key} does nothing; ? shows the keys` : blockedBy(row, state, model)
  return why === undefined ? row!.act(state, model) : { state: { ...state, notice: why } }
}

/** Text goes where text is asked for. */
function onText(state: ScreenState, text: string): ScreenState {
  const { dialog } = state
  const line = text.split(/[\r\n]/)[0]!
  if (dialog?.byName === true && !refused(dialog.plan))
    return { ...state, dialog: { ...dialog, typed: dialog.typed + line } }
  if (dialog === undefined && state.typing) return { ...state, filter: state.filter + line }
  if (dialog === undefined && state.place !== undefined) return { ...state, place: state.place + line }
  return { ...state, notice: 'pasted text does nothing here' }
}

function inFilter(state: ScreenState, key: string): ScreenState {
  if (key === 'enter') return { ...state, typing: false }
  if (key === 'esc') return { ...state, typing: false, filter: '' }
  if (key === 'backspace') return { ...state, filter: [...state.filter].slice(0, -1).join('') }
  return isCharacter(key) ? { ...state, filter: state.filter + key } : state
}

/** What scrolls a plan, by how many lines: never more than the smallest window has. */
const SCROLLS: { readonly [key: string]: number } = {
  up: -1,
  down: 1,
  pageup: -3,
  pagedown: 3,
  home: -Number.MAX_SAFE_INTEGER,
  end: Number.MAX_SAFE_INTEGER,
}
const NO: ReadonlySet<string> = new Set(['esc', 'n', 'N', 'q'])

/** A plan that was seen to its end is confirmed with y; of a protected group by its name and enter. */
function inDialog(state: ScreenState, dialog: Dialog, key: string, model: Model): Reduced {
  const { plan } = dialog
  const seen = seenAt(dialog, model.deepest)
  const changed = (change: Partial<Dialog>, notice = ''): Reduced => ({
    state: { ...state, notice, dialog: { ...dialog, seen, ...change } },
  })
  const closed = (notice: string): Reduced => ({ state: { ...state, dialog: undefined, notice } })
  const by = SCROLLS[key]
  if (by !== undefined) {
    const scroll = Math.max(0, Math.min(model.deepest, Math.min(dialog.scroll, model.deepest) + by))
    return changed({ scroll, seen: seen || scroll >= model.deepest })
  }
  if (refused(plan))
    return NO.has(key) || key === 'enter'
      ? closed('')
      : changed({}, 'it is refused, and nothing was sent; esc closes it')
  // Where its name is typed, that letter is one of the name.
  if (key === 'e' && !dialog.byName) return { ...copied(state, model.typed(callOn(plan, plan.verb))) }
  if (key === 'esc' || (!dialog.byName && NO.has(key))) return closed('not confirmed; nothing was sent')
  if (!seen) return changed({}, 'the plan goes on below: ↓ shows it')
  if (!dialog.byName)
    return key === 'y' || key === 'Y' ? started(state, dialog, model) : changed({}, 'y is yes; esc, n or q is no')
  if (key === 'enter')
    return dialog.typed === plan.group
      ? started(state, dialog, model)
      : changed({ typed: '' }, 'that is not its name; nothing was sent')
  if (key === 'backspace') return changed({ typed: [...dialog.typed].slice(0, -1).join('') })
  return isCharacter(key) ? changed({ typed: dialog.typed + key }) : { state }
}

function started(state: ScreenState, { group, plan }: Dialog, { now, lost, typed }: Model): Reduced {
  if (lost !== undefined)
    return { state: { ...state, dialog: undefined, notice: 'the connection was lost meanwhile; nothing was sent' } }
  const run: Run = {
    group,
    plan,
    state: 'running',
    since: now,
    rows: [],
    patched: new Map(),
    took: undefined,
    end: undefined,
  }
  const same = { at: now, row: noteRow(`the same by hand: ${typed(callOn(plan, plan.verb))}`) }
  return {
    state: { ...state, dialog: undefined, scroll: 0, run, log: [...state.log, same].slice(-LOG) },
    effect: { type: 'run', plan },
  }
}

function onEvent(state: ScreenState, event: RunEvent): ScreenState {
  const { run } = state
  if (run === undefined) return state
  const patched = event.type === 'patched' ? new Map([...run.patched, [event.member, event.at]]) : run.patched
  const took = event.type === 'ended' ? event.after : run.took
  const row = progressRow(event, 'member' in event ? patched.get(event.member) : undefined, 'x')
  if (row === undefined) return { ...state, run: { ...run, took }, log: logged(state.log, event) }
  // What was passing is over when the next thing is told of its member; what the whole run waited for, when anything
  // is.
  const about = 'member' in event ? event.member : ''
  const rows = [...run.rows.filter((each) => !each.passing || (each.member !== about && each.member !== '')), row]
  return {
    ...state,
    run: { ...run, patched, took, rows },
    log: row.passing ? state.log : [...state.log, { at: event.at, row }].slice(-LOG),
  }
}

/** The log of a run begins with its plan. */
function logged(log: ScreenState['log'], event: RunEvent): ScreenState['log'] {
  return event.type === 'started' ? [...log, { at: event.at, row: noteRow(event.plan) }].slice(-LOG) : log
}

/** Where to go is typed. */
function inPlace(state: ScreenState, place: string, key: string, model: Model): ScreenState {
  if (key === 'enter') return gone(state, model, place)
  if (key === 'esc') return { ...state, place: undefined }
  if (key === 'backspace') return { ...state, place: [...place].slice(0, -1).join('') }
  return isCharacter(key) ? { ...state, place: place + key } : state
}

function isCharacter(key: string): boolean {
  return [...key].length === 1
}
