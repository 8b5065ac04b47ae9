import { type Call, callOn } from '../../domain/findings/remedy.ts'
import type { Outcome } from '../../domain/run/outcome.ts'
import { SIGNS, type Tone } from '../draw/theme.ts'

/**
 * What leads on from a run that did not come to its end: the same verb, or a look at what is in the way, or at what is
 * there, or the way back for users from what was found bad.
 */
export type LeadsOn = 'again' | 'check' | 'get-group' | 'back'

/** What leads on as it is typed, where that is not the same once more. */
export function callTo(place: Parameters<typeof callOn>[0], next: Exclude<LeadsOn, 'again'>): Call {
  return next === 'back' ? callOn(place, 'abort-all', '--undo-promoted') : callOn(place, next)
}

/** Every outcome: its sign, the word for it, and what leads on from it. */
export const OUTCOMES: Record<
  Outcome,
  { readonly sign: string; readonly tone: Tone; readonly words: string; readonly next: LeadsOn | undefined }
> = {
  done: { sign: SIGNS.good, tone: 'good', words: 'done', next: undefined },
  'already-done': { sign: SIGNS.good, tone: 'dim', words: 'nothing to do', next: undefined },
  refused: { sign: SIGNS.bad, tone: 'bad', words: 'refused', next: 'check' },
  changed: { sign: SIGNS.bad, tone: 'bad', words: 'changed', next: 'get-group' },
  lost: { sign: SIGNS.bad, tone: 'bad', words: 'lost', next: 'get-group' },
  failed: { sign: SIGNS.bad, tone: 'bad', words: 'failed', next: 'check' },
  'timed-out': { sign: SIGNS.bad, tone: 'bad', words: 'timed out', next: 'again' },
  'not-started': { sign: SIGNS.note, tone: 'dim', words: 'not started', next: undefined },
  cancelled: { sign: SIGNS.bad, tone: 'warn', words: 'cancelled', next: 'again' },
}
