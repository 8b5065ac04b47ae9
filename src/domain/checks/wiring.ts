import { isChanging } from '../group/member.ts'
import type { Finding } from '../findings/finding.ts'
import { groupLabelOf } from '../group/call-graph.ts'
import { CALLS_NOT, DEPENDS_ON, GROUP_LABEL } from '../objects/labels.ts'
import { called, type Revision } from '../group/member.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import { targets } from '../trace/requests.ts'
import type { Wire } from '../group/member.ts'
import { addressedTo } from './address.ts'
import { type CheckContext, isWaiting, memberOf } from './context.ts'
import { kubectl, OWN_AFFAIR, say } from './say.ts'
import { pinnedService } from './pinned-service.ts'
import { unread } from './unknown.ts'

interface Call {
  readonly from: Revision
  readonly wire: Wire
  readonly to: NonNullable<ReturnType<typeof memberOf>>
  readonly now: readonly Revision[]
}

/** Every wire of the members' live and next revisions, with the revisions of its target it ends on now. */
function calls(context: CheckContext, role: 'live' | 'next'): Call[] {
  return context.group.members.flatMap((member) => {
    const from = member[role]
    return from === undefined
      ? []
      : from.wires.flatMap((wire): Call[] => {
          const to = memberOf(context, wire.to)
          return to === undefined
            ? []
            : [{ from, wire, to, now: targets(context.scene, from, wire).filter((each) => each.member === to.name) }]
        })
  })
}

/**
 * A next consumer that would still call the old version once users are on it. In modern mode that is the right address.
 */
export function nextWiredToLive(context: CheckContext): Finding[] {
  if (context.group.mode === 'modern') return []
  return calls(context, 'next').flatMap(({ from, wire, to, now }) => {
    if (memberOf(context, from.member)!.status.abort || !isChanging(to) || wire.role !== undefined) return []
    if (!now.some((each) => each.role === 'live') || now.some((each) => each.role === 'next')) return []
    return [
      say(context, 'next-wired-to-live', {
        member: from.member,
        sentence: `${called(from)} still talks to ${called(to.live!)} through ${wire.service}: ${wire.where}`,
        remedy: rewired(wire, to),
      }),
    ]
  })
}

function rewired(wire: Wire, to: Call['to']): string {
  const preview = nextService(to.strategy)
  // An aborted canary's own Service is on the stable revision, so that the address is right and the pods are not.
  if (to.status.abort) return `${called(to.next!)} was aborted: deploy a new version of ${to.name} first`
  if (preview === undefined)
    return `deploy it again wired to a Service that selects ${to.name} ${to.next!.version.text} only`
  return `deploy it again with ${addressedTo(wire, preview)}`
}

/** A live consumer on a preview or canary Service: the next deploy of that dependency would strike its users. */
export function liveWiredToNext(context: CheckContext): Finding[] {
  const waits = (call: Call) =>
    call.wire.role === undefined &&
    call.wire.service === nextService(call.to.strategy) &&
    call.wire.service !== liveService(call.to.strategy)
  const cure = ({ wire, to }: Call, called: Revision | undefined) => ({
    remedy: `point it back before the next release (${addressedTo(wire, liveService(to.strategy) ?? `${to.name}-stable`)}), or give each release of ${to.name} a Service of its own`,
    ...(called !== undefined && { yaml: pinnedService(context.group, to, called) }),
  })
  const now = calls(context, 'live')
    .filter(waits)
    .map((call) =>
      say(
        context,
        'live-wired-to-next',
        {
          member: call.from.member,
          sentence:
            `users of ${called(call.from)} reach ${call.to.name} through ${call.wire.service}, the Service in front of its next version (${call.wire.where}): ` +
            `the next deploy of ${call.to.name} gives them an empty Service, then an untested version`,
          ...cure(call, call.now[0] ?? call.to.live),
        },
        'warning',
      ),
    )
  const later =
    context.towards !== 'next'
      ? []
      : calls(context, 'next')
          .filter((call) => waits(call) && isWaiting(memberOf(context, call.from.member)!))
          .map((call) =>
            say(
              context,
              'live-wired-to-next',
              {
                member: call.from.member,
                sentence: `once promoted, ${called(call.from)} stays on ${call.wire.service} (${call.wire.where}), where the next deploy of ${call.to.name} would strike its users`,
                ...cure(call, call.to.next ?? call.to.live),
              },
              'warning',
            ),
          )
  const both = (one: Finding) => now.some((each) => each.members[0] === one.members[0])
  return [...now, ...later.filter((each) => !both(each))]
}

