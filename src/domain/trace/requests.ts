import type { Member, Revision, RevisionId, Wire } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { selects } from '../objects/service.ts'
import { liveService } from '../objects/strategy.ts'
import { frontDoors, isFirst } from './doors.ts'
import type { Moment, State } from './moments.ts'
import type { Colour, Colours } from './releases.ts'

/** One call on the way of a request. */
export interface Hop {
  readonly revision: Revision
  /** The Service it was called through; undefined where users come in. */
  readonly via: string | undefined
}

/** A request that would meet two versions, or a Service with no ready endpoint. */
export interface Violation {
  readonly kind: 'mixed' | 'dead'
  readonly root: Revision
  /** From the root to where it goes wrong. */
  readonly path: readonly Hop[]
  /** mixed: the way to the other colour, where it is not on the same path. */
  readonly other: readonly Hop[] | undefined
  /** dead: the Service that may be empty. */
  readonly service: string | undefined
}

/** Two violations are the same trouble if they strike the same users in the same place. */
export function violationKey(violation: Violation): string {
  return `${violation.kind} ${violation.root.id} ${violation.service ?? ''}`
}

/** Everything a trace needs to know: the group, its colours, and the state that is judged. */
export interface Scene {
  readonly group: Group
  readonly entries: readonly string[]
  readonly colours: Colours
  readonly state: State
}

/** The user-carrying revisions of the entries: where requests begin. */
export function roots(scene: Scene): Revision[] {
  return scene.entries.flatMap((name) => {
    const member = scene.group.members.find((each) => each.name === name)
    const carrying = new Set(
      (scene.state.get(name) ?? []).flatMap((moment) => [...moment.carrying.intersection(moment.present)]),
    )
    return member?.revisions.filter((each) => carrying.has(each.id)) ?? []
  })
}

/** Every request of a state that meets both colours or may reach an empty Service. */
export function violations(scene: Scene): Violation[] {
  return [
    ...scene.entries.flatMap((name) => emptyDoors(scene, memberOf(scene.group, name))),
    ...roots(scene).flatMap((root) => [...emptyOnTheWay(scene, root), ...mixedOnTheWay(scene, root)]),
  ]
}

function emptyDoors(scene: Scene, member: Member): Violation[] {
  const root = member.live ?? member.next
  // Who is to have no pods has no users of its own, nor has who never had any.
  if (root === undefined || member.replicas === 0 || isFirst(member)) return []
  return frontDoors(scene.group, member)
    .filter(
      (service) =>
        scene.group.services.has(service) &&
        service !== nextDoor(member) &&
        mayBeEmpty(scene, service, (moment) => moment.shut !== service),
    )
    .map((service): Violation => ({ kind: 'dead', root, path: [], other: undefined, service }))
}

/** A canary Service gets its share only once it has pods. */
function nextDoor(member: Member): string | undefined {
  return member.strategy.kind === 'Canary' ? member.strategy.canaryService : undefined
}

/**
 * The revisions one wire's call may end on. An old connection to a lingering revision counts, for Services that carry
 * users.
 */
export function targets(scene: Scene, revision: Revision, wire: Wire): Revision[] {
  if (!applies(scene, revision, wire)) return []
  return (scene.group.owners.get(wire.service) ?? []).flatMap((name) => {
    const member = memberOf(scene.group, name)
    const found = new Set<RevisionId>()
    for (const moment of scene.state.get(name) ?? []) {
      for (const id of selectedBy(scene.group, member, moment, wire.service)) if (moment.present.has(id)) found.add(id)
      for (const id of moment.held) if (wire.service === formerDoor(member, id)) found.add(id)
    }
    return member.revisions.filter((each) => found.has(each.id))
  })
}

/**
 * Through which Service a revision that users are leaving still has old connections: a canary without a router is
 * reached through its own.
 */
function formerDoor({ strategy, live, revisions }: Member, id: RevisionId): string | undefined {
  const wasCanary =
    strategy.kind === 'Canary' &&
    !strategy.routed &&
    (revisions.find((each) => each.id === id)?.revision ?? 0) > (live?.revision ?? 0)
  return wasCanary ? strategy.canaryService : liveService(strategy)
}

/**
 * What a Service selects among a member's revisions in a moment: as pointed by the controller, or by its own selector.
 */
function selectedBy(group: Group, member: Member, moment: Moment, name: string): readonly RevisionId[] {
  const pointed = moment.selects.get(name)
  if (pointed !== undefined) return pointed
  const service = group.services.get(name)
  if (service === undefined) return []
  return member.revisions
    .filter(
      (each) =>
        (service.hash === undefined || service.hash === each.hash) && selects(service.base, each.template.labels),
    )
    .map((each) => each.id)
}

