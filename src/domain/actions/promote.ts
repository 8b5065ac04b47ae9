import { liveService } from '../objects/strategy.ts'
import type { Member } from '../group/member.ts'
import { neverUnavailable } from '../trace/canary-gap.ts'
import type { ActionRule } from './action-rule.ts'
import { ORDER } from './order.ts'
import { patched, type PatchOperation, statusOf, test } from './patch.ts'
import type { Expectation, Goal, Step } from './step.ts'
import { completeCanary, cutOver } from './transition.ts'

/**
 * Removes the pause conditions and leaves controllerPause alone: only then does the controller take the gate for passed
 * by hand (argo-rollouts, rollout/pause.go).
 */
export const promote: ActionRule = {
  towards: 'next',
  order: ORDER['switch-over'],
  passesGate: true,
  restsOn: (expect) => [...notHalted(expect), test('/status/pauseConditions', expect.pauses)],
  contradicted: (step, member) => stepped(step, member) ?? halted(step, member),
  write: (_, member, tests) => patched(statusOf(member), [...tests, { op: 'remove', path: '/status/pauseConditions' }]),
  heldByPause: () => 'a promote would be lost',
  transition: (setting) => {
    const { strategy } = setting.member
    return strategy.kind === 'BlueGreen'
      ? { passing: [], rest: cutOver(setting) }
      : completeCanary(setting, strategy, !neverUnavailable(strategy))
  },
  goal: usersOnNext,
  event: 'GroupPromoted',
  words: { deed: 'promote', inShort: 'promote', sent: 'promote sent' },
}

/** What leads all users to the next revision rests on nobody having aborted or paused it, at the step that was seen. */
export function notHalted(expect: Expectation): PatchOperation[] {
  return [
    test('/status/abort', expect.abort),
    test('/spec/paused', expect.paused),
    ...(expect.stepIndex === null ? [] : [test('/status/currentStepIndex', expect.stepIndex)]),
  ]
}

/** Who aborted or paused it, or took it back, since. */
export function halted({ expect, member: name }: Step, { status, paused }: Member): string | undefined {
  if (status.abort !== (expect.abort === true)) return `${name} was ${status.abort ? 'aborted' : 'retried'} since`
  if (paused !== (expect.paused === true)) return `${name} was ${paused ? 'paused' : 'un-paused'} by hand since`
  return undefined
}

function stepped({ expect, member: name }: Step, { status }: Member): string | undefined {
  return (status.stepIndex ?? null) === expect.stepIndex
    ? undefined
    : `${name} stands at step ${status.stepIndex}, not ${expect.stepIndex}`
}

/** With pingPong users come through the canary's own Service then, which is the stable one from there on. */
function usersOnNext({ strategy, next, replicas }: Member): Goal {
  const service = strategy.kind === 'Canary' && strategy.pingPong ? strategy.canaryService : liveService(strategy)
  return { kind: 'live', service, hash: next!.hash, replicas }
}
