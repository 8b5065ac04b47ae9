import type { Remedy } from '../findings/remedy.ts'
import { CALLS_NOT } from '../objects/labels.ts'
import type { CheckContext } from './context.ts'
import { kubectl, listed } from './say.ts'

/**
 * What helps members that call each other in a circle. One that users enter from outside is safe where each release has
 * Services of its own. Where they enter by one of the circle, requests that its old pods have begun still come back to
 * them as these end: then no wiring helps.
 */
export function circleRemedy(context: CheckContext, names: readonly string[]): Remedy {
  const { entries, edges } = context.graph
  const entry = names.find((each) => entries.includes(each))
  const back = edges.filter((each) => each.dependency === entry && names.includes(each.consumer))
  const callers = [...new Set(back.map((each) => each.consumer))]
  if (entry === undefined || callers.length === 0)
    return (
      'with role-named Services a circle that users enter has no safe order; ' +
      'it needs pinned Services (one per release, selecting the version)'
    )
  const calls = callers.length === 1 ? 'calls' : 'call'
  return [
    `users come in by ${entry}, and ${listed(callers)} ${calls} it back: what an old ${entry} has begun may ` +
      'come back when that one is gone, whatever the wiring. Where that is no part of the same request ' +
      '(a webhook, a check of health), say so: ',
    kubectl(context, 'annotate', 'rollout', ...callers, `${CALLS_NOT}=${entry}`),
  ]
}
