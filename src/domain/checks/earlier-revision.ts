import type { Finding } from '../findings/finding.ts'
import { called, isChanging } from '../group/member.ts'
import type { CheckContext } from './context.ts'
import { listed, say } from './say.ts'

/** It changes the pod template that it brings back: then it is a new revision, and stops at its gate. */
const TAKEN_CARE_OF = 'undo-all takes care of it'

/**
 * Members whose earlier revision goes live without a gate when it is applied again: with a rollbackWindow
 * (argo-rollouts, rollout/sync.go isRollbackWithinWindow), and while its pods still wait for their scale-down
 * (rollout/bluegreen.go isBlueGreenFastTracked).
 */
export function goesLiveAtOnce(context: CheckContext): Finding[] {
  const { members } = context.group
  const windowed = members.filter((each) => each.rollbackWindow > 0)
  const resting = members.some(isChanging) ? [] : members
  const running = resting
    .filter((each) => each.strategy.kind === 'BlueGreen' && !windowed.includes(each))
    .flatMap((each) => each.lingering.filter((revision) => revision.deadline !== undefined))
  return [
    ...(windowed.length === 0
      ? []
      : [
          say(context, 'goes-live-at-once', {
            members: windowed.map((each) => each.name),
            sentence:
              `applied again as it was, an earlier version of ${listed(windowed.map((each) => each.name))} ` +
              'goes live without a gate (spec.rollbackWindow)',
            remedy: TAKEN_CARE_OF,
          }),
        ]),
    ...(running.length === 0
      ? []
      : [
          say(context, 'goes-live-at-once', {
            members: running.map((each) => each.member),
            sentence:
              `applied again as ${running.length === 1 ? 'it was' : 'they were'}, ` +
              `${listed(running.map(called))} would go live without a gate until ` +
              `${running.length === 1 ? 'its' : 'their'} old pods are gone`,
            remedy: TAKEN_CARE_OF,
          }),
        ]),
  ]
}
