import { gateReplicas } from '../group/gate.ts'
import type { Member } from '../group/member.ts'
import { type Canary, gates, weightAt } from '../objects/strategy.ts'
import { isWithoutStable, stepsWithoutStable } from '../trace/canary-gap.ts'
import { isReached } from '../trace/doors.ts'
import { type Moment, shutAt } from '../trace/moments.ts'
import type { ActionRule } from './action-rule.ts'
import { ORDER } from './order.ts'
import { promote } from './promote.ts'
import type { Goal } from './step.ts'
import { gone, pointed, type Situation, type Transition, up } from './transition.ts'

/**
 * The write of a promotion, at a canary's gate that is not its last: it scales up, and users stay on both revisions.
 */
export const advance: ActionRule = {
  ...promote,
  order: ORDER['scale-up'],
  transition: (setting) => {
    const { strategy } = setting.member
    return strategy.kind === 'Canary' ? nextGate(setting, strategy) : promote.transition(setting)
  },
  goal: (member, began) =>
    member.strategy.kind === 'Canary' ? atNextGate(member, member.strategy) : promote.goal(member, began),
  words: { deed: 'promote', inShort: 'promote to its next gate', sent: 'promote sent' },
}

/**
 * Without a router a weight is made of pods: where all of them are the canary's, the stable Service stays behind with
 * none.
 * @param here the step that it stands at; -1: before the first
 */
export function nextGate(
  { group, member, from, live, next }: Situation,
  strategy: Canary,
  here = member.status.stepIndex ?? 0,
): Transition {
  const gate = gates(strategy).find((each) => each > here) ?? strategy.steps.length
  const pods = gateReplicas(member, gate) > 0
  const users = pods && isReached(group, member, strategy, gate) ? [next.id] : []
  const stable = up(member, from, live)
  const both: Moment = {
    ...(pods ? up(member, stable, next) : stable),
    selects: pointed(group, from, pods ? [strategy.canaryService] : [], next),
    carrying: new Set([...from.carrying, live.id, ...users]),
    shut: undefined,
  }
  const alone = gone(both, live)
  // A router sends users on before the stable pods go.
  if (strategy.dynamicStableScale && weightAt(strategy, gate) >= 100)
    return { passing: [both], rest: { ...alone, shut: shutAt(member, 100) } }
  if (isWithoutStable(strategy, member.replicas, gate)) return { passing: [both], rest: alone }
  return {
    passing: stepsWithoutStable(strategy, member.replicas, here, gate).length > 0 ? [alone] : [],
    rest: both,
  }
}

function atNextGate(member: Member, strategy: Canary): Goal {
  const all = gates(strategy)
  const stepIndex = all.find((each) => each > (member.status.stepIndex ?? 0))!
  const gate = { number: all.indexOf(stepIndex) + 1, count: all.length, weight: weightAt(strategy, stepIndex) }
  return { kind: 'gate', stepIndex, hash: member.next!.hash, replicas: gateReplicas(member, stepIndex), gate }
}
