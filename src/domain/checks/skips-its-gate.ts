import { gateless } from '../actions/retry.ts'
import type { Finding } from '../findings/finding.ts'
import { called } from '../group/member.ts'
import type { CheckContext } from './context.ts'
import { ours, say } from './say.ts'

/** Aborted members that a retry would bring to users without a gate: a new deploy stops at it. */
export function skipsItsGate(context: CheckContext): Finding[] {
  return context.acting.flatMap((member) => {
    const why = gateless(context.group, member)
    return why === undefined
      ? []
      : [
          say(
            context,
            'goes-live-at-once',
            {
              member: member.name,
              sentence: `a retry would bring ${called(member.next!)} to users without a gate: ${why}`,
              remedy: ['put the stable pod template back, then deploy it again: ', ours(context, 'abort-all')],
            },
            'error',
          ),
        ]
  })
}
