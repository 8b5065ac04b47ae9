import { gateless } from '../actions/retry.ts'
import type { Finding } from '../findings/finding.ts'
import { called } from '../group/member.ts'
import { isRollback } from '../group/rollback.ts'
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
              remedy: isRollback(member, member.next!)
                ? 'give its files to release, which makes a new revision of them; or wait until its pods are gone, ' +
                  'where there is no spec.rollbackWindow'
                : ['put the stable pod template back, then deploy it again: ', ours(context, 'abort-all')],
            },
            'error',
          ),
        ]
  })
}
