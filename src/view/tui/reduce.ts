import { type Plan, refused } from '../../domain/plan/plan.ts'
import type { RunEvent } from '../../domain/run/event.ts'
import { noteRow, progressRow } from '../words/progress-row.ts'
import { inDialog, refreshed } from './confirming.ts'
import { gone } from './moves.ts'
import { blockedBy, keyFor } from './keys.ts'
import { isCharacter, type KeyRow } from './key-row.ts'
import { MOVING } from './moving-keys.ts'
import { noWrite } from './verb-keys.ts'
import { told } from './share-keys.ts'
import { dialogOf, NO_PHASES, phaseBegun, type Phases, type RunEnd } from './running.ts'
import { type Input, isRunning, LOG, type Model, type ScreenState, type Reduced } from './state.ts'

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
      return refreshed(told(state, model), model)
    case 'event':
      return { state: onEvent(state, input.event) }
    case 'planned':
      return onPlanned(state, input.plan, model)
    case 'foreseen':
      return { state: onPhases(state, () => ({ ahead: input.ahead, at: undefined })) }
    case 'phase':
      return { state: onPhases(state, (phases) => phaseBegun(phases, input.phase)) }
    case 'said':
      return { state: onSaid(state, input.words, model) }
    case 'over':
      return { state: onOver(state, input.end, model) }
  }
}

/** The plan of a run among several: the first one is asked about. */
function onPlanned(state: ScreenState, plan: Plan, { guarded }: Model): Reduced {
  const { run, asking } = state
  if (asking !== undefined) return { state: { ...state, notice: '', dialog: dialogOf(asking, plan, guarded) } }
  if (!isRunning(state)) return { state, effect: { type: 'answer', yes: false } }
  const { before, rows } = state.run
  const told = [...before, ...rows.filter((each) => !each.passing)]
  return {
    state: { ...state, run: { ...run!, plan, before: told, rows: [], patched: new Map(), took: undefined } },
    effect: { type: 'answer', yes: true },
  }
}

/** Of runs that are asked about, or go on. */
function onPhases(state: ScreenState, next: (phases: Phases) => Phases): ScreenState {
  const { asking } = state
  if (asking !== undefined) return { ...state, asking: { ...asking, phases: next(asking.phases ?? NO_PHASES) } }
  return isRunning(state) ? { ...state, run: { ...state.run, phases: next(state.run.phases) } } : state
}

function onSaid(state: ScreenState, words: string, { now }: Model): ScreenState {
  const row = noteRow(words)
  const log = [...state.log, { at: now, row }].slice(-LOG)
  if (state.asking !== undefined)
    return { ...state, log, asking: { ...state.asking, said: [...state.asking.said, words] } }
  return isRunning(state) ? { ...state, log, run: { ...state.run, rows: [...state.run.rows, row] } } : state
}

/** What was never asked about says why: by its plan, or by what was said last. */
function onOver(state: ScreenState, end: RunEnd | undefined, { now, guarded }: Model): ScreenState {
  const { run, asking } = state
  if (asking !== undefined) {
    const there = { ...state, asking: undefined, dialog: undefined }
    return end !== undefined && refused(end.plan)
      ? { ...there, notice: '', dialog: dialogOf(asking, end.plan, guarded) }
      : {
          ...there,
          ...without(end?.failure ?? (asking.said.join(' ') || `${asking.deed.name}: there is nothing to do`)),
        }
  }
  if (run === undefined || run.state === 'over') return state
  // What the last of several runs took is not what all of them did.
  const own = run.deed.phases === undefined ? run.took : undefined
  const took = end?.took ?? own ?? now - run.since
  return { ...state, notice: '', scroll: 0, run: { ...run, state: 'over', took, end } }
}

function without(why: string): Pick<ScreenState, 'notice' | 'unplanned'> {
  return { notice: why, unplanned: why }
}

function onKey(state: ScreenState, key: string, model: Model): Reduced {
  if (!EVERYWHERE.has(key)) {
    if (state.dialog !== undefined) return inDialog(state, state.dialog, key, model)
    if (state.typing) return { state: inFilter(state, key) }
    if (state.place !== undefined) return inPlace(state, state.place, key, model)
  }
  const row = keyFor(key, state.page)
  const why = noPlanFor(key, state) ?? blockedBy(key, row, state, model)
  const { state: next, ...more } = why === undefined ? row!.act(state, model) : { state: { ...state, notice: why } }
  return { state: { ...next, unplanned: unplannedBy(row, state, next) }, ...more }
}

/** A yes that came where a plan was expected copies nothing. */
function noPlanFor(key: string, { asking, unplanned }: ScreenState): string | undefined {
  if (key !== 'y' && key !== 'Y') return undefined
  if (asking !== undefined) return `${asking.deed.name} is being worked out; there is no plan yet to say yes to`
  return unplanned === '' ? undefined : `there is no plan to say yes to: ${unplanned}`
}

/** Who only looks around after a key that led to no plan may still think that there is one. */
function unplannedBy(row: KeyRow | undefined, { unplanned }: ScreenState, next: ScreenState): string {
  if (row?.blocked === noWrite && next.dialog === undefined && next.asking === undefined) return next.notice
  return row !== undefined && MOVING.includes(row) ? unplanned : ''
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
  if (key === 'ctrl-u') return { ...state, filter: '' }
  if (key === 'backspace') return { ...state, filter: [...state.filter].slice(0, -1).join('') }
  return isCharacter(key) ? { ...state, filter: state.filter + key } : state
}

function onEvent(state: ScreenState, event: RunEvent): ScreenState {
  const { run } = state
  if (run === undefined) return state
  const patched = event.type === 'patched' ? new Map([...run.patched, [event.member, event.at]]) : run.patched
  const took = event.type === 'ended' ? event.after : run.took
  const row = progressRow(event, 'member' in event ? patched.get(event.member) : undefined, '')
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

/** What is typed after `:` to leave, in editors and in other screens of clusters. */
const LEAVING: ReadonlySet<string> = new Set(['q', 'q!', 'quit', 'exit'])

/** Where to go is typed. */
function inPlace(state: ScreenState, place: string, key: string, model: Model): Reduced {
  if (key === 'enter' && LEAVING.has(place)) return onKey({ ...state, place: undefined }, 'q', model)
  if (key === 'enter') return { state: gone(state, model, place) }
  if (key === 'esc') return { state: { ...state, place: undefined } }
  if (key === 'ctrl-u') return { state: { ...state, place: '' } }
  if (key === 'backspace') return { state: { ...state, place: [...place].slice(0, -1).join('') } }
  return { state: isCharacter(key) ? { ...state, place: place + key } : state }
}
