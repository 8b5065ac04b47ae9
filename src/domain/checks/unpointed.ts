import type { Finding } from '../findings/finding.ts'
import type { Call } from '../findings/remedy.ts'
import type { Group } from '../group/read-group.ts'
import type { Service } from '../objects/service.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import { isFirst } from '../trace/doors.ts'
import type { CheckContext } from './context.ts'
import { kubectl, listed, say } from './say.ts'

/**
 * Services that a strategy names, and whose selector has no pod template hash: a server-side apply, forced, takes it
 * out, and so does an edit by hand (seen on 1.10.1). Into that of a first revision the controller has yet to put it.
 */
export function unpointed(context: CheckContext): Finding[] {
  const { group } = context
  return group.members
    .filter((each) => each.live !== undefined && each.stale === undefined && !isFirst(each))
    .flatMap(({ name, strategy }) => {
      const open = [liveService(strategy), nextService(strategy)]
        .flatMap((each) => group.services.get(each ?? '') ?? [])
        .filter(({ hash }) => hash === undefined)
      return open.length === 0 ? [] : [withoutHash(context, name, open)]
    })
}

function withoutHash(context: CheckContext, member: string, open: readonly Service[]): Finding {
  const names = open.map((each) => each.name)
  const [services, have, select, it, that] =
    open.length === 1
      ? [
          'Service',
          'has no pod template hash in its selector',
          'selects',
          'it',
          'that Service must not own its selector',
        ]
      : [
          'Services',
          'have no pod template hash in their selectors',
          'select',
          'them',
          'those must not own their selectors',
        ]
  return say(context, 'wired-to-both', {
    member,
    sentence: `${services} ${listed(names)}, which rollout/${member} names, ${have}, and ${select} every revision`,
    remedy: [
      ...lookAgain(context.group, member, open[0]!),
      `; whoever applies ${that}: no server-side apply of ${it} with --force-conflicts`,
    ],
  })
}

/** The controller puts the hash in when it looks again, as it does once the Rollout changes. */
export function lookAgain(group: Group, member: string, { pointedAt = 0 }: Service): readonly (string | Call)[] {
  return [
    'let its controller look again, which puts it in: ',
    kubectl({ group }, 'annotate', 'rollout', member, `rollouts-group/look-again=${pointedAt}`, '--overwrite'),
  ]
}
