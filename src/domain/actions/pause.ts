import { isPausing } from './goal-paused.ts'
import type { ActionRule } from './action-rule.ts'
import { ORDER } from './order.ts'
import { patched, rolloutOf, test } from './patch.ts'

/** Sets `spec.paused`: from then on the controller neither switches Services nor scales a canary. */
export const pause: ActionRule = {
  towards: 'same',
  order: ORDER.withdraw,
  passesGate: false,
  alone: true,
  restsOn: ({ paused }) => [test('/spec/paused', paused)],
  contradicted: () => undefined,
  write: (_, member, tests) => patched(rolloutOf(member), [...tests, { op: 'add', path: '/spec/paused', value: true }]),
  heldByPause: () => undefined,
  transition: ({ from }) => ({ passing: [], rest: from }),
  goal: isPausing(true),
  event: 'GroupPaused',
  words: { deed: 'pause', inShort: 'pause', sent: 'pause sent' },
}
