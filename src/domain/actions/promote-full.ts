import type { ActionRule } from './action-rule.ts'
import { patched, statusOf } from './patch.ts'
import { halted, notHalted, promote } from './promote.ts'
import { completeCanary, cutOver } from './transition.ts'

/** Skips every gate and analysis that is left, wherever the member stands. */
export const promoteFull: ActionRule = {
  ...promote,
  passesGate: false,
  restsOn: notHalted,
  contradicted: halted,
  write: (_, member, tests) =>
    patched(statusOf(member), [...tests, { op: 'add', path: '/status/promoteFull', value: true }]),
  transition: (setting) => {
    const { strategy } = setting.member
    return strategy.kind === 'BlueGreen'
      ? { passing: [], rest: cutOver(setting) }
      : completeCanary(setting, strategy, true)
  },
  words: { deed: 'promote in full', inShort: 'promote in full', sent: 'promote in full sent' },
}
