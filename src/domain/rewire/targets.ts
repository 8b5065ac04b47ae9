import { memberNamed } from '../group/member.ts'
import { at, text } from '../objects/fields.ts'
import { HASH_LABEL, RELEASE, SERVICE_OF } from '../objects/labels.ts'
import { selects } from '../objects/service.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import type { Pin } from './copied.ts'
import { serviceName } from './names.ts'
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
 * | `preview` | its preview or canary Service | its active or stable Service |
 * | `pinned` | its Service of this release | that of its live one, by release; else active, stable; else by hash |
 * | `unpinned` | its active or stable Service, or the one that was called before | the same |
 */
export function targetOf(
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
      if (!changes) return { service: base }
      return next === undefined
        ? { why: `${to} has no ${member.strategy.kind === 'BlueGreen' ? 'previewService' : 'canaryService'}` }
        : { service: next }
    case 'pinned': {
      if (isPinnedByHand(to, service, reading, around)) return { service }
      if (changes) return pinned([RELEASE, scheme.release])
      const now = around.cluster && memberNamed(around.cluster.group.members, to)?.live
      const release = now?.template.labels.get(RELEASE)
      if (release !== undefined) return pinned([RELEASE, release])
      return now === undefined || (byRole && live !== undefined) ? { service: base } : pinned([HASH_LABEL, now.hash])
    }
  }
}

/** The Service that one of ours was made of; another is its own. */
export function originOf(service: string, { objects }: ManifestGroup): string {
  return text(at(objects.get(`Service ${service}`), 'metadata', 'annotations', SERVICE_OF)) ?? service
}

/** Whether somebody calls a member by a Service of its strategy. */
function isCalledByRole(to: string, { group, given }: ManifestGroup): boolean {
  const { strategy } = memberNamed(group.members, to)!
  const roles = [liveService(strategy), nextService(strategy)]
  return [...given.values()].some((each) =>
    each.revision.wires.some((wire) => wire.to === to && roles.includes(wire.service)),
  )
}

/** A Service that selects what is new of a member, and not what users are on. */
function isPinnedByHand(
  to: string,
  service: string,
  { group, given, objects }: ManifestGroup,
  around: Surrounding,
): boolean {
  const found = group.services.get(service)
  const live = around.cluster && memberNamed(around.cluster.group.members, to)?.live
  const fresh = given.get(to)?.revision
  const isOurs = at(objects.get(`Service ${service}`), 'metadata', 'annotations', SERVICE_OF) !== undefined
  if (found === undefined || live === undefined || fresh === undefined || isOurs) return false
  return selects(found.base, fresh.template.labels) && !selects(found.base, live.template.labels)
}
