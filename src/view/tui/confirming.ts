import { callOn } from '../../domain/findings/remedy.ts'
import { VERBS } from '../../domain/intent.ts'
import { type Plan, refused, stepsIn } from '../../domain/plan/plan.ts'
import { painter } from '../draw/theme.ts'
import { noteRow } from '../words/progress-row.ts'
import { planLines } from './dialog-box.ts'
import { copied } from './share-keys.ts'
import {
  type Dialog,
  isCharacter,
  keyOf,
  LOG,
  type Model,
  type Reduced,
  type Run,
  type ScreenState,
  seenAt,
} from './state.ts'
import { planOf } from './verb-keys.ts'

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
export function inDialog(state: ScreenState, dialog: Dialog, key: string, model: Model): Reduced {
  const { plan } = dialog
  const seen = seenAt(dialog, model.deepest)
  const changed = (change: Partial<Dialog>, notice = ''): Reduced => ({
    state: { ...state, notice, dialog: { ...dialog, seen, ...change } },
  })
  const by = SCROLLS[key]
  if (by !== undefined) {
    const scroll = Math.max(0, Math.min(model.deepest, Math.min(dialog.scroll, model.deepest) + by))
    return changed({ scroll, seen: seen || scroll >= model.deepest })
  }
  if (refused(plan))
    return NO.has(key) || key === 'enter'
      ? { state: closed(state, '') }
      : changed({}, 'it is refused, and nothing was sent; esc closes it')
  // Where its name is typed, that letter is one of the name.
  if (key === 'e' && !dialog.byName) return { ...copied(state, model.typed(callOn(plan, plan.verb))) }
  if (key === 'esc' || (!dialog.byName && NO.has(key)))
    return { state: closed(state, 'not confirmed; nothing was sent') }
  if (!seen) return changed({}, 'the plan goes on below: ↓ shows it')
  if (dialog.changed)
    return key === 'enter'
      ? changed({ changed: false })
      : changed({}, `nothing was sent; ⏎ once it is read, then ${dialog.byName ? 'its name' : 'y'}`)
  if (!dialog.byName)
    return key === 'y' || key === 'Y' ? started(state, dialog, model) : changed({}, 'y is yes; esc, n or q is no')
  if (key === 'enter')
    return dialog.typed === plan.group
      ? started(state, dialog, model)
      : changed({ typed: '' }, 'that is not its name; nothing was sent')
  if (key === 'backspace') return changed({ typed: [...dialog.typed].slice(0, -1).join('') })
  return isCharacter(key) ? changed({ typed: dialog.typed + key }) : { state }
}

/** A plan that is shown is the one of the group as it is now; one that says something else is to be read anew. */
export function refreshed(state: ScreenState, model: Model): ScreenState {
  const { dialog } = state
  if (dialog === undefined || model.views === undefined) return state
  const { verb } = dialog.plan
  const view = model.views.find((each) => keyOf(each) === dialog.group)
  if (view === undefined) return closed(state, 'the group is gone; nothing was sent')
  const plan = planOf(view, verb)
  if (plan === dialog.plan) return state
  if (plan.waves.length === 0 && !refused(plan))
    return closed(state, `the group has changed: ${VERBS[verb].words.idle}; nothing was sent`)
  if (wordsOf(plan) === wordsOf(dialog.plan))
    return { ...state, dialog: { ...dialog, plan, seen: seenAt(dialog, model.deepest) } }
  const anew = { typed: '', scroll: 0, seen: false, changed: true }
  return { ...state, notice: '', dialog: { ...dialog, ...anew, plan, byName: plan.protected || model.guarded } }
}

/** All that a plan says to the person who confirms it, and of which revisions. */
function wordsOf(plan: Plan): string {
  const drawing = { width: undefined, paint: painter(false), typed: () => '' }
  return JSON.stringify([stepsIn(plan.waves), planLines(plan, '', drawing), plan.protected])
}

function closed(state: ScreenState, notice: string): ScreenState {
  return { ...state, dialog: undefined, notice }
}

function started(state: ScreenState, { group, plan }: Dialog, { now, lost, typed }: Model): Reduced {
  if (lost !== undefined) return { state: closed(state, 'the connection was lost meanwhile; nothing was sent') }
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
    state: { ...closed(state, ''), scroll: 0, run, log: [...state.log, same].slice(-LOG) },
    effect: { type: 'run', plan },
  }
}
