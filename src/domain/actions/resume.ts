import { gateReplicas } from '../group/gate.ts'
import { gates, liveService, nextService } from '../objects/strategy.ts'
import { neverUnavailable } from '../trace/canary-gap.ts'
import type { ActionRule } from './action-rule.ts'
import { nextGate } from './advance.ts'
import { isPausing } from './goal-paused.ts'
import { ORDER } from './order.ts'
import { patched, rolloutOf, test } from './patch.ts'
import { gateless } from './retry.ts'
import { completeCanary, cutOver, pointed, type Situation, type Transition, up, withdrawn } from './transition.ts'

/**
 * Takes `spec.paused` back, and leaves the gate where it is: the controller does what it was held from, and stops where
 * it stood.
 */
export const resume: ActionRule = {
  towards: 'same',
  order: ORDER['scale-up'],
  passesGate: false,
  alone: true,
  restsOn: ({ paused, pauses, abort }) => [
    test('/spec/paused', paused),
    test('/status/pauseConditions', pauses),
    test('/status/abort', abort),
  ],
  contradicted: ({ expect, member: name }, { status }) =>
    status.abort === (expect.abort === true) ? undefined : `${name} was ${status.abort ? 'aborted' : 'retried'} since`,
  write: (_, member, tests) =>
    patched(rolloutOf(member), [...tests, { op: 'replace', path: '/spec/paused', value: false }]),
  heldByPause: () => undefined,
  transition: (setting) => {
    const { group, member, from, live, next } = setting
    const { strategy, status } = member
    if (next === live)
      return {
        passing: [],
        rest: { ...from, selects: pointed(group, from, [liveService(strategy), nextService(strategy)], live) },
      }
    if (strategy.kind === 'BlueGreen') return onPreview(setting)
    if (status.abort) return { passing: [], rest: withdrawn(setting) }
    const here = status.stepIndex ?? 0
    return status.promoteFull || here > (gates(strategy).at(-1) ?? -1)
      ? completeCanary(setting, strategy, !neverUnavailable(strategy))
      : nextGate(setting, strategy, here - 1)
  },
  goal: isPausing(false),
  event: 'GroupResumed',
  words: { deed: 'resume', inShort: 'resume', sent: 'resume sent' },
}

/** A paused blue/green leaves its preview Service where it was when something was deployed. */
function onPreview(setting: Situation): Transition {
  const { group, member, from, next } = setting
  const empty = { ...from, selects: pointed(group, from, [nextService(member.strategy)], next) }
  const there = member.status.abort || gateReplicas(member, 0) === 0 ? empty : up(member, empty, next)
  const goesLive = !member.status.abort && (member.status.promoteFull || gateless(group, member) !== undefined)
  return goesLive
    ? { passing: [empty, there], rest: cutOver({ ...setting, from: there }) }
    : { passing: [empty], rest: there }
}
