import type { Used } from './measure.ts'
import { quantile } from './timing.ts'

/** What is compared: milliseconds by the clock, milliseconds of the processor, or memory. */
export type Measure = 'clock' | 'processor' | 'memory'

/** How many times as much one side took as the other, round by round: the middle, and the middle half. */
export interface Ratio {
  readonly of: Measure
  readonly middle: number
  readonly low: number
  readonly high: number
  /** At most so much is wanted. */
  readonly wanted: number | undefined
}

/** What is measured, in the order of the table's columns. */
export const PROGRAMS = {
  binary: 'released binary',
  fetched: 'its requests alone, on Bun',
  npm: 'npm package on Node',
  bare: 'its requests alone, on Node',
} as const

export type Program = keyof typeof PROGRAMS

/** A row of the README's table. */
export interface Row {
  readonly what: string
  readonly beside: string
  readonly by: Readonly<Partial<Record<Program, readonly Ratio[]>>>
}

const FIELD = { clock: 'wall', processor: 'cpu', memory: 'memory' } as const

/** Compares what two commands used in the same rounds, in each of the measures that are wanted. */
export function compared(one: Used, other: Used, wanted: Partial<Record<Measure, number | undefined>>): Ratio[] {
  return (Object.keys(wanted) as Measure[]).map((of) => {
    const field = FIELD[of]
    return ratio(
      of,
      one[field].map((each, round) => each / other[field][round]!),
      wanted[of],
    )
  })
}

export function ratio(of: Measure, values: readonly number[], wanted?: number): Ratio {
  return { of, wanted, middle: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) }
}

/** The lines of the README's table. */
export function comparedTable(rows: readonly Row[], busy: string, rounds: number): string[] {
  return [
    `\`make bench\`, one run of ${rounds} rounds in turns ${busy}. How many times as much as what it stands beside, by the` +
      ' clock, of the processor, or of memory: the median, and the middle half of the rounds in brackets.',
    '',
    `| what | beside | ${Object.values(PROGRAMS).join(' | ')} |`,
    `|---|---|${'---|'.repeat(ALL.length)}`,
    ...rows.map(
      ({ what, beside, by }) => `| ${what} | ${beside} | ${ALL.map((each) => cell(by[each] ?? [])).join(' | ')} |`,
    ),
  ]
}

const ALL = Object.keys(PROGRAMS) as Program[]

function cell(ratios: readonly Ratio[]): string {
  return ratios.map(({ of, middle, low, high }) => `${of} ${two(middle)} (${two(low)}–${two(high)})`).join(', ')
}

/** A line for each that took more than is wanted. */
export function missed(rows: readonly Row[]): string[] {
  return rows.flatMap(({ what, by }) =>
    ALL.flatMap((each) =>
      (by[each] ?? [])
        .filter(({ middle, wanted }) => wanted !== undefined && middle > wanted)
        .map(
          ({ of, middle, wanted }) => `✖ ${what}, ${PROGRAMS[each]}: ${of} ${two(middle)}, wanted at most ${wanted}`,
        ),
    ),
  )
}

function two(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0)
}
