import type { Revision, RevisionId } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { mayCall } from '../group/unknown-calls.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { anybodyIn, type Guessing } from '../trace/guess.ts'
import { mayFindEmpty, mayMix } from '../trace/guessed.ts'
import type { Release } from '../trace/releases.ts'
import { behindNow, roots, type Scene, targets, targetsOf, visitsFrom } from '../trace/requests.ts'
import { callersOf } from '../trace/troubled.ts'
import { onceForAlike, type Violation, violationKey, violations } from '../trace/violations.ts'

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
  return kept(start)(doubtful)
}

const kept = onceForAlike((start) => forEither((doubtful) => made(start, doubtful)))

function made(start: Scene, doubtful: boolean): Guesses | undefined {
  const { group } = start
  const may = callsIn(group)(doubtful)
  if ([...may.values()].every(({ anybody, wires }) => !anybody && wires.length === 0)) return undefined
  const guessed: Guessed = (isWanted) => {
    const all = anybodyIn(group, (service) => isWanted(behindNow(start, service)))
    return madeOnce((from: Revision) => {
      const { anybody, wires } = may.get(from.id)!
      return {
        anybody: anybody ? all : undefined,
        wires: wires.filter((each) => isWanted(targets(start, from, each))),
      }
    })
  }
  const every = guessed(() => true)
  const excused = new Set([...violations(start), ...mayFindEmpty(start, roots(start), every)].map(violationKey))
  const worlds = (['old', 'new'] as const).map((release) => worldOf(start, release, every, guessed))
  return (scene) => {
    const begun = roots(scene)
    return [
      ...mayFindEmpty(scene, begun, every).filter((each) => !excused.has(violationKey(each))),
      ...worlds.flatMap(({ of, guessing }) => mayMix(scene, begun.filter(of), guessing)),
    ]
  }
}

/** The calls that each revision of a group may make, by its ID. */
const callsIn = madeOnce((group: Group) =>
  forEither((doubtful) => {
    const all = group.members.flatMap(({ revisions }) => revisions)
    return new Map(all.map((each) => [each.id, mayCall(group, each, doubtful)]))
  }),
)

/** Makes something once with doubtful calls, and once without. */
function forEither<Made>(make: (doubtful: boolean) => Made): (doubtful: boolean) => Made {
  const known = new Map<boolean, Made>()
  return (doubtful) => {
    if (!known.has(doubtful)) known.set(doubtful, make(doubtful))
    return known.get(doubtful) as Made
  }
}

/** Whom revisions may call, of the calls that are wanted for whom they end on. */
type Guessed = (isWanted: (to: readonly Revision[]) => boolean) => Guessing

/** The greatest world in which requests meet nothing but one release and what works with it. */
function worldOf(start: Scene, release: Exclude<Release, 'either'>, every: Guessing, guessed: Guessed) {
  const isStrange = (revision: Revision) => {
    const its = start.releases.of.get(revision.id)
    return its !== release && its !== 'either'
  }
  const all = start.group.members.flatMap(({ revisions }) => revisions)
  const leadingOut = callersOf(all.filter(isStrange), new Map(all.map((each) => [each, targetsOf(start, each)])))
  const within = guessed((to) => !to.some((each) => leadingOut.has(each)))
  // Whose requests come to the same revisions at first, is of the same world.
  const bounds: { readonly to: ReadonlySet<RevisionId>; readonly guessing: Guessing }[] = []
  const bindings = new Map<RevisionId, Guessing>()
  const of = (root: Revision) => !isStrange(root)
  for (const root of roots(start).filter(of)) {
    const to = new Set(visitsFrom(start, [root], within).keys())
    const known = bounds.find((each) => each.to.size === to.size && each.to.isSupersetOf(to))
    const bound = known ?? { to, guessing: (from: Revision) => (to.has(from.id) ? within(from) : every(from)) }
    if (known === undefined) bounds.push(bound)
    bindings.set(root.id, bound.guessing)
  }
  return { of, guessing: (root: Revision) => bindings.get(root.id) ?? every }
}
