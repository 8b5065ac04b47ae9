import type { Revision, Wire } from '../group/member.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { type Anybody, Fresh, type Guessing, mayGuess } from './guess.ts'
import { mixing } from './mixing.ts'
import { applies, type Hop, mayBeEmpty, type Scene, targetsOf, type Visit, visitsFrom, wayTo } from './requests.ts'
import { emptied, mixed, type Violation, witness } from './violations.ts'

/** Requests from these roots that may come to an empty Service if a revision makes a call that it may make. */
export function mayFindEmpty(scene: Scene, roots: readonly Revision[], guessing: Guessing): Violation[] {
  const empty = madeOnce((anybody: Anybody) => anybody.wires.filter(({ service }) => mayBeEmpty(scene, service)))
  return roots.flatMap((root) => {
    const seen = new Set<string>()
    const fresh = new Fresh(empty)
    return [...visitsFrom(scene, [root], guessing).values()].flatMap((visit) => {
      const from = visit.hop.revision
      const strikes = (wire: Wire, more: readonly Revision[]): Violation[] => {
        if (seen.has(wire.service) || !applies(scene, from, wire) || !mayBeEmpty(scene, wire.service)) return []
        seen.add(wire.service)
        const path = wayTo(visit)
        const guessed = [...new Set([...guessers(path), ...more])]
        return guessed.length === 0 ? [] : [{ ...emptied(scene, root, path, wire.service), guessed }]
      }
      return [
        ...from.wires.flatMap((wire) => strikes(wire, [])),
        ...fresh.of(guessing(from), from).flatMap((wire) => strikes(wire, [from])),
      ]
    })
  })
}

/**
 * Requests that meet both releases only if a revision makes a call that it may make.
 * @param guessing whom revisions may call in requests from a root: the same function for roots of one world
 */
export function mayMix(scene: Scene, roots: readonly Revision[], guessing: (root: Revision) => Guessing): Violation[] {
  const found = new Set(
    [...Map.groupBy(roots, guessing)].flatMap(([guess, begun]) => {
      const reached = [...visitsFrom(scene, begun, guess).values()].map(({ hop }) => hop.revision)
      const calls = new Map(reached.map((each) => [each, targetsOf(scene, each)]))
      const sure = mixing(scene, reached, calls)
      const may = mixing(scene, reached, calls, guess)
      return begun.filter((each) => may.has(each) && !sure.has(each))
    }),
  )
  return roots.filter((each) => found.has(each)).map((root) => mixedByGuess(scene, root, guessing(root)))
}

function mixedByGuess(scene: Scene, root: Revision, guessing: Guessing): Violation {
  const visits = [...visitsFrom(scene, [root], guessing).values()]
  const ways = guessedWitness(scene, visits)
  const guessed = [...new Set([ways.path, ways.other ?? []].flatMap(guessers))]
  // One that is called for certain, too, has no way by which it is guessed.
  const all = () => visits.map(({ hop }) => hop.revision).filter((each) => mayGuess(guessing(each), each))
  return { ...mixed(root, ways), guessed: guessed.length > 0 ? guessed : all() }
}

/** By a way on which a guessed call is made, as far as there is one. */
function guessedWitness(scene: Scene, visits: readonly Visit[]): Pick<Violation, 'path' | 'other'> {
  const guessed = new Set<Visit>()
  // Whoever was before stands before.
  for (const visit of visits)
    if (visit.hop.guessed === true || (visit.before !== undefined && guessed.has(visit.before))) guessed.add(visit)
  return witness(scene, [...visits.filter((each) => guessed.has(each)), ...visits])
}

/** Who makes the calls of a way of which nobody knows. */
function guessers(way: readonly Hop[]): Revision[] {
  return [...new Set(way.flatMap((hop, index) => (hop.guessed === true ? [way[index - 1]!.revision] : [])))]
}
