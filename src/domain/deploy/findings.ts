import { contextOf } from '../checks/context.ts'
import { listed, ours } from '../checks/say.ts'
import { comesToCircle } from '../checks/settle-circle.ts'
import { roundsOf, unsettledAhead, withUsers } from '../checks/settle-rounds.ts'
import { lookAgain } from '../checks/unpointed.ts'
import { finding, type Finding } from '../findings/finding.ts'
import { graphOf } from '../group/call-graph.ts'
import { called, isChanging, type Member, type Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { isWithinWindow } from '../group/rollback.ts'
import type { PlanOptions } from '../intent.ts'
import { at, strings } from '../objects/fields.ts'
import { GITOPS_MARKS, HELM_RELEASE } from '../objects/labels.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import { isFirst } from '../trace/doors.ts'
import { changeOf } from './changes.ts'
import { changesLive } from './changes-live.ts'
import { comingTo } from './coming.ts'
import { fewerPods } from './fewer-pods.ts'
import { quotaFindings } from './quota.ts'
import { replaced } from './replaced.ts'
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
