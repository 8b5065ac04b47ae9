import { memberNamed, type Revision } from '../group/member.ts'
import { at, text } from '../objects/fields.ts'
import { HASH_LABEL, RELEASE, SERVICE_OF } from '../objects/labels.ts'
import { selects } from '../objects/service.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import type { Pin } from './copied.ts'
import { serviceName } from '../objects/release-names.ts'
import type { ManifestGroup, Surrounding } from './reading.ts'

/** How the members of a group are to find each other. */
export interface Scheme {
  /** `unpinned`: by their active Services, as before there was any release. */
  readonly wiring: 'preview' | 'pinned' | 'unpinned'
  /** The members that the release changes. */
  readonly changing: ReadonlySet<string>
  /** What it is called: a label value. */
  readonly release: string
}

/** The Service that an address is to name, and what it is made of where it is one of ours. */
export interface Led {
  readonly service: string
  readonly made?: { readonly of: string; readonly pin: Pin }
}

/** The scheme as it holds for one consumer: one that does not change stays with what was. */
export function schemeFor(scheme: Scheme, consumer: string): Scheme {
  return scheme.changing.has(consumer) ? scheme : { ...scheme, changing: new Set() }
}

/**
 * Where a call of a member through one of its Services is to lead; why there is nothing it could lead to.
 *
 * | wiring | to a member that changes | to one that does not |
 * |---|---|---|
 * | `preview` | its preview or canary Service | its active or stable Service; else what it calls |
 * | `pinned` | its Service of this release | that of its live one, by release; else active, stable; else by hash |
 * | `unpinned` | its active or stable Service, or the one that was called before | the same |
 */
export function targetOf(
  consumer: string,
  to: string,
  service: string,
  scheme: Scheme,
  reading: ManifestGroup,
  around: Surrounding,
): Led | { readonly why: string } {
  const member = memberNamed(reading.group.members, to)
  if (member === undefined) return { service }
  const origin = originOf(service, reading)
  const [live, next] = [liveService(member.strategy), nextService(member.strategy)]
  const byRole = origin === live || origin === next
  const base = byRole ? (live ?? origin) : origin
  const pinned = (pin: Pin): Led => ({
    service: serviceName(byRole ? to : origin === to && isCalledByRole(to, reading) ? `${to}-plain` : origin, pin[1]),
    made: { of: base, pin },
  })
  const changes = scheme.changing.has(to)
  switch (scheme.wiring) {
    case 'unpinned':
      return { service: base }
    case 'preview':
      if (!changes) return { service: callsLive(consumer, to, live, around) ? live! : base }
      return next === undefined
        ? { why: `${to} has no ${member.strategy.kind === 'BlueGreen' ? 'previewService' : 'canaryService'}` }
        : { service: next }
    case 'pinned': {
      if (isPinnedByHand(to, service, changes, reading, around)) return { service }
      if (changes) return pinned([RELEASE, scheme.release])
      const now = around.cluster && memberNamed(around.cluster.group.members, to)?.live
      const release = now?.template.labels.get(RELEASE)
      if (release !== undefined) return pinned([RELEASE, release])
      return now === undefined || (byRole && live !== undefined) ? { service: base } : pinned([HASH_LABEL, now.hash])
    }
  }
}

/** Whether users of a consumer were pointed back already, whatever its manifest calls. */
function callsLive(consumer: string, to: string, live: string | undefined, { cluster }: Surrounding): boolean {
  const member = cluster && memberNamed(cluster.group.members, consumer)
  return member?.live?.wires.some((each) => each.to === to && each.service === live) === true
}

/** The Service that one of ours was made of; another is its own. */
export function originOf(service: string, { objects, group }: ManifestGroup): string {
  const of = text(at(objects.get(`Service ${service}`), 'metadata', 'annotations', SERVICE_OF))
  return of ?? group.gone.get(service)?.of ?? service
}

/** Whether somebody calls a member by a Service of its strategy, or by one of ours that was made of it. */
function isCalledByRole(to: string, reading: ManifestGroup): boolean {
  const { group, given } = reading
  const { strategy } = memberNamed(group.members, to)!
  const roles = [liveService(strategy), nextService(strategy)]
  return [...given.values()].some((each) =>
    each.revision.wires.some((wire) => wire.to === to && roles.includes(originOf(wire.service, reading))),
  )
}

/**
 * A Service of somebody's own that selects what is new of a member, and not what users are on; or, of one that stays,
 * what users are on, and no other revision.
 */
function isPinnedByHand(
  to: string,
  service: string,
  changes: boolean,
  { group, given, objects }: ManifestGroup,
  around: Surrounding,
): boolean {
  const found = group.services.get(service)
  const member = around.cluster && memberNamed(around.cluster.group.members, to)
  const { live } = member ?? {}
  const fresh = given.get(to)?.revision
  const isOurs = at(objects.get(`Service ${service}`), 'metadata', 'annotations', SERVICE_OF) !== undefined
  if (found === undefined || live === undefined || isOurs) return false
  const isSelected = ({ template }: Pick<Revision, 'template'>) => selects(found.base, template.labels)
  if (changes) return fresh !== undefined && isSelected(fresh) && !isSelected(live)
  const others = member!.revisions.filter((each) => each !== live)
  return isSelected(live) && others.length > 0 && !others.some(isSelected)
}
