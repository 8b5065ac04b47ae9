import type { Outcome } from './scene.ts'
import type { Row } from './row.ts'
import { rows } from './table.ts'

/** A process spends most of its time on its start: more at once only make each of them slower. */
const AT_ONCE = 4

/** Plays every row of the table. @returns what came of each, by its title */
export async function playAll(play: (row: Row) => Promise<Outcome>): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>()
  const waiting = [...rows()]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [title, row] = next
      outcomes.set(title, await play(row))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return outcomes
}
