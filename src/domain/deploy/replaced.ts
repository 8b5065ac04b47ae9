import { listed, ours } from '../checks/say.ts'
import { finding, type Finding } from '../findings/finding.ts'
import { called, type Member } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { selects } from '../objects/service.ts'
import { comingTo } from './coming.ts'

/** Another release waits: a canary of it has users, which nobody can take back in the same go. */
export function replaced(present: Group, ground: Group): Finding[] {
  const found = comingTo(present, ground).flatMap(({ was, is }) => {
    if (was?.next === undefined || was.status.abort) return []
    const goesBack = is.status.currentPodHash === was.status.stableRS
    const how = goesBack ? 'back' : was.strategy.kind === 'Canary' ? 'canary' : 'replaced'
    return [{ was, waits: called(was.next), how } as const]
  })
  return [...Map.groupBy(found, ({ how }) => how)].map(([how, all]) => {
    const one = all.length === 1
    const users = how === 'replaced' ? present.members.filter((each) => isPromotedOnto(each, all, present)) : []
    if (users.length > 0) return halfPromoted(present, all, users)
    const who = `${listed(all.map(({ waits }) => waits))} ${one ? 'waits' : 'wait'}`
    const stable = listed([...new Set(all.map(({ was }) => was.live?.version.text ?? 'the stable one'))])
    const its = one ? 'its place, and users never come to it' : 'their place, and users never come to them'
    return finding(
      present.mode,
      'release-in-progress',
      {
        members: all.map(({ was }) => was.name),
        sentence: how === 'back' ? `${who}, and the files put ${stable} back` : `${who}; this deploy takes ${its}`,
        remedy:
          how === 'replaced'
            ? [`where users are to have ${one ? 'it' : 'them'} first: `, ours({ group: present }, 'promote-all')]
            : ['withdraw what waits first: ', ours({ group: present }, 'abort-all')],
      },
      how === 'replaced' ? 'warning' : 'error',
    )
  })
}

/** Whether users of a member are on what waits of others, by Services that select that alone. */
function isPromotedOnto(
  { name, next, live }: Member,
  waiting: readonly { readonly was: Member }[],
  { services }: Group,
): boolean {
  if (next !== undefined || live === undefined) return false
  return live.wires.some(({ to, service }) => {
    const { was } = waiting.find((each) => each.was.name === to && to !== name) ?? {}
    const selector = services.get(service)?.base
    if (was === undefined || selector === undefined) return false
    const [ofNext, ofLive] = [was.next, was.live].map(
      (each) => each !== undefined && selects(selector, each.template.labels),
    )
    return ofNext === true && ofLive === false
  })
}

function halfPromoted(
  present: Group,
  waiting: readonly { readonly was: Member; readonly waits: string }[],
  users: readonly Member[],
): Finding {
  const on = waiting.filter((one) => users.some((each) => isPromotedOnto(each, [one], present)))
  const [waits, it] = on.length === 1 ? ['waits', 'it is'] : ['wait', 'they are']
  return finding(
    present.mode,
    'release-in-progress',
    {
      members: waiting.map(({ was }) => was.name),
      sentence:
        `users of ${listed(users.map((each) => called(each.live!)))} are on ${listed(on.map((each) => each.waits))} ` +
        `already, which still ${waits} for the others: ${it} not to be replaced under them`,
      remedy: [
        'bring all users to that release first: ',
        ours({ group: present }, 'promote-all'),
        '; or bring these back: ',
        ours({ group: present }, 'abort-all', '--undo-promoted'),
      ],
    },
    'error',
  )
}
