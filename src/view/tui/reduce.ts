import type { RunEvent } from '../../domain/run/event.ts'
import { refused } from '../../domain/plan/plan.ts'
import { noteRow, progressRow } from '../words/progress-row.ts'
import { inDialog, refreshed } from './confirming.ts'
import { gone } from './moves.ts'
import { blockedBy, keyFor } from './keys.ts'
import { type Input, isCharacter, LOG, type Model, type ScreenState, type Reduced } from './state.ts'

/** Keys that mean the same wherever one is. */
const EVERYWHERE: ReadonlySet<string> = new Set(['ctrl-c', 'ctrl-z', 'ctrl-l'])

/** The next state; pure. */
export function reduce(state: ScreenState, input: Input, model: Model): Reduced {
  switch (input.type) {
    case 'key':
      return onKey({ ...state, notice: '' }, input.key, model)
    case 'text':
      return { state: onText({ ...state, notice: '' }, input.text) }
    case 'seen':
      return { state: refreshed(state, model) }
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
  if (dialog?.byName === true && !dialog.changed && !refused(dialog.plan))
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
