import { gateReplicas } from '../group/gate.ts'
import type { Member, Revision } from '../group/member.ts'
import { type Canary, gates, liveService, nextService, weightAt } from '../objects/strategy.ts'
import { templateDigest } from '../objects/template-digest.ts'
import type { ActionRule } from './action-rule.ts'
import { nextGate } from './advance.ts'
import { templateOf } from './goal-deployed.ts'
import { ORDER } from './order.ts'
import type { Goal } from './step.ts'
import { pointed, type Situation, type Transition, up } from './transition.ts'

/**
 * Makes a member what a person's files say, up to its first gate. Seen on Argo Rollouts 1.10.1:
 *
 * | strategy | passing | rest |
 * |---|---|---|
 * | BlueGreen | preview Service on the new revision, which has no pod yet | the same with all its pods |
 * | Canary | users on the new revision as soon as a pod is ready | canary Service on it, users on both |
 * | the first revision of all | both Services on it, no pod yet | users on it |
 *
 * A revision that waited before it goes.
 */
export const deploy: ActionRule = {
  towards: 'next',
  order: ORDER['scale-up'],
  passesGate: false,
  restsOn: () => [],
  contradicted: ({ expect, member: name }, { status, paused }) => {
    if (status.abort !== (expect.abort === true)) return `${name} was ${status.abort ? 'aborted' : 'retried'} since`
    return paused === (expect.paused === true)
      ? undefined
      : `${name} was ${paused ? 'paused' : 'un-paused'} by hand since`
  },
  write: ({ member }) => ({ kind: 'apply', member }),
  heldByPause: () => 'what is deployed would not come to its gate',
  transition: (setting) => {
    const { strategy } = setting.member
    const from = superseded(setting)
    if (setting.live === setting.next) return firstOfAll({ ...setting, from })
    return strategy.kind === 'BlueGreen'
      ? behindPreview({ ...setting, from })
      : asCanary({ ...setting, from }, strategy)
  },
  begins: true,
  mends: true,
  goal: deployedGoal,
  event: 'GroupDeployed',
  words: { deed: 'deploy', inShort: 'deploy', sent: 'applied' },
}

/** What waited until now is history, and its pods go. */
function superseded({ from, next }: Situation): Situation['from'] {
  const waited = [...from.roles].filter(([id, role]) => role === 'next' && id !== next.id).map(([id]) => id)
  return waited.length === 0
    ? from
    : { ...from, roles: new Map([...from.roles, ...waited.map((id) => [id, 'old'] as const)]) }
}

/** The preview Service is pointed before the first pod is there (rollout/bluegreen.go rolloutBlueGreen). */
function behindPreview({ group, member, from, next }: Situation): Transition {
  const empty = {
    ...from,
    selects: pointed(group, from, [nextService(member.strategy)], next),
    roles: new Map([...from.roles, [next.id, 'next'] as const]),
  }
  return { passing: [empty], rest: gateReplicas(member, 0) === 0 ? empty : up(member, empty, next) }
}

/** The canary Service is pointed once the new pods are there; users of a plain Service come to them before that. */
function asCanary(setting: Situation, strategy: Canary): Transition {
  const { passing, rest } = nextGate(setting, strategy, -1)
  const named = (moment: Situation['from']) => ({
    ...moment,
    roles: new Map([...moment.roles, [setting.next.id, 'next'] as const]),
  })
  return { passing: [{ ...rest, selects: setting.from.selects }, ...passing].map(named), rest: named(rest) }
}

function firstOfAll({ group, member, from, next }: Situation): Transition {
  const { strategy } = member
  const empty = {
    ...from,
    selects: pointed(group, from, [liveService(strategy), nextService(strategy)], next),
    roles: new Map([...from.roles, [next.id, 'live'] as const]),
  }
  const there = up(member, empty, next)
  return { passing: [empty], rest: { ...there, carrying: new Set([...from.carrying, next.id]) } }
}

function deployedGoal(member: Member): Goal {
  const { strategy, replicas, next } = member
  const revision: Revision | undefined = next ?? member.live
  const index = strategy.kind === 'Canary' ? (gates(strategy)[0] ?? strategy.steps.length) : 0
  return {
    kind: 'deployed',
    hash: revision?.hash ?? '',
    template: templateDigest(templateOf(member)),
    replicas: next === undefined ? replicas : gateReplicas(member, index),
    gate:
      strategy.kind === 'Canary' && next !== undefined
        ? { number: 1, count: gates(strategy).length, weight: weightAt(strategy, index) }
        : undefined,
  }
}
