import { liveService } from '../objects/strategy.ts'
import type { ActionRule } from './action-rule.ts'
import { ORDER } from './order.ts'
import { patched, type PatchOperation, statusOf, test } from './patch.ts'
import type { Expectation } from './step.ts'
import { toOld, withdrawn } from './transition.ts'

/**
 * Withdraws the next revision and keeps the spec. It rests on nobody having switched users over, or being about to:
 * with users on the next revision and one unready pod it would take the live Service's pods away for good, with a check
 * point the next revision would go live without a gate (seen on 1.10.1).
 */
export const abort: ActionRule = {
  towards: 'stable',
  order: ORDER.withdraw,
  passesGate: false,
  restsOn: notSwitchedOver,
  contradicted: ({ expect, member, from }, { status }) =>
    status.promoteFull ||
    (expect.blueGreen !== null && (status.activeSelector ?? null) !== expect.blueGreen.activeSelector)
      ? `users of ${member} were sent to ${from.version.text} since, or are about to be; ` +
        'an abort could take its pods from under them: run the same command again'
      : undefined,
  write: (_, member, tests) => patched(statusOf(member), [...tests, { op: 'add', path: '/status/abort', value: true }]),
  heldByPause: (strategy) =>
    strategy.kind === 'BlueGreen' || strategy.routed ? undefined : 'an abort would not take its pods away',
  transition: (setting) => ({
    passing: [],
    rest: setting.member.strategy.kind === 'BlueGreen' ? toOld(setting) : withdrawn(setting),
  }),
  goal: ({ strategy, replicas, live, next }) => ({
    kind: 'aborted',
    service: liveService(strategy),
    hash: (live ?? next!).hash,
    replicas,
  }),
  event: 'GroupAborted',
  words: { deed: 'abort', inShort: 'abort', sent: 'abort sent' },
}

function notSwitchedOver({ promoteFull, blueGreen }: Expectation): PatchOperation[] {
  return [
    test('/status/promoteFull', promoteFull),
    // A `test` below an absent object is refused, also one for null.
    ...(blueGreen === null
      ? [test('/status/blueGreen', null)]
      : [
          test('/status/blueGreen/activeSelector', blueGreen.activeSelector),
          test('/status/blueGreen/scaleUpPreviewCheckPoint', blueGreen.checkPoint),
        ]),
  ]
}
