import { ACTIONS } from '../actions/actions.ts'
import type { Draining, Step } from '../actions/step.ts'
import { listed } from '../checks/say.ts'
import type { Drain } from '../intent.ts'
import type { Plan } from './plan.ts'

/**
 * A plan in one line, each wave with its number and what is waited for before it:
 * `1 promote my-frontend 2.0; drain my-frontend 1.0; 2 promote my-backend 2.0`.
 */
export function planLine({ waves }: Pick<Plan, 'waves'>): string {
  return lineOf(waves, (drains) => `drain ${namesOf(drains).join(', ')}`)
}

/**
 * The same for who has not confirmed it yet, with how long the waits are:
 * `1 promote my-frontend 2.0; wait until the old my-frontend 1.0 pods are gone (about 30s); 2 promote my-backend 2.0`.
 */
export function aheadLine({ waves }: Pick<Plan, 'waves'>, drain: Drain = 'pods'): string {
  const most = drain === 'pods' || drain === 'endpoints' ? undefined : `at most ${Number(drain) / 1000}s`
  return lineOf(waves, (drains) => {
    if (drain === 'endpoints') return undefined
    const delay = Math.max(0, ...drains.map((each) => each.delay))
    const long = most ?? (delay === 0 ? undefined : `about ${delay}s`)
    return `wait until the old ${listed(namesOf(drains))} pods are gone${long === undefined ? '' : ` (${long})`}`
  })
}

function lineOf(waves: Plan['waves'], words: (drains: readonly Draining[]) => string | undefined): string {
  return waves
    .flatMap((wave, index) => {
      const drains = wave.flatMap((step) => step.drain)
      const before = drains.length === 0 ? undefined : words(drains)
      const steps = `${index + 1} ${wave.map(stepWords).join(', ')}`
      return before === undefined ? [steps] : [before, steps]
    })
    .join('; ')
}

function namesOf(drains: readonly Draining[]): string[] {
  return [...new Set(drains.map((each) => `${each.member} ${each.version.text}`))]
}

/** `promote my-frontend 2.0`: the action, whose, and the version that comes or is withdrawn. */
function stepWords({ action, member, from, to }: Step): string {
  return `${action} ${member} ${(ACTIONS[action].towards === 'next' ? to : from).version.text}`
}
