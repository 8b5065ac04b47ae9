import type { Finding } from '../findings/finding.ts'
import { called, type Member, type Outside } from '../group/member.ts'
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
  const { group, options, towards } = context
  const label = groupLabelOf(group.name, group.members)
  return group.members.flatMap((member) => {
    const { live, next } = member
    const [from, to] = [live?.outside ?? [], next?.outside ?? []]
    return [...Map.groupBy([...to, ...from], (each) => each.rollout)].map(([rollout, addresses]) => {
      const { service, where } = addresses[0]!
      const revision = to.some((each) => each.rollout === rollout) ? next! : live!
      const names = (found: readonly Outside[]) =>
        found
          .filter((each) => each.rollout === rollout)
          .map((each) => each.service)
          .sort()
          .join()
      const switched = names(from) !== '' && names(to) !== '' && names(from) !== names(to)
      const waits = names(to) !== '' && isUnderWay(rollout, group.services.values())
      const severity =
        (switched || waits) && towards === 'next' && options.trustDependsOn !== true ? 'error' : 'warning'
      return say(
        context,
        'outside-group',
        {
          member: member.name,
          sentence:
            `${called(revision)} calls ${service} (${where}) of rollout/${rollout}, ` +
            `which is not in group ${group.name}: its versions were not looked at` +
            (switched
              ? `, and the live ${member.name} calls another Service of it`
              : waits
                ? ', and a new one of it waits'
                : ''),
          remedy: [
            'if it is released with these, ',
            ...(label === undefined
              ? ['give it the labels that select the group']
              : [
                  'label it: ',
                  kubectl(context, 'label', 'rollout', rollout, `${label}=${group.name}`),
                  ' (refused where it is in another group: then release both together, with -l)',
                ]),
            ...(severity === 'error' ? ['; --trust-depends-on goes on without it'] : []),
          ],
        },
        severity,
      )
    })
  })
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
