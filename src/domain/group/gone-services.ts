import { RELEASE } from '../objects/labels.ts'
import type { Rollout } from '../objects/rollout.ts'
import type { Service } from '../objects/service.ts'
import { serviceName } from '../objects/release-names.ts'
import type { Unnamed } from './naming.ts'

/** A Service of a release that is not there: whoever calls it finds nobody. */
export interface GoneService extends Service {
  /** The member whose pods it would select. */
  readonly member: string
  /** The Service that it was made of. */
  readonly of: string | undefined
}

/**
 * The Services that releases in use would have, and that are not there: each has a name that the tool would give it
 * (rewire/targets.ts), which nothing else has. Which of them anybody calls, the pods' own addresses say.
 * @param used what is in use of each Rollout
 * @param owners the members that the Services there belong to
 */
export function goneServices(
  rollouts: readonly Rollout[],
  used: readonly Unnamed[],
  services: ReadonlyMap<string, Service>,
  owners: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, GoneService> {
  const releases = new Set(
    used.flatMap(({ live, next }) => [live, next].flatMap((each) => each?.template.labels.get(RELEASE) ?? [])),
  )
  if (releases.size === 0) return new Map()
  const found = new Map<string, GoneService>()
  const owned = [...owners].flatMap(([name, members]) => members.map((member) => ({ name, member })))
  const bases = Map.groupBy(
    owned.filter(({ name }) => services.get(name)?.base.has(RELEASE) === false),
    ({ member }) => member,
  )
  for (const { name: member, selector } of rollouts) {
    const made = (bases.get(member) ?? []).map(({ name }) => name)
    for (const base of new Set([...made, member, `${member}-plain`]))
      for (const release of releases) {
        const name = serviceName(base, release)
        if (services.has(name) || found.has(name)) continue
        const of = services.get(made.includes(base) ? base : (made[0] ?? ''))
        found.set(name, {
          ...NOBODY,
          name,
          member,
          of: of?.name,
          ports: of?.ports ?? [],
          base: new Map([...selector, [RELEASE, release]]),
        })
      }
  }
  return found
}

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
