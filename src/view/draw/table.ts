import { printable } from '../../text/printable.ts'
import type { Cell, Paint } from './theme.ts'
import { truncate, widthOf } from './width.ts'

/**
 * One column. On a narrow screen those that cannot shrink leave first, then the others shrink, in the order of `keep`.
 */
export interface Column {
  readonly title: string
  readonly keep: number
  /** It is still of use in so few columns. */
  readonly shrinksTo?: number
}

export interface TableOptions {
  /** Columns of the screen; undefined: as wide as it takes. */
  readonly width: number | undefined
  readonly paint: Paint
  readonly headers?: boolean
  readonly layout?: Layout | undefined
}

/** Blanks between two columns, as kubectl has them. */
export const GAP = 3

/**
 * The lines of a table of so wide columns, an x for each column of a cell that is so wide.
 */
export type Layout = (widths: readonly number[], cells: readonly (readonly number[])[]) => readonly string[]

/** Each cell padded to its column: nothing to load, and enough for a table without lines. */
const padded: Layout = (widths, cells) =>
  cells.map((row) =>
    row.map((width, index) => 'x'.repeat(width) + ' '.repeat(widths[index]! - width)).join(' '.repeat(GAP)),
  )

/** A table as kubectl draws it: upper-case titles, three spaces, no lines; no line of it is wider than the screen. */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { width, paint, headers = true, layout = padded }: TableOptions,
): string[] {
  const natural = columns.map((column, index) =>
    Math.max(headers ? widthOf(column.title) : 0, ...rows.map((row) => widthOf(printable(row[index]?.text ?? '')))),
  )
  const widths = width === undefined ? natural : squeeze(columns, natural, width)
  const shown = columns.flatMap((_, index) => (widths[index]! > 0 ? [index] : []))
  const titles = columns.map((each): Cell => ({ text: each.title }))
  const cells = (headers ? [titles, ...rows] : rows).map((row) =>
    shown.map((index) => ({ ...row[index]!, text: truncate(printable(row[index]?.text ?? ''), widths[index]!) })),
  )
  const drawn = cells
    .flat()
    .filter((cell) => widthOf(cell.text) > 0)
    .map(paint)
    .values()
  return layout(
    shown.map((index) => widths[index]!),
    cells.map((row) => row.map((cell) => widthOf(cell.text))),
  ).map((line) => line.replaceAll(/x+/g, () => drawn.next().value!).trimEnd())
}

/** Widths that fit the screen; 0 is left out. */
function squeeze(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  const room = () => width - widths.reduce((sum, each) => sum + (each > 0 ? each + GAP : 0), -GAP)
  const byKeep = columns.map((column, index) => ({ ...column, index })).sort((a, b) => a.keep - b.keep)
  const shrinkable = byKeep.filter((each) => each.shrinksTo !== undefined)
  for (const { index } of byKeep.filter((each) => each.shrinksTo === undefined)) if (room() < 0) widths[index] = 0
  for (const { index, shrinksTo = 0 } of shrinkable)
    widths[index] = Math.max(Math.min(shrinksTo, natural[index]!), widths[index]! + Math.min(0, room()))
  for (const { index } of shrinkable.slice(0, -1)) if (room() < 0) widths[index] = 0
  const last = byKeep.at(-1)!.index
  widths[last] = Math.max(1, widths[last]! + Math.min(0, room()))
  // What left or shrank takes back what others, that left after it, gave up in vain.
  for (const { index, shrinksTo = Infinity } of byKeep.reverse()) {
    const spare = Math.max(0, room() - (widths[index] === 0 ? GAP : 0))
    if (widths[index]! > 0 || spare >= Math.min(shrinksTo, natural[index]!))
      widths[index] = Math.min(natural[index]!, widths[index]! + spare)
  }
  return widths
}
