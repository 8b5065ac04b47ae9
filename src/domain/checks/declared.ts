import type { Finding } from '../findings/finding.ts'
import { called } from '../group/member.ts'
import { CALLS_NOT, DEPENDS_ON } from '../objects/labels.ts'
import type { CheckContext } from './context.ts'
import { kubectl, say } from './say.ts'

/** Addresses that are plainly called, and lead to whom a member is declared not to call. */
export function declaredDiffers(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) => {
    const newest = member.next ?? member.live
    const found = [...new Set([newest, member.live])].flatMap((revision) =>
      (revision?.wires ?? [])
        .filter((wire) => revision!.declared?.includes(wire.to) === false)
        .map((wire) => ({ wire, revision: revision! })),
    )
    if (found.length === 0) return []
    const names = [...new Set(found.map(({ wire }) => wire.to))].sort()
    const old = found.every(({ revision }) => revision !== newest)
    const annotate = (key: string, list: readonly string[]) =>
      kubectl(
        context,
        'annotate',
        '--overwrite',
        old ? 'replicaset' : 'rollout',
        old ? found[0]!.revision.name : member.name,
        `${key}=${list.join(',')}`,
      )
    return [
      say(context, 'declared-differs', {
        member: member.name,
        sentence:
          `${called(found[0]!.revision)} is declared not to call ${names.join(', ')}, but has ` +
          `${names.length === 1 ? 'its address' : 'their addresses'}: ` +
          `${[...new Set(found.map(({ wire }) => wire.where))].join(', ')}`,
        remedy: [
          ...(found[0]!.revision.template.annotations.has(DEPENDS_ON)
            ? [`if it does call, add this to ${DEPENDS_ON} in its pod template`]
            : [
                'if it does call: ',
                annotate(DEPENDS_ON, [...new Set([...(found[0]!.revision.declared ?? []), ...names])].sort()),
              ]),
          '; if it does not: ',
          annotate(CALLS_NOT, names),
        ],
      }),
    ]
  })
}
