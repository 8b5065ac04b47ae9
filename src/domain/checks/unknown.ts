import { isChanging } from '../colour.ts'
import type { Finding } from '../findings.ts'
import type { Member } from '../member.ts'
import { inNamespace, say, type CheckContext } from './context.ts'

/** Members of a release of several of which nothing tells whom they call or who calls them: then no order is known, and nothing can be proved. */
export function unconnected(context: CheckContext): Finding[] {
  const { graph, colours, group, options } = context
  const released = group.members.filter((each) => isChanging(each) || (each.live !== undefined && colours.of.get(each.live.id) === 'next'))
  if (context.changing.length === 0 || released.length < 2) return []
  const alone = released.filter((member) => member.dependsOn === undefined && !graph.edges.some((each) => each.consumer === member.name || each.dependency === member.name))
  return alone.map((member) => {
    const found = say(context, 'wire-unknown', {
      member: member.name,
      sentence: `nothing says whom ${member.name} calls or who calls it: no address that can be read leads to a member or from one to it, so what its requests meet is unknown${unread(member)}`,
      remedy: `put the addresses into environment variables, ConfigMaps or arguments; or declare the calls: kubectl annotate rollout ${member.name} rollouts-group/depends-on=NAMES ${inNamespace(context)} `
        + '(empty where it calls no member); --trust-depends-on goes on without this proof',
    })
    return options.trustDependsOn ? { ...found, severity: 'info' } : found
  })
}

/** Where an address may stand that is not seen. */
function unread({ live, next }: Member): string {
  const secrets = [...new Set([live, next].flatMap((each) => each?.template.secrets ?? []))]
  return secrets.length === 0 ? '' : ` (Secrets are not read, and it uses ${secrets.join(', ')})`
}
