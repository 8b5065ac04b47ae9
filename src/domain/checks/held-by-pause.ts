import type { Finding } from '../findings/finding.ts'
import { called, isChanging, type Member } from '../group/member.ts'
import { gates } from '../objects/strategy.ts'
import { behind } from '../trace/doors.ts'
import type { CheckContext } from './context.ts'
import { listed, ours, say } from './say.ts'

/**
 * What a pause holds up. Past its last gate a member must come to its end first: an analysis that fails then takes its
 * pods from under users who cannot be sent back, and a canary may have no stable pod left (seen on 1.10.1).
 */
export function heldByPause(context: CheckContext): Finding[] {
  const todo = context.acting.filter((each) => !each.paused)
  const passing = todo.filter((each) => isPassing(context, each))
  return [
    ...passing.map((member) =>
      say(
        context,
        'held-by-pause',
        {
          member: member.name,
          sentence:
            `${called(member.next!)} has passed its last gate, and users are on their way to it: ` +
            'paused there, nobody could send them back',
          remedy: ['wait until it is over: ', ours(context, 'wait', '--for=promoted')],
        },
        'error',
      ),
    ),
    ...(todo.length === 0 || passing.length > 0
      ? []
      : [
          say(
            context,
            'held-by-pause',
            {
              members: todo.map((each) => each.name),
              sentence: `nothing can be promoted of ${listed(todo.map((each) => each.name))} while paused by hand`,
              remedy: ['this takes it back: ', ours(context, 'resume-all')],
            },
            'info',
          ),
        ]),
  ]
}

/** Members at rest that are paused by hand: nothing says so when the next version of them is deployed. */
export function pausedAtRest(context: CheckContext): Finding[] {
  const names = context.group.members.filter((each) => each.paused && !isChanging(each)).map((each) => each.name)
  if (names.length === 0) return []
  return [
    say(context, 'held-by-pause', {
      members: names,
      sentence: `nothing can be promoted of ${listed(names)} while paused by hand (spec.paused)`,
      remedy: ['this takes it back: ', ours(context, 'resume-all')],
    }),
  ]
}

function isPassing({ group }: CheckContext, member: Member): boolean {
  const { next, status, strategy } = member
  if (next === undefined || status.abort) return false
  if (status.promoteFull || status.scaleUpPreviewCheckPoint) return true
  return strategy.kind === 'BlueGreen'
    ? behind(group, member, strategy.activeService).some((each) => each.id === next.id)
    : (status.stepIndex ?? 0) > (gates(strategy).at(-1) ?? -1)
}