/** Ephemeral metadata is there only in its role; an environment variable keeps what it was when the pod started. */
function applies(scene: Scene, revision: Revision, wire: Wire): boolean {
  if (wire.role === undefined) return true
  const roles = (scene.state.get(revision.member) ?? []).map((moment) => moment.roles.get(revision.id))
  return roles.some((role) => role === wire.role!.of || (wire.role!.by === 'field' && role === 'live'))
}

/**
 * Whether a Service may have no ready endpoint: each member behind it has a moment in which it gives none.
 * @param counts whether users of the Service come in a moment at all
 */
export function mayBeEmpty(scene: Scene, service: string, counts: (moment: Moment) => boolean = () => true): boolean {
  const owners = scene.group.owners.get(service) ?? []
  return owners.every((name) => {
    const member = memberOf(scene.group, name)
    return (scene.state.get(name) ?? []).some(
      (moment) =>
        counts(moment) && !selectedBy(scene.group, member, moment, service).some((id) => moment.ready.has(id)),
    )
  })
}

/**
 * Everything a request from this revision may reach, each with the shortest way there; the revision itself comes first.
 */
export function reach(scene: Scene, root: Revision): Map<RevisionId, readonly Hop[]> {
  const ways = new Map<RevisionId, readonly Hop[]>([[root.id, [{ revision: root, via: undefined }]]])
  for (const way of ways.values()) {
    const { revision } = way.at(-1)!
    for (const wire of revision.wires) {
      for (const target of targets(scene, revision, wire)) {
        if (!ways.has(target.id)) ways.set(target.id, [...way, { revision: target, via: wire.service }])
      }
    }
  }
  return ways
}

function emptyOnTheWay(scene: Scene, root: Revision): Violation[] {
  const seen = new Set<string>()
  return [...reach(scene, root).values()].flatMap((path) =>
    path.at(-1)!.revision.wires.flatMap((wire): Violation[] => {
      if (seen.has(wire.service) || !applies(scene, path.at(-1)!.revision, wire) || !mayBeEmpty(scene, wire.service))
        return []
      seen.add(wire.service)
      return [{ kind: 'dead', root, path, other: undefined, service: wire.service }]
    }),
  )
}

/**
 * A call goes to one of the revisions its wire may end on; different calls of one request choose independently. So a
 * revision's outcomes are the sets of colours that one choice for each of its calls can meet.
 */
function mixedOnTheWay(scene: Scene, root: Revision): Violation[] {
  const ways = reach(scene, root)
  const outcomes = new Map<RevisionId, Set<Colours2>>(
    [...ways].map(([id]) => [id, new Set([bit(scene.colours.of.get(id))])]),
  )
  for (let grown = true; grown; ) {
    grown = false
    for (const [id, way] of ways) {
      const met = outcomes.get(id)!
      const size = met.size
      let combined = new Set<Colours2>([bit(scene.colours.of.get(id))])
      for (const wire of way.at(-1)!.revision.wires) {
        const choices = new Set(
          targets(scene, way.at(-1)!.revision, wire).flatMap((each) => [...outcomes.get(each.id)!]),
        )
        if (choices.size > 0)
          combined = new Set([...combined].flatMap((one) => [...choices].map((other) => (one | other) as Colours2)))
      }
      for (const each of combined) met.add(each)
      grown ||= met.size > size
    }
  }
  if (!outcomes.get(root.id)!.has(3)) return []
  return [{ kind: 'mixed', root, ...witness(scene, ways), service: undefined }]
}

/** Bits: 1 live, 2 next. */
type Colours2 = 0 | 1 | 2 | 3

function bit(colour: Colour | undefined): Colours2 {
  return colour === 'live' ? 1 : colour === 'next' ? 2 : 0
}

/** The shortest ways to the two colours; one way, where one passes both. */
function witness(scene: Scene, ways: ReadonlyMap<RevisionId, readonly Hop[]>): Pick<Violation, 'path' | 'other'> {
  const colourOf = (hop: Hop) => scene.colours.of.get(hop.revision.id)
  const both = [...ways.values()].find(
    (way) => way.some((hop) => colourOf(hop) === 'live') && way.some((hop) => colourOf(hop) === 'next'),
  )
  if (both !== undefined) return { path: both, other: undefined }
  const to = (colour: Colour) => [...ways.values()].find((way) => colourOf(way.at(-1)!) === colour)
  return { path: to('live') ?? [], other: to('next') }
}

function memberOf(group: Group, name: string): Member {
  return group.members.find((each) => each.name === name)!
}
