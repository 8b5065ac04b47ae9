import { called, isChanging, type Member, type Wire } from '../group/member.ts'
import type { Finding } from '../findings/finding.ts'
import { upstream } from '../group/call-graph.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import { configMapsOf } from '../objects/pod-template.ts'
import { selects } from '../objects/service.ts'
import { splitByMesh } from '../trace/meshed.ts'
import { type WiredCall, calls } from './calls.ts'
import { addressedTo } from './address.ts'
import { type CheckContext, isWaiting, memberOf } from './context.ts'
import { pastRelease } from './past-release.ts'
import { listed, orModern, OWN_AFFAIR, say } from './say.ts'

/**
 * Next consumers that would still call an old version once users are on them, each told once of all its addresses: one
 * deploy mends them. In modern mode that is the right address.
 */
export function nextWiredToLive(context: CheckContext): Finding[] {
  if (context.group.mode === 'modern') return []
  const old = calls(context, 'next').filter(({ from, wire, to, now }) => {
    if (memberOf(context, from.member)!.status.abort || !isChanging(to) || wire.role !== undefined) return false
    if (!now.some((each) => each.role === 'live') || now.some((each) => each.role === 'next')) return false
    // What goes back belongs to what users of the other are on.
    if (context.releases.of.get(from.id) === 'old') return false
    return !isComing(wire, to) && partsReleases(context, from.member, to.name)
  })
  return [...Map.groupBy(old, (each) => each.from).values()].map((found) =>
    say(context, 'next-wired-to-live', {
      member: found[0]!.from.member,
      sentence: `${called(found[0]!.from)} still talks to ${found.map(talksTo).join('; and to ')}`,
      remedy: pastRelease(context, found[0]!.from) ?? rewired(context, found),
    }),
  )
}

function talksTo({ wire, to }: WiredCall): string {
  return `${called(to.live!)} through ${wire.service}: ${wire.where}`
}

/**
 * The right address, where its Service does not follow yet: that of a canary does as soon as its first pods are
 * available, a preview Service as soon as nobody pauses the Rollout by hand.
 */
function isComing(wire: Wire, { strategy, status }: Member): boolean {
  return wire.service === nextService(strategy) && !status.abort
}

/** Whether what a consumer calls must be of the release that comes: neither of the two works beside either. */
function partsReleases({ releases: { either, of }, graph, group }: CheckContext, from: string, to: string): boolean {
  const above = upstream(graph, from)
  const comes = group.members.some((each) => above.has(each.name) && each.next && of.get(each.next.id) === 'new')
  return !either.has(to) && (!either.has(from) || comes)
}

function rewired(context: CheckContext, found: readonly WiredCall[]): string {
  // An aborted canary's own Service is on the stable revision, so that the address is right and the pods are not.
  const aborted = found.filter(({ to }) => to.status.abort)
  if (aborted.length > 0)
    return (
      `${listed(aborted.map(({ to }) => called(to.next!)))} ${aborted.length === 1 ? 'was' : 'were'} aborted: ` +
      `deploy a new version of ${listed(aborted.map(({ to }) => to.name))} first`
    )
  const addresses = found.map(({ wire, to }) => {
    const preview = nextService(to.strategy)
    return preview === undefined
      ? `an address of a Service that selects ${to.name} ${to.next!.version.text} only`
      : addressedTo(wire, preview, context.group)
  })
  const shared = sharedMaps(context, found)
  const own = addresses.map((each) =>
    shared.reduce((text, name) => text.replace(` of ConfigMap ${name}`, ' of a ConfigMap of its own'), each),
  )
  return `deploy it again with ${listed([...new Set(own)])}${apart(context, found, own)}`
}

/** A ConfigMap that the live pods use, too, must stay as it is: what is mounted changes under running pods. */
function apart(context: CheckContext, found: readonly WiredCall[], addresses: readonly string[]): string {
  const { live } = memberOf(context, found[0]!.from.member)!
  const shared = sharedMaps(context, found)
  if (shared.length === 0) return ''
  const said = addresses.some((each) => each.endsWith(' of a ConfigMap of its own'))
  return `${said ? '' : ', in a ConfigMap of its own'}: ${called(live!)} uses ${listed(shared)}, too`
}

function sharedMaps(context: CheckContext, found: readonly WiredCall[]): string[] {
  const { live } = memberOf(context, found[0]!.from.member)!
  const used = new Set(live === undefined ? [] : configMapsOf(live.template).map((each) => each.name))
  return [...new Set(found.flatMap(({ wire }) => wire.configMap ?? []))].filter((each) => used.has(each))
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
          sentence:
            `${member.name} learns where ${name} is from its role (${wire.where}): between the two ` +
            `cutovers its new pods are sent to the old ${name}, and its old pods have no address`,
          remedy:
            'write the address into the pod template, or use a Service per release; --allow-mixed-window ' +
            'promotes back to back and reports how long the window was',
        },
        clash ? 'error' : 'warning',
      )
    })
  })
}

/** Dependencies' Services that select the pods of both versions. */
export function wiredToBoth(context: CheckContext): Finding[] {
  const found = [...calls(context, 'live'), ...calls(context, 'next')].filter(({ wire, to }) => {
    const service = context.group.services.get(wire.service)
    return (
      service?.hash === undefined &&
      splitByMesh(context.group, wire.service) === undefined &&
      isChanging(to) &&
      (isWaiting(to) || to.next!.pods > 0) &&
      [to.live, to.next].every(
        (each) => each !== undefined && service !== undefined && selects(service.base, each.template.labels),
      )
    )
  })
  const plain = [...new Map(found.map((each) => [`${each.to.name} ${each.wire.service}`, each])).values()]
  if (plain.length === 0) return []
  return [
    say(context, 'wired-to-both', {
      members: [...new Set(plain.map((each) => each.to.name))],
      sentence:
        plain.length === 1
          ? `Service ${selectsBoth(plain[0]!)} alike, so every call through it meets either`
          : 'Services select both versions alike, so every call through ' +
            `them meets either: ${plain.map(selectsBoth).join('; ')}`,
      remedy: context.group.mode === 'modern' ? OWN_AFFAIR : [rewiredApart(plain), ...orModern(context)],
    }),
  ]
}

function selectsBoth({ wire, to }: WiredCall): string {
  return `${wire.service} selects ${called(to.live!)} and ${called(to.next!)}`
}

function rewiredApart(plain: readonly WiredCall[]): string {
  const services = plain.map(({ to, wire }) => ({
    live: liveService(to.strategy),
    next: nextService(to.strategy),
    plain: wire.service,
  }))
  const [only, ...others] = services
  return only !== undefined &&
    others.length === 0 &&
    only.live !== undefined &&
    only.next !== undefined &&
    only.live !== only.plain
    ? `wire its consumers to ${only.live} and ${only.next}, or to a Service per version`
    : 'wire the consumers to Services of one version each: the active or stable one in what is ' +
        'live, the preview or canary one in what waits, or a Service per version'
}
