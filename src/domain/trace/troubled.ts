import type { Revision, RevisionId } from '../group/member.ts'
import { mixing } from './mixing.ts'
import { applies, type Calls, mayBeEmpty, type Scene, targetsOf } from './requests.ts'

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
  const calls = new Map<Revision, (readonly Revision[])[]>()
  const emptied: Revision[] = []
  for (const from of reached) {
    const made = targetsOf(scene, from)
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
export function callersOf(found: readonly Revision[], calls: Calls): ReadonlySet<Revision> {
  const known = new Set(found)
  if (found.length === 0) return known
  const callers = new Map<Revision, Revision[]>()
  for (const [from, made] of calls)
    for (const to of made.flat()) {
      const known = callers.get(to)
      if (known === undefined) callers.set(to, [from])
      else known.push(from)
    }
  for (const each of known) for (const caller of callers.get(each) ?? []) known.add(caller)
  return known
}
