import type { Finding } from '../findings/finding.ts'
import { called, isChanging } from '../group/member.ts'
import type { CheckContext } from './context.ts'
import { listed, say } from './say.ts'

const FRESH =
  'give an earlier version a change of its pod template, such as a new annotation, when ' +
  'it is deployed again: then it is a new revision, and stops at its gate'

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
              `with spec.rollbackWindow an earlier version of ${listed(windowed.map((each) => each.name))} ` +
              'goes live without a gate when it is deployed again',
            remedy: `take spec.rollbackWindow out, or ${FRESH}`,
          }),
        ]),
    ...(running.length === 0
      ? []
      : [
          say(context, 'goes-live-at-once', {
            members: running.map((each) => each.member),
            sentence:
              `while their old pods run, ${listed(running.map(called))} ` +
              'would go live without a gate when deployed again',
            remedy: `wait until these pods are gone, or ${FRESH}`,
          }),
        ]),
  ]
}
