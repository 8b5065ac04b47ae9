import { called, type Member, type Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { isRollback, isWithinWindow } from '../group/rollback.ts'
import { gateReplicas } from '../group/gate.ts'
import { type Canary, gates, nextService, weightAt } from '../objects/strategy.ts'
import { behind } from '../trace/doors.ts'
import type { Moment } from '../trace/moments.ts'
import type { ActionRule } from './action-rule.ts'
import { nextGate } from './advance.ts'
import { ORDER } from './order.ts'
import { patched, statusOf, test } from './patch.ts'
import type { Goal } from './step.ts'
import { cutOver, pointed, type Situation, type Transition, up } from './transition.ts'

/**
 * Lets an aborted revision come to its first gate again. It rests on nobody having come nearer to users than the abort
 * left them: with the check point, or with the active Service on it, the controller would go live without a gate (seen
 * on 1.10.1).
 */
export const retry: ActionRule = {
  towards: 'next',
  order: ORDER['scale-up'],
  passesGate: false,
  restsOn: ({ abort, paused, blueGreen }) => [
    test('/status/abort', abort),
    test('/spec/paused', paused),
    ...(blueGreen === null
      ? []
      : [
          test('/status/blueGreen/activeSelector', blueGreen.activeSelector),
          test('/status/blueGreen/scaleUpPreviewCheckPoint', blueGreen.checkPoint),
        ]),
  ],
  contradicted: ({ expect, member: name }, { paused }) =>
    paused === (expect.paused === true) ? undefined : `${name} was ${paused ? 'paused' : 'un-paused'} by hand since`,
  write: (_, member, tests) =>
    patched(statusOf(member), [...tests, { op: 'replace', path: '/status/abort', value: false }]),
  heldByPause: () => 'a retry would not bring it to its gate',
  transition: (setting) => {
    const { strategy } = setting.member
    return strategy.kind === 'BlueGreen' ? atPreview(setting) : asCanary(setting, strategy)
  },
  goal: firstGate,
  event: 'GroupRetried',
  words: { deed: 'retry', inShort: 'retry', sent: 'retry sent' },
}

/**
 * Why the controller would bring an aborted revision to users without a gate; undefined where it stops. One that is
 * older than the live one is a rollback, which stops at no gate while its pods wait for their scale-down, nor within a
 * rollbackWindow (argo-rollouts, rollout/sync.go isFastRollback; seen on 1.10.1).
 */
export function gateless(group: Group, member: Member): string | undefined {
  const { strategy, next, live, status } = member
  if (next === undefined) return undefined
  if (strategy.kind === 'BlueGreen') {
    if (status.scaleUpPreviewCheckPoint) return 'its promote had begun (status.blueGreen.scaleUpPreviewCheckPoint)'
    if (behind(group, member, strategy.activeService).some((each) => each.id === next.id))
      return `Service ${strategy.activeService} is on it already`
    if (isRollback(member, next) && next.deadline !== undefined)
      return `it is older than ${called(live!)}, and its pods still wait for their scale-down`
  }
  return isWithinWindow(member, next) ? `it is older than ${called(live!)}, and within spec.rollbackWindow` : undefined
}

function atPreview(setting: Situation): Transition {
  const { group, member, from, next } = setting
  const empty = { ...wanted(from, next), selects: pointed(group, from, [nextService(member.strategy)], next) }
  const there = gateReplicas(member, 0) === 0 ? empty : up(member, empty, next)
  return gateless(group, member) === undefined
    ? { passing: [empty], rest: there }
    : { passing: [empty, there], rest: cutOver({ ...setting, from: there }) }
}

/** The canary Service is pointed once the new pods are there; users of a plain Service come to them before that. */
function asCanary(setting: Situation, strategy: Canary): Transition {
  const from = wanted(setting.from, setting.next)
  const { passing, rest } = nextGate({ ...setting, from }, strategy, -1)
  return { passing: [{ ...rest, selects: from.selects }, ...passing], rest }
}

/** Its pods do not go any more. */
function wanted(from: Moment, next: Revision): Moment {
  return { ...from, held: from.held.difference(new Set([next.id])), retried: true }
}

function firstGate(member: Member): Goal {
  const { strategy, next } = member
  const index = strategy.kind === 'Canary' ? (gates(strategy)[0] ?? strategy.steps.length) : 0
  return {
    kind: 'at-gate',
    stepIndex: index,
    hash: next!.hash,
    replicas: gateReplicas(member, index),
    weight: strategy.kind === 'Canary' ? weightAt(strategy, index) : 0,
  }
}
