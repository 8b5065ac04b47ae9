import type { Configs } from '../objects/config-map.ts'
import { RELEASE } from '../objects/labels.ts'
import { serviceName } from '../objects/release-names.ts'
import type { Service } from '../objects/service.ts'
import { liveService } from '../objects/strategy.ts'
import { directoryOf, mayName } from '../evidence/hosts.ts'
import { type Member, type Revision, wiredTo } from './member.ts'
import { addressesOf } from './wires.ts'

/** A Service of a release that is not there: whoever calls it finds nobody. */
export interface GoneService extends Service {
  /** The member whose pods it would select. */
  readonly member: string
  /** The Service that it was made of. */
  readonly of: string | undefined
}

/** A group as it is read where each Service that is called is there. */
export interface WholeRead {
  readonly namespace: string
  readonly members: readonly Member[]
  readonly services: ReadonlyMap<string, Service>
  /** The members that each Service belongs to. */
  readonly owners: ReadonlyMap<string, readonly string[]>
  readonly configs: Configs
}

/**
 * The Services of releases that what is in use calls, and that are not there: of a release that the caller is of, by a
 * name that the tool would give it (rewire/targets.ts), for a member of it that the caller has no other address of.
 * Whoever is wired by role has one, and what nobody would call is no address.
 */
export function goneServices(read: WholeRead): ReadonlyMap<string, GoneService> {
  return goneFor(
    read,
    read.members.flatMap(({ live, next }) => [live, next].filter((each) => each !== undefined)),
  )
}

/** The same of what these call, whether it is in use or not. */
export function goneFor(read: WholeRead, revisions: readonly Revision[]): ReadonlyMap<string, GoneService> {
  const { namespace, members, configs } = read
  const byName = new Map(members.map((each) => [each.name, each]))
  const carried = revisions.map((revision) => ({ revision, member: byName.get(revision.member)! }))
  const releases = Map.groupBy(carried, ({ revision }) => revision.template.labels.get(RELEASE))
  const texts = [...configs.values()].flatMap((each) => (typeof each === 'object' ? [...each.data.values()] : []))
  const found = new Map<string, GoneService>()
  for (const [release, carrying] of releases) {
    if (release === undefined) continue
    const made = madeFor(release, new Set(carrying.map(({ member }) => member)), read)
    const directory = directoryOf(namespace, made, new Set(made.keys()))
    const around = {
      directory: { ...directory, pinned: NONE },
      owners: new Map([...made.values()].map(({ name, member }) => [name, [member]] as const)),
      // Without more that says so, a word is nobody's address.
      names: new Set([...members.map((each) => each.name), ...made.keys()]),
    }
    const isHeld = texts.some((each) => mayName(each, directory))
    for (const { member, revision } of carrying) {
      if (!isHeld && !mayName(JSON.stringify(revision.rawTemplate), directory)) continue
      const called = new Set(wiredTo(revision))
      for (const { service, strength } of addressesOf(revision.template, member.strategy, configs, around)) {
        const to = made.get(service)!
        if (strength === 'sure' && to.member !== member.name && !called.has(to.member)) found.set(service, to)
      }
    }
  }
  return found
}

/** The Services that a release would have of its members, and that are not there. */
function madeFor(
  release: string,
  members: ReadonlySet<Member>,
  { services, owners }: WholeRead,
): ReadonlyMap<string, GoneService> {
  const owned = [...owners].flatMap(([name, all]) =>
    services.get(name)?.base.has(RELEASE) === false ? all.map((member) => ({ name, member })) : [],
  )
  const origins = Map.groupBy(owned, ({ member }) => member)
  const found = new Map<string, GoneService>()
  for (const { name: member, selector, strategy } of members) {
    const own = (origins.get(member) ?? []).map(({ name }) => name)
    const live = services.get(liveService(strategy) ?? own[0] ?? '')
    const base = new Map([...selector, [RELEASE, release]])
    for (const origin of new Set([...own, member, `${member}-plain`])) {
      const name = serviceName(origin, release)
      const of = services.get(origin) ?? live
      if (!services.has(name)) found.set(name, { ...NOBODY, name, member, base, of: of?.name, ports: of?.ports ?? [] })
    }
  }
  return found
}

const NONE: ReadonlySet<string> = new Set()

/** What is known of a Service that is not there. */
const NOBODY = {
  hash: undefined,
  managedBy: undefined,
  alias: undefined,
  clusterIPs: [],
  headless: false,
  exposed: false,
  oddities: [],
  pointedAt: undefined,
  endpoints: [],
} as const satisfies Partial<Service>
