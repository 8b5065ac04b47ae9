import type { Revision, RevisionId } from '../group/member.ts'
import type { Release } from './releases.ts'
import { applies, mayBeEmpty, type Scene, targets } from './requests.ts'

/** The roots whose requests may go wrong, by how. */
export interface Troubled {
  readonly mixed: ReadonlySet<RevisionId>
  readonly dead: ReadonlySet<RevisionId>
}

/**
 * Which requests that are certain go wrong: each revision is looked at once, however many requests come by it. On which
 * way they do is a question to those few that do.
 */
export function troubled(scene: Scene, roots: readonly Revision[]): Troubled {
  const reached = [...roots]
  const seen = new Set(reached)
  const calls = new Map<Revision, readonly (readonly Revision[])[]>()
  const emptied: Revision[] = []
  for (const from of reached) {
    const made = from.wires.map((wire) => targets(scene, from, wire))
    calls.set(from, made)
    for (const choices of made)
      for (const to of choices)
        if (!seen.has(to)) {
          seen.add(to)
          reached.push(to)
        }
    if (from.wires.some((wire) => applies(scene, from, wire) && mayBeEmpty(scene, wire.service))) emptied.push(from)
  }
  const mixed = mixing(scene, reached, calls)
  const dead = callersOf(emptied, calls)
  const ids = (found: ReadonlySet<Revision>) => new Set(roots.filter((each) => found.has(each)).map((each) => each.id))
  return { mixed: ids(mixed), dead: ids(dead) }
}

/** Revisions from which one can come to these, themselves included. */
function callersOf(found: readonly Revision[], calls: ReadonlyMap<Revision, readonly (readonly Revision[])[]>) {
  const known = new Set(found)
  if (found.length === 0) return known
  const callers = new Map<Revision, Revision[]>()
  for (const [from, made] of calls) for (const to of made.flat()) callers.set(to, [...(callers.get(to) ?? []), from])
  for (const each of known) for (const caller of callers.get(each) ?? []) known.add(caller)
  return known
}

/**
 * A call goes to one of the revisions that it may end on; the calls of one request choose independently. So what a
 * request from a revision can meet is a set of sets of releases, one for each choice: here a bit for each set.
 */
function mixing(
  { releases }: Scene,
  reached: readonly Revision[],
  calls: ReadonlyMap<Revision, readonly (readonly Revision[])[]>,
): ReadonlySet<Revision> {
  const own = new Map(reached.map((each) => [each, OWN[releases.of.get(each.id) ?? 'either']]))
  const met = new Map(own)
  const meets = (from: Revision): number =>
    calls.get(from)!.reduce((sets, to) => {
      const choices = to.reduce((all, each) => all | met.get(each)!, 0)
      return choices === 0 ? sets : joined(sets, choices)
    }, own.get(from)!)
  // Whoever is called comes later in the row, as a rule: from its end one round is enough.
  const upwards = reached.toReversed()
  for (let grown = true; grown; ) {
    grown = false
    for (const each of upwards) {
      const sets = met.get(each)! | meets(each)
      grown ||= sets !== met.get(each)
      met.set(each, sets)
    }
  }
  return new Set(reached.filter((each) => (met.get(each)! & BOTH) !== 0))
}

/** The set of what a revision is itself: of none, of the old or of the new release. */
const OWN: Record<Release, number> = { either: 0b0001, old: 0b0010, new: 0b0100 }

/** The set of both releases. */
const BOTH = 0b1000

/** Each set of the one with each of the other: the number of a set has a bit for either release. */
function joined(sets: number, others: number): number {
  let found = 0
  for (let one = 0; one < 4; one++)
    for (let other = 0; other < 4; other++)
      if ((sets & (1 << one)) !== 0 && (others & (1 << other)) !== 0) found |= 1 << (one | other)
  return found
}
