import type { Member, Revision, RevisionId } from '../group/member.ts'
import { areSame, madeOnce } from '../objects/parse-once.ts'
import type { State } from './moments.ts'
import type { Release } from './releases.ts'
import {
  applies,
  callsOf,
  emptyDoors,
  type Hop,
  mayBeEmpty,
  memberOf,
  roots,
  type Scene,
  targets,
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

/** Every request of a state that meets both releases or may reach an empty Service; the same scene is judged once. */
export const violations = madeOnce((scene: Scene): readonly Violation[] => {
  return scene.guesses === undefined ? certain(scene) : found(scene)
})

const certain = onceForAlike(found)

/** Makes something once for all scenes that are the same, where nobody guesses; forgotten with their state. */
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

/** Whether two scenes of one state, in which nobody guesses, are the same. */
function isLike(one: Scene, other: Scene): boolean {
  return one.group === other.group && one.releases === other.releases && areSame(one.entries, other.entries)
}

function found(scene: Scene): Violation[] {
  const begun = roots(scene)
  const may = scene.guesses === undefined ? troubled(scene, begun) : undefined
  return [
    ...scene.entries.flatMap((name) => emptyAtTheDoor(scene, memberOf(scene.group, name))),
    ...begun.flatMap((root) => [
      ...(may === undefined || may.dead.has(root.id) ? emptyOnTheWay(scene, root) : []),
      ...(may === undefined || may.mixed.has(root.id) ? mixedOnTheWay(scene, root) : []),
    ]),
  ]
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
  return [...visitsFrom(scene, root).values()].flatMap((visit) => {
    const from = visit.hop.revision
    return callsOf(scene, root, from).flatMap(({ wire, guessed }): Violation[] => {
      if (seen.has(wire.service) || !applies(scene, from, wire) || !mayBeEmpty(scene, wire.service)) return []
      seen.add(wire.service)
      const path = wayTo(visit)
      return [
        {
          kind: 'dead',
          root,
          path,
          other: undefined,
          service: wire.service,
          ...restingBehind(scene, wire.service),
          ...guessers(guessed ? [...path, { revision: from, via: wire.service, guessed }] : path),
        },
      ]
    })
  })
}

function restingBehind({ group }: Scene, service: string): Pick<Violation, 'resting'> {
  const owners = group.owners.get(service) ?? []
  const none = owners.length > 0 && owners.every((name) => memberOf(group, name).replicas === 0)
  return none ? { resting: owners.join() } : {}
}

/** Who makes the calls of a way of which nobody knows. */
function guessers(...ways: readonly (readonly Hop[])[]): Pick<Violation, 'guessed'> {
  const found = ways.flatMap((way) =>
    way.flatMap((hop, index) => (hop.guessed === true ? [way[index - 1]!.revision] : [])),
  )
  return found.length === 0 ? {} : { guessed: [...new Set(found)] }
}

/** The calls that each revision of a request makes, each with those it may end on. */
type Calls = ReadonlyMap<RevisionId, readonly { readonly to: readonly Revision[]; readonly guessed: boolean }[]>

function mixedOnTheWay(scene: Scene, root: Revision): Violation[] {
  const visits = visitsFrom(scene, root)
  const told = (ways: readonly Visit[]): Violation => ({
    kind: 'mixed',
    root,
    ...witness(scene, ways),
    service: undefined,
  })
  // Nobody would ask otherwise.
  if (scene.guesses === undefined) return [told([...visits.values()])]
  const calls: Calls = new Map(
    [...visits].map(([id, { hop }]) => {
      const from = hop.revision
      return [id, callsOf(scene, root, from).map(({ wire, guessed }) => ({ to: targets(scene, from, wire), guessed }))]
    }),
  )
  const isMixed = (made: Calls) => outcomesOf(scene, made).get(root.id)!.has(3)
  if (!isMixed(calls)) return []
  const sure: Calls = new Map([...calls].map(([id, made]) => [id, made.filter((each) => !each.guessed)]))
  if (isMixed(sure)) return [told([...visits.values()])]
  const { path, other } = guessedWitness(scene, [...visits.values()])
  const { guessed } = guessers(path, other ?? [])
  // One that is called for certain, too, has no way by which it is guessed.
  const guessing = [...visits].flatMap(([id, { hop }]) =>
    calls.get(id)!.some((each) => each.guessed) ? [hop.revision] : [],
  )
  return [{ kind: 'mixed', root, path, other, service: undefined, guessed: guessed ?? guessing }]
}

/**
 * The sets of releases that a request from each revision can meet. A call goes to one of the revisions its wire may end
 * on; different calls of one request choose independently, so there is a set for each choice of all of them.
 */
function outcomesOf({ releases }: Scene, calls: Calls): ReadonlyMap<RevisionId, ReadonlySet<Met>> {
  const outcomes = new Map<RevisionId, Set<Met>>(
    [...calls.keys()].map((id) => [id, new Set([bit(releases.of.get(id))])]),
  )
  for (let grown = true; grown; ) {
    grown = false
    for (const [id, made] of calls) {
      const met = outcomes.get(id)!
      const size = met.size
      let combined = new Set<Met>([bit(releases.of.get(id))])
      for (const { to, guessed } of made) {
        const choices = new Set(to.flatMap((each) => [...(outcomes.get(each.id) ?? [])]))
        if (choices.size === 0) continue
        const joined = [...combined].flatMap((one) => [...choices].map((other) => (one | other) as Met))
        combined = new Set(guessed ? [...combined, ...joined] : joined)
      }
      for (const each of combined) met.add(each)
      grown ||= met.size > size
    }
  }
  return outcomes
}

/** The releases that a request has met, as bits: 1 the old one, 2 the new one. */
type Met = 0 | 1 | 2 | 3

function bit(release: Release | undefined): Met {
  return release === 'old' ? 1 : release === 'new' ? 2 : 0
}

/** The shortest ways to the two releases; one way, where one passes both. */
function witness({ releases }: Scene, ways: readonly Visit[]): Pick<Violation, 'path' | 'other'> {
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

/** The same where only a guessed call brings the two together: by a way on which it is made, as far as there is one. */
function guessedWitness(scene: Scene, ways: readonly Visit[]): Pick<Violation, 'path' | 'other'> {
  const isGuessed = (visit: Visit) => wayTo(visit).some((hop) => hop.guessed === true)
  return witness(scene, [...ways.filter(isGuessed), ...ways])
}
