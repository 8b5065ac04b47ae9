import { contextOf } from '../checks/context.ts'
import { listed, ours } from '../checks/say.ts'
import { comesToCircle } from '../checks/settle-circle.ts'
import { roundsOf, unsettledAhead, withUsers } from '../checks/settle-rounds.ts'
import { lookAgain } from '../checks/unpointed.ts'
import { finding, type Finding } from '../findings/finding.ts'
import { graphOf } from '../group/call-graph.ts'
import { called, isChanging, type Member, memberNamed, type Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { isWithinWindow } from '../group/rollback.ts'
import type { PlanOptions } from '../intent.ts'
import { at, strings } from '../objects/fields.ts'
import { GITOPS_MARKS, HELM_RELEASE } from '../objects/labels.ts'
import { selects } from '../objects/service.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import { isFirst } from '../trace/doors.ts'
import { changeOf } from './changes.ts'
import { changesLive } from './changes-live.ts'
import { fewerPods } from './fewer-pods.ts'
import { quotaFindings } from './quota.ts'
import type { Desired } from './desired.ts'

/** What stands in the way of a deploy, beside what the checks say of the group as it will stand. */
export function deployFindings(present: Group, ground: Group, desired: Desired, options: PlanOptions): Finding[] {
  return [
    ...(options.here === true ? [] : ownedElsewhere(present, desired)),
    ...unsettled(present, ground),
    ...inCircle(present, ground),
    ...replaced(present, ground),
    ...atOnce(present, ground),
    ...takenForTheFirst(present, ground),
    ...changesLive(present, desired),
    ...fewerPods(present, ground, desired),
    ...paused(present, ground),
    ...quotaFindings(present, ground, desired.quotas ?? []),
  ]
}

/** Flux marks what it installs by Helm with its own, too: Helm's is looked for last. */
const OWNERS = [...GITOPS_MARKS, { key: HELM_RELEASE, tool: 'Helm' }] as const

/** What a GitOps tool puts back to what Git says. */
function ownedElsewhere(present: Group, desired: Desired): Finding[] {
  const owned = desired.objects.flatMap((each) => {
    const marks = [strings(at(each.was, 'metadata', 'labels')), strings(at(each.was, 'metadata', 'annotations'))]
    const tool = OWNERS.find(({ key }) => marks.some((of) => of.has(key)))?.tool
    return tool === undefined || changeOf(each) === undefined ? [] : [{ ...each, tool }]
  })
  return [...Map.groupBy(owned, ({ tool }) => tool)].map(([tool, found]) =>
    finding(present.mode, 'owned-elsewhere', {
      members: found.filter(({ kind }) => kind === 'Rollout').map(({ name }) => name),
      sentence:
        `${tool} owns ${listed(found.map(({ kind, name }) => `${kind} ${name}`))}, ` +
        'and would put back what is changed here',
      remedy: 'make the change there (the plan shows it); --here does it in the cluster all the same',
    }),
  )
}

/** Users on a preview Service: a deploy points it at pods that are not there yet, and then at another version. */
function unsettled(present: Group, ground: Group): Finding[] {
  const used = withUsers(present, graphOf(present))
  const found = comingTo(present, ground).flatMap(({ was, is }) => {
    const service = nextService(is.strategy)
    if (was === undefined || service === undefined || service === liveService(is.strategy)) return []
    const users = present.members.flatMap(({ name, live }) =>
      used.has(name) && live?.wires.some((each) => each.service === service && each.role === undefined) === true
        ? [live]
        : [],
    )
    return users.map((each) => ({ consumer: each, service, to: is }))
  })
  if (found.length === 0 || present.mode === 'modern') return []
  const said = found.map(
    ({ consumer, service, to }) =>
      `users of ${called(consumer)} reach ${to.name} through ${service}, which this deploy would point at pods that ` +
      `are not there yet, and then at ${to.next?.version.text ?? 'another version'}`,
  )
  return [
    finding(
      present.mode,
      'live-wired-to-next',
      {
        members: [...new Set(found.map(({ consumer }) => consumer.member))],
        sentence: said.join('; '),
        remedy: ['point them back first: ', ours({ group: present }, 'settle')],
      },
      'error',
    ),
  ]
}

/** What comes could never be pointed back: it calls itself in a circle, through Services in front of next versions. */
function inCircle(present: Group, ground: Group): Finding[] {
  const coming = new Set(comingTo(present, ground).map(({ is }) => is.name))
  const { circle } = roundsOf(unsettledAhead(contextOf(ground, 'deploy-all', {})))
  return circle.some((each) => coming.has(each)) ? [comesToCircle(present, circle)] : []
}

/** Another release waits: a canary of it has users, which nobody can take back in the same go. */
function replaced(present: Group, ground: Group): Finding[] {
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

/**
 * An earlier pod template goes live without a gate while its pods wait for their scale-down, or within a rollbackWindow
 * (argo-rollouts 1.10.1, rollout/bluegreen.go isBlueGreenFastTracked, rollout/sync.go isRollbackWithinWindow).
 */
function atOnce(present: Group, ground: Group): Finding[] {
  const found = comingTo(present, ground).flatMap(({ was, is }) => {
    const earlier = was?.revisions.find((each) => each.hash === is.status.currentPodHash)
    const skips = earlier !== undefined && was !== undefined && skipsItsGate(was, earlier)
    return skips ? [{ member: is.name, earlier }] : []
  })
  if (found.length === 0) return []
  return [
    finding(
      present.mode,
      'goes-live-at-once',
      {
        members: found.map((each) => each.member),
        sentence:
          `the files give ${listed(found.map((each) => each.member))} ` +
          `${found.length === 1 ? 'a pod template' : 'pod templates'} of earlier revisions ` +
          `(${listed(found.map((each) => called(each.earlier)))}), which would go live without a gate`,
        remedy:
          'give them a change of the pod template, such as a new annotation: then they are new revisions, ' +
          'and stop at their gates',
      },
      'error',
    ),
  ]
}

/**
 * A live Service that has lost what points it, as by a server-side apply by force: the controller takes what comes for
 * the first revision, and brings users to it without a gate (rollout/bluegreen.go isBlueGreenFastTracked).
 */
function takenForTheFirst(present: Group, ground: Group): Finding[] {
  return comingTo(present, ground).flatMap(({ was, is }) => {
    const name = was?.live === undefined || was.strategy.kind !== 'BlueGreen' ? undefined : was.strategy.activeService
    const service = present.services.get(name ?? '')
    if (service === undefined || service.hash !== undefined) return []
    const sentence =
      `Service ${service.name} has no pod template hash in its selector: ` +
      `${called(is.next ?? was!.live!)} would go live without a gate`
    const remedy = isFirst(was!)
      ? ['wait until its first version is up: ', ours({ group: present }, 'wait', '--for=healthy')]
      : lookAgain(present, is.name, service)
    return [finding(present.mode, 'goes-live-at-once', { member: is.name, sentence, remedy }, 'error')]
  })
}

function skipsItsGate(member: Member, earlier: Revision): boolean {
  const lingers = member.strategy.kind === 'BlueGreen' && earlier.deadline !== undefined && earlier.pods > 0
  return lingers || isWithinWindow(member, earlier)
}

/** A member that is paused by hand would not come to its gate. */
function paused(present: Group, ground: Group): Finding[] {
  return comingTo(present, ground).flatMap(({ is }) =>
    is.paused && !isChanging(is)
      ? [
          finding(present.mode, 'manually-paused', {
            member: is.name,
            sentence: `rollout/${is.name} is paused (spec.paused), so what is deployed would not come up`,
            remedy: 'take spec.paused out of its file',
          }),
        ]
      : [],
  )
}

/** The members to whom applying the files gives another current revision, as they are and as they will be. */
function comingTo(present: Group, ground: Group): { readonly was: Member | undefined; readonly is: Member }[] {
  return ground.members.flatMap((is) => {
    const was = memberNamed(present.members, is.name)
    return was?.status.currentPodHash === is.status.currentPodHash ? [] : [{ was, is }]
  })
}
