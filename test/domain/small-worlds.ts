/**
 * Every small group there is: blue/green members that all go from 1.0 to 2.0, wired in every way on every edge. And a
 * model of what their users meet that shares nothing with the product.
 */

import type { WorldSpec } from '../support/objects.ts'

/** How a consumer's revision finds its dependency: by role, by one Service for all pods, or by one for each release. */
export const SERVICES = ['active', 'preview', 'all', 'old', 'new'] as const
export type ServiceKind = (typeof SERVICES)[number]

export interface SmallEdge {
  readonly consumer: string
  readonly dependency: string
  readonly live: ServiceKind
  readonly next: ServiceKind
}

export interface SmallWorld {
  readonly members: readonly string[]
  readonly edges: readonly SmallEdge[]
}

/** A pair, a chain of three, and two entries over one dependency. */
const SHAPES: readonly { readonly members: string[]; readonly calls: readonly [string, string][] }[] = [
  { members: ['a', 'b'], calls: [['a', 'b']] },
  {
    members: ['a', 'b', 'c'],
    calls: [
      ['a', 'b'],
      ['b', 'c'],
    ],
  },
  {
    members: ['a', 'b', 'c'],
    calls: [
      ['a', 'c'],
      ['b', 'c'],
    ],
  },
]

/** 1,275 groups: 25 wirings of a pair, and 25 × 25 of each shape with two edges. */
export function* smallWorlds(): Generator<SmallWorld> {
  const wirings = SERVICES.flatMap((live) => SERVICES.map((next) => ({ live, next })))
  for (const { members, calls } of SHAPES) {
    let worlds: SmallEdge[][] = [[]]
    for (const [consumer, dependency] of calls)
      worlds = worlds.flatMap((edges) => wirings.map((wiring) => [...edges, { consumer, dependency, ...wiring }]))
    for (const edges of worlds) yield { members, edges }
  }
}

/** `a calls b by active, then preview`. */
export function worldLine({ edges }: SmallWorld): string {
  return edges.map((each) => `${each.consumer} calls ${each.dependency} by ${each.live}, then ${each.next}`).join('; ')
}

/** The objects of a small world, every member at its gate. */
export function objectsOf({ members, edges }: SmallWorld): WorldSpec {
  const release = (side: 'live' | 'next', name: string) => ({
    version: side === 'live' ? '1.0' : '2.0',
    labels: { release: side === 'live' ? 'old' : 'new' },
    env: Object.fromEntries(
      edges
        .filter((each) => each.consumer === name)
        .map((each) => [`${each.dependency}_URL`, `http://${each.dependency}-${each[side]}:8080`]),
    ),
  })
  return {
    members: members.map((name) => ({ name, live: release('live', name), next: release('next', name) })),
    services: members.flatMap((name) => [
      { name: `${name}-all`, selector: { app: name } },
      ...['old', 'new'].map((each) => ({ name: `${name}-${each}`, selector: { app: name, release: each } })),
    ]),
  }
}

/** Where a member stands: at its gate; promoted while its old pods run; promoted, and these are gone. */
export type Place = 'gate' | 'lingering' | 'gone'
export type Places = Readonly<Record<string, Place>>

type Release = 'old' | 'new'

/** Which pods answer behind a Service; old connections of the active one go on while the old pods run. */
function behind(place: Place, service: ServiceKind): Release[] {
  const present: Release[] = place === 'gone' ? ['new'] : ['old', 'new']
  const chosen: Record<ServiceKind, readonly Release[]> = {
    active: place === 'gate' ? ['old'] : place === 'lingering' ? ['old', 'new'] : ['new'],
    preview: ['new'],
    all: ['old', 'new'],
    old: ['old'],
    new: ['new'],
  }
  return present.filter((each) => chosen[service].includes(each))
}

/** Whose users meet both releases, or an empty Service, while members stand so: `mixed a old`, `dead a old b-old`. */
export function troubles({ members, edges }: SmallWorld, places: Places): Set<string> {
  const found = new Set<string>()
  const visit = (root: string, name: string, release: Release, met: ReadonlySet<Release>): void => {
    if (met.size > 1) found.add(`mixed ${root}`)
    for (const edge of edges.filter((each) => each.consumer === name)) {
      const service = edge[release === 'old' ? 'live' : 'next']
      const pods = behind(places[edge.dependency]!, service)
      if (pods.length === 0) found.add(`dead ${root} ${edge.dependency}-${service}`)
      for (const each of pods) visit(root, edge.dependency, each, new Set([...met, each]))
    }
  }
  for (const entry of members.filter((name) => !edges.some((each) => each.dependency === name))) {
    const users: Record<Place, Release[]> = { gate: ['old'], lingering: ['old', 'new'], gone: ['new'] }
    for (const release of users[places[entry]!]) visit(`${entry} ${release}`, entry, release, new Set([release]))
  }
  return found
}

/** Every way that members may stand, each in one of these places. */
export function everyPlace(allowed: Readonly<Record<string, readonly Place[]>>): Places[] {
  return Object.entries(allowed).reduce<Places[]>(
    (all, [name, places]) => all.flatMap((each) => places.map((place) => ({ ...each, [name]: place }))),
    [{}],
  )
}

/** Where every member stands when a promotion begins. */
export function atGates({ members }: SmallWorld): Places {
  return Object.fromEntries(members.map((name) => [name, 'gate' as const]))
}

/** What a world makes bad on the way of these waves that is not bad before; drained pods are gone before their wave. */
export function madeBad(
  world: SmallWorld,
  waves: readonly { readonly promoted: readonly string[]; readonly drained: readonly string[] }[],
): Set<string> {
  const already = troubles(world, atGates(world))
  const allowed: Record<string, readonly Place[]> = Object.fromEntries(world.members.map((name) => [name, ['gate']]))
  const found = new Set<string>()
  for (const { promoted, drained } of waves) {
    for (const name of drained) allowed[name] = ['gone']
    for (const name of promoted) allowed[name] = ['gate', 'lingering', 'gone']
    for (const places of everyPlace(allowed)) for (const each of troubles(world, places)) found.add(each)
    for (const name of promoted) allowed[name] = ['lingering', 'gone']
  }
  return found.difference(already)
}

/** The first order, one member after the other and everybody drained in between, that makes nothing bad. */
export function safeOrder(world: SmallWorld): readonly string[] | undefined {
  return orders(world.members).find(
    (order) =>
      madeBad(
        world,
        order.map((name, index) => ({ promoted: [name], drained: order.slice(0, index) })),
      ).size === 0,
  )
}

function orders(names: readonly string[]): string[][] {
  return names.length === 0
    ? [[]]
    : names.flatMap((first) => orders(names.filter((each) => each !== first)).map((rest) => [first, ...rest]))
}
