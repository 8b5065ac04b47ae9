import type { Revision, RevisionId, Wire } from '../group/member.ts'
import { mayCall } from '../group/unknown-calls.ts'
import type { Release } from '../trace/releases.ts'
import { reached, roots, type Scene, targets } from '../trace/requests.ts'
import { type Violation, violationKey, violations } from '../trace/violations.ts'

/**
 * What goes wrong in a scene if revisions call whom they may, and was not wrong in the same world before. A world is
 * one choice of all these calls: which one it is nobody knows, but it does not change.
 */
export type Guesses = (scene: Scene) => Violation[]

/**
 * Of the worlds in which users meet only one release at first there is a greatest one: whoever a request reaches then
 * makes every call but those that lead to the other release. Who is reached later is not bound by that. So for mixed
 * requests two worlds stand for all, and for empty Services the one in which every call is made.
 * @param doubtful with calls that are none, if what looks like an address is none
 */
export function guessesOf(start: Scene, doubtful: boolean): Guesses | undefined {
  const may = new Map<RevisionId, readonly Wire[]>(
    start.group.members.flatMap((member) =>
      member.revisions.map((each) => [each.id, mayCall(start.group, each, doubtful)] as const),
    ),
  )
  if ([...may.values()].every((each) => each.length === 0)) return undefined
  const every = (from: Revision) => may.get(from.id)!
  const dead = (scene: Scene) =>
    violations({ ...scene, guesses: (_, from) => every(from) }).filter((each) => each.kind === 'dead')
  const excused = new Set(dead(start).map(violationKey))
  const worlds = [worldOf(start, 'old', every), worldOf(start, 'new', every)]
  return (scene) =>
    [
      ...dead(scene).filter((each) => !excused.has(violationKey(each))),
      ...worlds.flatMap(({ of, guesses }) =>
        violations({ ...scene, guesses }).filter((each) => each.kind === 'mixed' && of(each.root)),
      ),
    ].filter((each) => each.guessed !== undefined)
}

/** The greatest world in which requests meet nothing but one release and what works with it. */
function worldOf(start: Scene, release: Exclude<Release, 'either'>, every: (from: Revision) => readonly Wire[]) {
  const strange = (revision: Revision) => {
    const its = start.releases.of.get(revision.id)
    return its !== release && its !== 'either'
  }
  const leadsOut = (from: Revision, wire: Wire) =>
    targets(start, from, wire).some((to) => reached(start, to).some(strange))
  const kept = new Map<RevisionId, readonly Wire[]>()
  const bound = (from: Revision) => {
    const known = kept.get(from.id) ?? every(from).filter((wire) => !leadsOut(from, wire))
    kept.set(from.id, known)
    return known
  }
  const scene: Scene = { ...start, guesses: (_, from) => bound(from) }
  const of = (root: Revision) => !strange(root)
  const bindings = new Map(
    roots(scene)
      .filter(of)
      .map((root) => [root.id, new Set(reached(scene, root).map(({ id }) => id))]),
  )
  const guesses = (root: Revision, from: Revision) =>
    bindings.get(root.id)?.has(from.id) === true ? bound(from) : every(from)
  return { of, guesses }
}
