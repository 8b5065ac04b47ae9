import type { Revision, Wire } from '../group/member.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { type Anybody, type Guessing, ownOf } from './guess.ts'
import type { Release } from './releases.ts'
import { applies, behindNow, type Calls, type Scene } from './requests.ts'

/**
 * The revisions from which a request can meet both releases. A call goes to one of the revisions that it may end on;
 * the calls of one request choose independently. So what a request from a revision can meet is a set of sets of
 * releases, one for each choice: here a bit for each set.
 * @param reached all that the calls of these, and those that they may make, end on
 * @param guessing whom they may call beyond that; absent: nobody
 */
export function mixing(
  scene: Scene,
  reached: readonly Revision[],
  calls: Calls,
  guessing?: Guessing,
): ReadonlySet<Revision> {
  const met = new Map(reached.map((each) => [each, itself(scene, each)]))
  const choicesOf = (to: readonly Revision[]) => to.reduce((all, each) => all | (met.get(each) ?? 0), 0)
  const sure = (from: Revision) =>
    calls.get(from)!.reduce(
      (sets, to) => {
        const choices = choicesOf(to)
        return choices === 0 ? sets : joined(sets, choices)
      },
      itself(scene, from),
    )
  // Whoever is called comes later in the row, as a rule: from its end one round is enough.
  const upwards = reached.toReversed()
  for (let grown = true; grown; ) {
    grown = false
    const guessed = guessing && guessedBy(scene, guessing, choicesOf)
    for (const each of upwards) {
      const meets = sure(each)
      const sets = met.get(each)! | (guessed?.(each, meets) ?? meets)
      grown ||= sets !== met.get(each)
      met.set(each, sets)
    }
  }
  return new Set(reached.filter((each) => (met.get(each)! & BOTH) !== 0))
}

/**
 * What a request meets, too, if it makes calls that it may make or not. Of many that many revisions may make alike only
 * the number counts that offer the same choices: two of them come to whatever more could.
 */
function guessedBy(scene: Scene, guessing: Guessing, choicesOf: (to: readonly Revision[]) => number) {
  // Of each Service once: what is counted among all must be the same where it is taken away as one's own.
  const choicesBehind = madeOnce(choicesOf)
  const offered = (wires: readonly Wire[]) => {
    const counts = new Array<number>(16).fill(0)
    for (const { service } of wires) counts[choicesBehind(behindNow(scene, service))]!++
    return counts
  }
  const offeredBy = madeOnce(({ wires }: Anybody) => offered(wires))
  return (from: Revision, sets: number): number => {
    const { anybody, wires } = guessing(from)
    const more = wires.filter((each) => applies(scene, from, each))
    const counts = [offered(more), ...(anybody === undefined ? [] : [offeredBy(anybody)])]
    const own = anybody === undefined ? [] : offered(ownOf(anybody, from.member))
    let found = sets
    for (let choices = 1; choices < 16; choices++) {
      const times = counts.reduce((sum, each) => sum + each[choices]!, 0) - (own[choices] ?? 0)
      for (let time = 0; time < Math.min(times, 2); time++) found |= joined(found, choices)
    }
    return found
  }
}

function itself({ releases }: Scene, revision: Revision): number {
  return OWN[releases.of.get(revision.id) ?? 'either']
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
