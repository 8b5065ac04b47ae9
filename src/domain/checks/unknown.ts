import type { Finding } from '../findings/finding.ts'
import type { Call } from '../findings/remedy.ts'
import { called, type Member, type Outside, type Revision } from '../group/member.ts'
import { groupLabelOf } from '../group/call-graph.ts'
import { isUnderWay } from '../group/outside-services.ts'
import type { CheckContext } from './context.ts'
import { DEPENDS_ON } from '../objects/labels.ts'
import { unconnectedIn } from '../trace/unconnected.ts'
import { kubectl, listed, orModern, say } from './say.ts'

/**
 * Members of a release of several of which nothing tells whom they call or who calls them: then no order is known, and
 * nothing can be proved.
 */
export function unconnected(context: CheckContext): Finding[] {
  const alone = context.changing.length === 0 ? [] : unconnectedIn(context.group, context.graph, context.releases)
  if (alone.length === 0) return []
  const names = alone.map((each) => each.name)
  const [whom, them, call] = names.length === 1 ? [names[0]!, 'it', 'calls'] : [listed(names), 'them', 'call']
  return [
    say(context, 'wire-unknown', {
      members: names,
      sentence:
        `nothing says whom ${whom} ${call} or who calls ${them}: ` +
        'no address that can be read leads to a member or from ' +
        `one to it, so what requests meet is unknown${unread(...alone)}`,
      remedy: [
        'put the addresses into environment variables, ConfigMaps or arguments; or, where ' +
          `${names.length === 1 ? 'it calls' : 'they call'} no member, say so: `,
        kubectl(context, 'annotate', 'rollout', ...names, `${DEPENDS_ON}=`),
        ' (with names, separated by commas, where one calls some)',
        ...orModern(context),
        '; --trust-depends-on goes on without this proof',
      ],
    }),
  ]
}

/**
 * Addresses that lead to Rollouts outside the group, whose revisions nobody looks at. An error where such a one plainly
 * takes part in what is promoted: the release switches from one of its Services to another, or a revision of it waits
 * itself.
 */
export function outsideGroup(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) => {
    const found = [...(member.next?.outside ?? []), ...(member.live?.outside ?? [])]
    return [...Map.groupBy(found, (each) => each.rollout).values()].map(([first]) =>
      callsOutside(context, member, first!),
    )
  })
}

/** How a member calls a Rollout outside the group. */
function callsOutside(context: CheckContext, member: Member, { rollout, service, where }: Outside): Finding {
  const { group, options, towards } = context
  const before = servicesOf(member.live, rollout)
  const after = servicesOf(member.next, rollout)
  const switched = before !== '' && after !== '' && before !== after
  const waits = after !== '' && isUnderWay(rollout, group.services.values())
  const severity = (switched || waits) && towards === 'next' && options.trustDependsOn !== true ? 'error' : 'warning'
  const more = switched
    ? `, and the live ${member.name} calls another Service of it`
    : waits
      ? ', and a new one of it waits'
      : ''
  return say(
    context,
    'outside-group',
    {
      member: member.name,
      sentence:
        `${called(after === '' ? member.live! : member.next!)} calls ${service} (${where}) of rollout/${rollout}, ` +
        `which is not in group ${group.name}: its versions were not looked at${more}`,
      remedy: [
        'if it is released with these, ',
        ...takenIn(context, rollout),
        ...(severity === 'error' ? ['; --trust-depends-on goes on without it'] : []),
      ],
    },
    severity,
  )
}

/** The Services of a Rollout outside the group that a revision calls, as one text. */
function servicesOf(revision: Revision | undefined, rollout: string): string {
  return (revision?.outside ?? [])
    .filter((each) => each.rollout === rollout)
    .map((each) => each.service)
    .sort()
    .join()
}

/** How a Rollout becomes a member. */
function takenIn(context: CheckContext, rollout: string): readonly (string | Call)[] {
  const { group } = context
  const label = groupLabelOf(group.name, group.members)
  return label === undefined
    ? ['give it the labels that select the group']
    : [
        'label it: ',
        kubectl(context, 'label', 'rollout', rollout, `${label}=${group.name}`),
        ' (refused where it is in another group: then release both together, with -l)',
      ]
}

/** Where addresses of members may stand that are not seen, as the end of a sentence. */
export function unread(...members: readonly Member[]): string {
  const secrets = [
    ...new Set(members.flatMap(({ live, next }) => [live, next].flatMap((each) => each?.template.secrets ?? []))),
  ]
  return secrets.length === 0
    ? ''
    : ` (Secrets are not read, and ${members.length === 1 ? 'it uses' : 'they use'} ${secrets.join(', ')})`
}
