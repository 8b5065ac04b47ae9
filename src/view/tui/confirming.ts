import { VERBS } from '../../domain/intent.ts'
import { refused, stepsIn } from '../../domain/plan/plan.ts'
import { painter } from '../draw/theme.ts'
import { noteRow } from '../words/progress-row.ts'
import { isCharacter } from './key-row.ts'
import { planLines } from './dialog-box.ts'
import { END, home, pageOf } from './moves.ts'
import { copied } from './share-keys.ts'
import { begun, type Dialog, dialogOf, sameAs, seenAt, unasked } from './running.ts'
import { keyOf, LOG, type Model, type Reduced, type ScreenState } from './state.ts'
import { planOf } from './verb-keys.ts'

/** What scrolls a plan, by how many lines. */
const SCROLLS: { readonly [key: string]: (model: Model) => number } = {
  up: () => -1,
  down: () => 1,
  pageup: (model) => -pageOf(model),
  pagedown: pageOf,
  home: () => -END,
  end: () => END,
  'ctrl-b': (model) => -pageOf(model),
  'ctrl-u': (model) => -pageOf(model),
  'ctrl-f': pageOf,
  'ctrl-d': pageOf,
}
/** These, too, where they are no letters of a name that is typed. */
const LETTERS: typeof SCROLLS = { k: () => -1, j: () => 1, ' ': pageOf, g: () => -END, G: () => END }
const NO: ReadonlySet<string> = new Set(['esc', 'n', 'N', 'q'])

/** A plan that was seen to its end is confirmed with y; of a protected group by its name and enter. */
export function inDialog(state: ScreenState, dialog: Dialog, key: string, model: Model): Reduced {
  const { plan } = dialog
  const seen = seenAt(dialog, model.deepest)
  const changed = (change: Partial<Dialog>, notice = ''): Reduced => ({
    state: { ...state, notice, dialog: { ...dialog, seen, ...change } },
  })
  const erases = dialog.byName && key === 'ctrl-u' && dialog.typed !== ''
  const by = erases ? undefined : (SCROLLS[key] ?? (dialog.byName ? undefined : LETTERS[key]))?.(model)
  if (by !== undefined) {
    const scroll = Math.max(0, Math.min(model.deepest, Math.min(dialog.scroll, model.deepest) + by))
    return changed({ scroll, seen: seen || scroll >= model.deepest })
  }
  if (refused(plan))
    return NO.has(key) || key === 'enter'
      ? closed(state, '')
      : changed({}, 'it is refused, and nothing was sent; esc closes it')
  // Where its name is typed, that letter is one of the name.
  if (key === 'e' && !dialog.byName) return copied(state, model.typed(unasked(dialog)))
  if (key === 'esc' || (!dialog.byName && NO.has(key))) return closed(state, 'not confirmed; nothing was sent')
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
  if (erases) return changed({ typed: '' })
  if (key === 'backspace') return changed({ typed: [...dialog.typed].slice(0, -1).join('') })
  return isCharacter(key) ? changed({ typed: dialog.typed + key }) : { state }
}

/**
 * A plan that is shown is the one of the group as it is now; one that says something else is to be read anew. One of
 * several runs is planned again once it was confirmed.
 */
export function refreshed(state: ScreenState, model: Model): Reduced {
  const { dialog } = state
  if (dialog === undefined || model.views === undefined) return { state }
  const { verb } = dialog.plan
  const view = model.views.find((each) => keyOf(each) === dialog.group)
  if (view === undefined) return vanished(state, 'the group is gone; nothing was sent')
  if (dialog.deed.phases !== undefined) return { state }
  const plan = planOf(view, verb)
  if (plan === dialog.plan) return { state }
  if (plan.waves.length === 0 && !refused(plan))
    return vanished(state, `the group has changed: ${VERBS[verb].words.idle}; nothing was sent`)
  if (wordsOf({ ...dialog, plan }) === wordsOf(dialog))
    return { state: { ...state, dialog: { ...dialog, plan, seen: seenAt(dialog, model.deepest) } } }
  const anew = { ...dialogOf(dialog, plan, model.guarded), changed: true }
  return { state: { ...state, notice: '', dialog: anew } }
}

/** All that a plan says to the person who confirms it, and of which revisions. */
function wordsOf(dialog: Dialog): string {
  const drawing = { width: undefined, paint: painter(false), typed: () => '' }
  return JSON.stringify([stepsIn(dialog.plan.waves), planLines(dialog, '', drawing), dialog.plan.protected])
}

/** Of a plan that is not there any more: a yes that was on its way is told so. */
function vanished(state: ScreenState, why: string): Reduced {
  const { state: shut, ...more } = closed(state, why)
  return { state: { ...shut, unplanned: why }, ...more }
}

/** Whoever waits for an answer gets one. */
function closed(state: ScreenState, notice: string): Reduced {
  const shut = { ...state, dialog: undefined, asking: undefined, notice }
  return state.asking === undefined ? { state: shut } : { state: shut, effect: { type: 'answer', yes: false } }
}

function started(state: ScreenState, dialog: Dialog, { now, lost, typed }: Model): Reduced {
  if (lost !== undefined) return closed(state, 'the connection was lost meanwhile; nothing was sent')
  const { plan } = dialog
  const same = { at: now, row: noteRow(`the same by hand: ${typed(sameAs(dialog))}`) }
  return {
    state: {
      ...home(closed(state, '').state),
      scroll: 0,
      run: begun(dialog, now),
      log: [...state.log, same].slice(-LOG),
    },
    effect: state.asking === undefined ? { type: 'run', plan } : { type: 'answer', yes: true },
  }
}
