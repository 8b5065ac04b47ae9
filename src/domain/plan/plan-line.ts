import { ACTIONS } from '../actions/actions.ts'
import type { Step } from '../actions/step.ts'
import type { Plan } from './plan.ts'

/**
 * A plan in one line, each wave with its number and what is waited for before it:
 * `1 promote my-frontend 2.0; drain my-frontend 1.0; 2 promote my-backend 2.0`.
 */
export function planLine({ waves }: Pick<Plan, 'waves'>): string {
  return waves
    .flatMap((wave, index) => {
      const drains = [
        ...new Set(wave.flatMap(({ drain }) => drain.map((each) => `${each.member} ${each.version.text}`))),
      ]
      const steps = `${index + 1} ${wave.map(stepWords).join(', ')}`
      return drains.length === 0 ? [steps] : [`drain ${drains.join(', ')}`, steps]
    })
    .join('; ')
}

/** `promote my-frontend 2.0`: the action, whose, and the version that comes or is withdrawn. */
function stepWords({ action, member, from, to }: Step): string {
  return `${action} ${member} ${(ACTIONS[action].towards === 'next' ? to : from).version.text}`
}
