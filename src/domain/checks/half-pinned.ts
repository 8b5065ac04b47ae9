import type { Finding } from '../findings/finding.ts'
import { called, type Member } from '../group/member.ts'
import { RELEASE } from '../objects/labels.ts'
import { type WiredCall, calls } from './calls.ts'
import type { CheckContext } from './context.ts'
import { listed, say } from './say.ts'

/** Consumers with the label of one release that call what is of it by a Service of another, or of none. */
export function halfPinned(context: CheckContext): Finding[] {
  const roles = context.ahead === true ? (['live'] as const) : (['live', 'next'] as const)
  const found = roles.flatMap((role) => calls(context, role)).filter((each) => isHalf(context, each, roles))
  return [...Map.groupBy(found, ({ from }) => from).values()].map((calling) => {
    const [{ from }] = calling as [WiredCall]
    const release = from.template.labels.get(RELEASE)!
    return say(context, 'half-pinned', {
      member: from.member,
      sentence:
        `${called(from)} has the label of release ${release}, and calls ` +
        `${listed(calling.map(({ to, wire }) => `${to.name} through ${wire.service}`))}, which is none of it ` +
        `(${calling.map(({ wire }) => wire.where).join('; ')}): somebody has changed it past the tool`,
      remedy: 'release the group from its files again: all of it gets one label, and addresses of its own',
    })
  })
}

function isHalf({ group }: CheckContext, { from, wire, to }: WiredCall, roles: readonly ('live' | 'next')[]): boolean {
  const release = from.template.labels.get(RELEASE)
  const pinned = group.services.get(wire.service)?.base.get(RELEASE)
  if (release === undefined || wire.role !== undefined || pinned === release) return false
  const isPart = (member: Member) => roles.some((role) => member[role]?.template.labels.get(RELEASE) === release)
  const hasOwn = () =>
    [...group.services.values()].some(
      (each) => each.base.get(RELEASE) === release && group.owners.get(each.name)?.includes(to.name) === true,
    )
  return isPart(to) && (pinned !== undefined || hasOwn())
}
