import type { Member, Revision } from '../group/member.ts'
import { areSame, madeOnce } from '../objects/parse-once.ts'
import type { State } from './moments.ts'
import type { Release } from './releases.ts'
import {
  applies,
  emptyDoors,
  type Hop,
  mayBeEmpty,
  memberOf,
  roots,
  type Scene,
  type Visit,
  visitsFrom,
  wayTo,
} from './requests.ts'
import { troubled } from './troubled.ts'

/** A request that would meet two versions, or a Service with no ready endpoint. */
export interface Violation {
  readonly kind: 'mixed' | 'dead'
  readonly root: Revision
  /** From the root to where it goes wrong. */
  readonly path: readonly Hop[]
  /** mixed: the way to the other release, where it is not on the same path. */
  readonly other: readonly Hop[] | undefined
  /** dead: the Service that may be empty. */
  readonly service: string | undefined
  /** dead: who is behind that Service, where these are to have no pods at all, whichever Service leads there. */
  readonly resting?: string
  /** The revisions of which it must be guessed that they call so; undefined where the request is certain. */
  readonly guessed?: readonly Revision[]
}

/** Two violations are the same trouble if they strike the same users in the same place. */
export function violationKey(violation: Violation): string {
  const { kind, root, service = '', resting } = violation
  return resting === undefined ? `${kind} ${root.id} ${service}` : `${kind} ${root.member} ${resting}`
}

const found = onceForAlike((scene: Scene): readonly Violation[] => {
  const begun = roots(scene)
  const { dead, mixed } = troubled(scene, begun)
  return [
    ...scene.entries.flatMap((name) => emptyAtTheDoor(scene, memberOf(scene.group, name))),
    ...begun.flatMap((root) => [
      ...(dead.has(root.id) ? emptyOnTheWay(scene, root) : []),
      ...(mixed.has(root.id) ? [mixedOnTheWay(scene, root)] : []),
    ]),
  ]
})

/** Every request of a state that meets both releases or may reach an empty Service; the same scene is judged once. */
export const violations = madeOnce(found)

/** Makes something once for all scenes that are the same; forgotten with their state. */
export function onceForAlike<Made>(make: (scene: Scene) => Made): (scene: Scene) => Made {
  const known = madeOnce((_: State): { readonly scene: Scene; readonly made: Made }[] => [])
  return (scene) => {
    const like = known(scene.state).find((each) => isLike(each.scene, scene))
    if (like !== undefined) return like.made
    const made = make(scene)
    known(scene.state).push({ scene, made })
    return made
  }
}

/** Whether two scenes of one state are the same. */
function isLike(one: Scene, other: Scene): boolean {
  return one.group === other.group && one.releases === other.releases && areSame(one.entries, other.entries)
}

function emptyAtTheDoor(scene: Scene, member: Member): Violation[] {
  const root = member.live ?? member.next
  if (root === undefined) return []
  return emptyDoors(scene, member).map(
    (service): Violation => ({ kind: 'dead', root, path: [], other: undefined, service }),
  )
}

function emptyOnTheWay(scene: Scene, root: Revision): Violation[] {
  const seen = new Set<string>()
  return [...visitsFrom(scene, [root]).values()].flatMap((visit) => {
    const from = visit.hop.revision
    return from.wires.flatMap((wire): Violation[] => {
      if (seen.has(wire.service) || !applies(scene, from, wire) || !mayBeEmpty(scene, wire.service)) return []
      seen.add(wire.service)
      return [emptied(scene, root, wayTo(visit), wire.service)]
    })
  })
}

/** A request that comes to an empty Service. */
export function emptied(scene: Scene, root: Revision, path: readonly Hop[], service: string): Violation {
  return { kind: 'dead', root, path, other: undefined, service, ...restingBehind(scene, service) }
}

function restingBehind({ group }: Scene, service: string): Pick<Violation, 'resting'> {
  const owners = group.owners.get(service) ?? []
  const none = owners.length > 0 && owners.every((name) => memberOf(group, name).replicas === 0)
  return none ? { resting: owners.join() } : {}
}

function mixedOnTheWay(scene: Scene, root: Revision): Violation {
  return mixed(root, witness(scene, [...visitsFrom(scene, [root]).values()]))
}

/** A request that meets both releases. */
export function mixed(root: Revision, ways: Pick<Violation, 'path' | 'other'>): Violation {
  return { kind: 'mixed', root, ...ways, service: undefined }
}

/** The releases that a request has met, as bits: 1 the old one, 2 the new one. */
type Met = 0 | 1 | 2 | 3

function bit(release: Release | undefined): Met {
  return release === 'old' ? 1 : release === 'new' ? 2 : 0
}

/** The shortest ways to the two releases; one way, where one passes both. */
export function witness({ releases }: Scene, ways: readonly Visit[]): Pick<Violation, 'path' | 'other'> {
  const met = new Map<Visit, number>()
  // Whoever was before stands before.
  for (const visit of ways.toSorted((one, other) => one.far - other.far))
    met.set(
      visit,
      bit(releases.of.get(visit.hop.revision.id)) | (visit.before === undefined ? 0 : met.get(visit.before)!),
    )
  const both = ways.find((visit) => met.get(visit) === 3)
  if (both !== undefined) return { path: wayTo(both), other: undefined }
  const to = (release: Release) => {
    const found = ways.find(({ hop }) => releases.of.get(hop.revision.id) === release)
    return found && wayTo(found)
  }
  return { path: to('old') ?? [], other: to('new') }
}