/** A wire through ephemeral metadata changes at the consumer's cutover, so no order avoids a mixed window. */
export function wireFollowsRole(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) => {
    const wires = (member.next ?? member.live)?.wires.filter((wire) => wire.role !== undefined) ?? []
    const services = [...new Set(wires.map((wire) => wire.to))]
    return services.map((name) => {
      const to = memberOf(context, name)
      const clash = isWaiting(member) && to !== undefined && isWaiting(to)
      const wire = wires.find((each) => each.to === name)!
      return say(
        context,
        'wire-follows-role',
        {
          member: member.name,
          sentence: `${member.name} learns where ${name} is from its role (${wire.where}): between the two cutovers its new pods are sent to the old ${name}, and its old pods have no address`,
          remedy: `write the address into the pod template, or use a Service per release; --allow-mixed-window promotes back to back and reports how long the window was`,
        },
        clash ? 'error' : 'warning',
      )
    })
  })
}

/** A dependency's Service that selects the pods of both versions. */
export function wiredToBoth(context: CheckContext): Finding[] {
  const found = [...calls(context, 'live'), ...calls(context, 'next')].flatMap(({ wire, to }): [string, Finding][] => {
    const service = context.group.services.get(wire.service)
    const plain =
      service !== undefined && service.hash === undefined && isChanging(to) && (isWaiting(to) || to.next!.pods > 0)
    const selected = !plain
      ? []
      : [to.live, to.next].filter(
          (each) =>
            each !== undefined && [...service.base].every(([key, value]) => each.template.labels.get(key) === value),
        )
    if (selected.length < 2) return []
    return [
      [
        `${to.name} ${wire.service}`,
        say(context, 'wired-to-both', {
          member: to.name,
          sentence: `Service ${wire.service} selects ${called(to.live!)} and ${called(to.next!)} alike, so every call through it meets either`,
          remedy:
            context.group.mode === 'modern'
              ? OWN_AFFAIR
              : `wire its consumers to ${liveService(to.strategy) ?? 'a stable Service'} and ${nextService(to.strategy) ?? 'a preview Service'}, or to a Service per version`,
        }),
      ],
    ]
  })
  return [...new Map(found).values()]
}

/** Edges that no wire proves, dependencies that are not there, and declarations that differ from the wires. */
export function edges(context: CheckContext): Finding[] {
  const { group, graph } = context
  const names = new Set(group.members.map((each) => each.name))
  const active = (name: string) => context.changing.some((each) => each.name === name)
  const unproved = graph.edges
    .filter((each) => !each.wired && (active(each.consumer) || active(each.dependency)))
    .map((each) =>
      say(context, 'wire-unknown', {
        member: each.consumer,
        sentence: `${each.consumer} depends on ${each.dependency} (${each.source}), but no address in its pod template leads there, so what its requests meet is unknown${unread(memberOf(context, each.consumer)!)}`,
        remedy:
          'put the address into an environment variable, a ConfigMap or an argument; --trust-depends-on keeps to the order without this proof',
      }),
    )
  const meshed = group.members
    .filter(
      (member) =>
        !graph.entries.includes(member.name) &&
        active(member.name) &&
        member.strategy.kind === 'Canary' &&
        member.strategy.routed,
    )
    .map((member) =>
      say(context, 'wire-unknown', {
        member: member.name,
        sentence: `${member.name} is split by a traffic router, which selectors do not show, so which of its versions a call meets is unknown`,
        remedy: 'make sure that the router sends canary consumers to the canary only, then say --trust-depends-on',
      }),
    )
  const unknown = group.members.flatMap((member) =>
    (member.dependsOn ?? [])
      .filter((each) => !names.has(each))
      .map((name) =>
        say(context, 'unknown-dependency', {
          member: member.name,
          sentence: `rollout/${member.name} declares a dependency on ${name}, which is not a member of group ${group.name}`,
          remedy: [
            'label it: ',
            kubectl(
              context,
              'label',
              'rollout',
              name,
              `${groupLabelOf(group.name, group.members) ?? GROUP_LABEL}=${group.name}`,
            ),
            '; or correct the annotation rollouts-group/depends-on',
          ],
        }),
      ),
  )
  return [...unproved, ...meshed, ...unknown, ...differing(context)]
}

/** Addresses that are plainly called, and lead to whom a member is declared not to call. */
function differing(context: CheckContext): Finding[] {
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
          `${names.length === 1 ? 'its address' : 'their addresses'}: ${[...new Set(found.map(({ wire }) => wire.where))].join(', ')}`,
        remedy: [
          'if it does call: ',
          annotate(DEPENDS_ON, [...new Set([...(found[0]!.revision.declared ?? []), ...names])].sort()),
          '; if it does not: ',
          annotate(CALLS_NOT, names),
        ],
      }),
    ]
  })
}
