import { type Member, memberNamed, type Revision, type RevisionId, type Wire } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { selects } from '../objects/service.ts'
import { liveService } from '../objects/strategy.ts'
import { frontDoors, isFirst } from './doors.ts'
import { Fresh, type Guessing } from './guess.ts'
import type { Moment, State } from './moments.ts'
import type { Releases } from './releases.ts'

/** One call on the way of a request. */
export interface Hop {
  readonly revision: Revision
  /** The Service it was called through; undefined where users come in. */
  readonly via: string | undefined
  /** Set where nobody knows whether this call is made. */
  readonly guessed?: true
}

/** Everything a trace needs to know: the group, its releases, and the state that is judged. */
export interface Scene {
  readonly group: Group
  readonly entries: readonly string[]
  readonly releases: Releases
  readonly state: State
}

/** The user-carrying revisions of the entries: where requests begin. */
export function roots(scene: Scene): Revision[] {
  return scene.entries.flatMap((name) => {
    const member = memberOf(scene.group, name)
    const carrying = new Set(
      (scene.state.get(name) ?? []).flatMap((moment) => [...moment.carrying.intersection(moment.present)]),
    )
    return member?.revisions.filter((each) => carrying.has(each.id)) ?? []
  })
}

/** The Services through which users come to an entry, and that may be empty. */
export function emptyDoors(scene: Scene, member: Member): string[] {
  // Who is to have no pods has no users of its own, nor has who never had any.
  if (member.replicas === 0 || isFirst(member)) return []
  return frontDoors(scene.group, member).filter(
    (service) =>
      scene.group.services.has(service) &&
      service !== nextDoor(member) &&
      isEmpty(scene, service, (moment) => moment.shut !== service),
  )
}

/** A canary Service gets its share only once it has pods. */
function nextDoor(member: Member): string | undefined {
  return member.strategy.kind === 'Canary' ? member.strategy.canaryService : undefined
}

/**
 * The revisions one wire's call may end on. An old connection to a lingering revision counts, for Services that carry
 * users.
 */
export function targets(scene: Scene, revision: Revision, wire: Wire): readonly Revision[] {
  return applies(scene, revision, wire) ? behindNow(scene, wire.service) : []
}

/** The calls that each revision makes for certain, each with those that it may end on. */
export type Calls = ReadonlyMap<Revision, readonly (readonly Revision[])[]>

/** Whom the calls that a revision makes for certain may end on, each. */
export function targetsOf(scene: Scene, from: Revision): (readonly Revision[])[] {
  return from.wires.map((wire) => targets(scene, from, wire))
}

/** What was found out of a state, by Service. */
interface Found {
  readonly behind: Map<string, readonly Revision[]>
  readonly empty: Map<string, boolean>
}

const foundIn = madeOnce((_: State) => madeOnce((_: Group): Found => ({ behind: new Map(), empty: new Map() })))

function foundOf({ state, group }: Scene): Found {
  return foundIn(state)(group)
}

/** The revisions that a call through a Service may end on. */
export function behindNow(scene: Scene, service: string): readonly Revision[] {
  const { behind } = foundOf(scene)
  const known =
    behind.get(service) ??
    (scene.group.owners.get(service) ?? []).flatMap((name) => {
      const member = memberOf(scene.group, name)
      const ids = new Set<RevisionId>()
      for (const moment of scene.state.get(name) ?? []) {
        for (const id of selectedBy(scene.group, member, moment, service)) if (moment.present.has(id)) ids.add(id)
        for (const id of moment.held) if (moment.present.has(id) && service === formerDoor(member, id)) ids.add(id)
      }
      return member.revisions.filter((each) => ids.has(each.id))
    })
  behind.set(service, known)
  return known
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
  if (service === undefined || group.gone.has(name)) return []
  return member.revisions
    .filter(
      (each) =>
        (service.hash === undefined || service.hash === each.hash) && selects(service.base, each.template.labels),
    )
    .map((each) => each.id)
}

/** Ephemeral metadata is there only in its role; an environment variable keeps what it was when the pod started. */
export function applies(scene: Scene, revision: Revision, wire: Wire): boolean {
  if (wire.role === undefined) return true
  const roles = (scene.state.get(revision.member) ?? []).map((moment) => moment.roles.get(revision.id))
  return roles.some((role) => role === wire.role!.of || (wire.role!.by === 'field' && role === 'live'))
}

/** Whether a Service may have no ready endpoint. */
export function mayBeEmpty(scene: Scene, service: string): boolean {
  const { empty } = foundOf(scene)
  const known = empty.get(service) ?? isEmpty(scene, service, () => true)
  empty.set(service, known)
  return known
}

/**
 * Whether each member behind a Service has a moment in which it gives no ready endpoint.
 * @param counts whether users of the Service come in a moment at all
 */
function isEmpty(scene: Scene, service: string, counts: (moment: Moment) => boolean): boolean {
  const owners = scene.group.owners.get(service) ?? []
  return owners.every((name) => {
    const member = memberOf(scene.group, name)
    return (scene.state.get(name) ?? []).some(
      (moment) =>
        counts(moment) && !selectedBy(scene.group, member, moment, service).some((id) => moment.ready.has(id)),
    )
  })
}

/** A revision that a request comes to, by the shortest way. */
export interface Visit {
  readonly hop: Hop
  /** Undefined where the request begins. */
  readonly before: Visit | undefined
  /** Calls from there to here. */
  readonly far: number
}

/**
 * Everything a request from one of these revisions may come to, the nearest first; they themselves come first.
 * @param guessing whom revisions may call beyond their wires
 */
export function visitsFrom(scene: Scene, roots: readonly Revision[], guessing?: Guessing): Map<RevisionId, Visit> {
  const visits = new Map<RevisionId, Visit>(
    roots.map((revision) => [revision.id, { hop: { revision, via: undefined }, before: undefined, far: 0 }]),
  )
  const fresh = new Fresh()
  for (const before of visits.values()) {
    const { revision } = before.hop
    const follow = (wire: Wire, more?: Pick<Hop, 'guessed'>) => {
      for (const target of targets(scene, revision, wire))
        if (!visits.has(target.id))
          visits.set(target.id, {
            hop: { revision: target, via: wire.service, ...more },
            before,
            far: before.far + 1,
          })
    }
    for (const wire of revision.wires) follow(wire)
    if (guessing !== undefined)
      for (const wire of fresh.of(guessing(revision), revision)) follow(wire, { guessed: true })
  }
  return visits
}

/** Every revision a request from this one may come to, the nearest first; itself comes first. */
export function reached(scene: Scene, root: Revision): Revision[] {
  return [...visitsFrom(scene, [root]).values()].map(({ hop }) => hop.revision)
}

/** The way that a request has come to a visit. */
export function wayTo(visit: Visit): readonly Hop[] {
  const way: Hop[] = []
  for (let each: Visit | undefined = visit; each !== undefined; each = each.before) way.push(each.hop)
  return way.reverse()
}

/** The member of a name that is known to be one. */
export function memberOf({ members }: Group, name: string): Member {
  return memberNamed(members, name)!
}
