import type { Member, Revision } from '../group/member.ts'
import { liveService, namedServices, nextService } from '../objects/strategy.ts'
import type { ActionRule } from './action-rule.ts'
import { test } from './patch.ts'
import { restoreStable } from './restore-stable.ts'
import { pointed, type Situation, type Transition } from './transition.ts'

/**
 * Puts the pod template back that users were on before the last promote, while its pods still run: the controller then
 * switches both Services in one pass, without a gate (rollout/bluegreen.go isBlueGreenFastTracked; seen on 1.10.1).
 */
export const undo: ActionRule = {
  ...restoreStable,
  towards: 'earlier',
  alone: true,
  restsOn: ({ paused }) => [test('/spec/paused', paused)],
  heldByPause: () => 'its earlier pod template would not be gone back to',
  transition: backAtOnce,
  goal: (member) => ({
    kind: 'stable',
    services: namedServices(member.strategy),
    hash: earlierOf(member)?.hash ?? '',
    replicas: member.replicas,
  }),
  event: 'GroupUndone',
  words: { deed: 'go back to its earlier revision', inShort: 'undo', sent: 'earlier pod template sent' },
}

/** What users of a blue/green member can be brought back to at once; undefined where its old pods are going, or gone. */
export function earlierOf({ strategy, next, live, paused, replicas, lingering }: Member): Revision | undefined {
  if (strategy.kind !== 'BlueGreen' || next !== undefined || live === undefined || paused) return undefined
  return lingering.find(
    (each) => each.created < live.created && each.deadline !== undefined && each.available >= replicas,
  )
}

/**
 * Whether users have only just left a revision: the controller says until when its pods stay a moment after the switch,
 * and goes back at once to none of which it has not said so.
 */
export function hasJustLeft({ strategy, next, live, replicas, revisions }: Member): boolean {
  if (strategy.kind !== 'BlueGreen' || next !== undefined || live === undefined) return false
  const earlier = revisions.filter((each) => each.created < live.created && each.deadline === undefined)
  return earlier.some((each) => each.pods > 0 && each.available >= replicas)
}

function backAtOnce({ group, member, from, live }: Situation): Transition {
  const back = earlierOf(member)
  if (back === undefined) return { passing: [], rest: from }
  return {
    passing: [],
    rest: {
      ...from,
      selects: pointed(group, from, [liveService(member.strategy), nextService(member.strategy)], back),
      carrying: new Set([...from.carrying, back.id]),
      held: new Set([...from.held.difference(new Set([back.id])), live.id]),
      roles: new Map([...from.roles, [live.id, 'lingering'], [back.id, 'live']]),
    },
  }
}
