import { performance } from 'node:perf_hooks'

/** One side of a comparison. */
export interface Side {
  readonly name: string
  run(): Promise<void>
}

/** Milliseconds of one side over all rounds. */
export interface Timing {
  readonly name: string
  readonly median: number
  readonly p90: number
}

/**
 * Runs all sides in turn, round after round, so that whatever else the machine does strikes all of them alike; the
 * first round only warms up.
 */
export async function compare(sides: readonly Side[], rounds: number): Promise<Timing[]> {
  const times = sides.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, side] of sides.entries()) {
      const start = performance.now()
      await side.run()
      if (round > 0) times[index]!.push(performance.now() - start)
    }
  }
  return sides.map(({ name }, index) => ({
    name,
    median: quantile(times[index]!, 0.5),
    p90: quantile(times[index]!, 0.9),
  }))
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!
}
