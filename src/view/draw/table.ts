import { printable } from '../../text/printable.ts'
import type { Cell, Paint } from './theme.ts'
import { truncate, truncateMiddle, widthOf } from './width.ts'

/**
 * One column. On a narrow screen those that cannot shrink leave first, then the others shrink, and at last leave, in
 * the order of `keep`.
 */
export interface Column {
  readonly title: string
  readonly keep: number
  /** It is still of use in so few columns. */
  readonly shrinksTo?: number
  /** On a screen it is never narrower where there is room, so that those behind it stay where they are. */
  readonly least?: number
  /** Narrower screens never have it, so that it does not come and go with the words of the others. */
  readonly from?: number
  /** It shrinks before all others. */
  readonly yields?: boolean
  /** What it names differs at the end: where it is cut, the middle goes. */
  readonly names?: boolean
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
  const natural = columns.map((column, index) => {
    const texts = rows.map((row) => printable(row[index]?.text ?? ''))
    return naturalWidth(column, headers ? [column.title, ...texts] : texts, width)
  })
  const widths = width === undefined ? natural : squeeze(columns, natural, width)
  const levels = widths.map((room, index) => Math.max(0, ...rows.map((row) => levelOf(row[index], room))))
  const shown = columns.flatMap((_, index) => (widths[index]! > 0 ? [index] : []))
  const titles = columns.map((each): Cell => ({ text: each.title }))
  const cells = (headers ? [titles, ...rows] : rows).map((row) =>
    shown.map((index) => ({
      ...row[index]!,
      text: fitted(row[index]!, levels[index]!, widths[index]!, columns[index]!),
    })),
  )
  const drawn = layout(
    shown.map((index) => widths[index]!),
    cells.map((row) => row.map((cell) => widthOf(cell.text))),
  )
  return filled(drawn, cells.flat(), paint)
}

/** Columns of the screen that a column takes where there is room; 0 on one that is too narrow to have it. */
function naturalWidth({ least = 0, from = 0 }: Column, texts: readonly string[], screen: number | undefined): number {
  if (screen === undefined) return Math.max(0, ...texts.map(widthOf))
  return screen < from ? 0 : Math.max(least, ...texts.map(widthOf))
}

/** The lines that were laid out, with the painted cells in the place of their x's. */
function filled(lines: readonly string[], cells: readonly Cell[], paint: Paint): string[] {
  const painted = cells
    .filter((cell) => widthOf(cell.text) > 0)
    .map(paint)
    .values()
  return lines.map((line) => line.replaceAll(/x+/g, () => painted.next().value!).trimEnd())
}

/** How far a cell must be shortened; all of a column are shortened alike. */
function levelOf(cell: Cell | undefined, room: number): number {
  const forms = formsOf(cell)
  return Math.max(
    0,
    forms.length < 2 ? 0 : forms.findIndex((each, index) => widthOf(each) <= room || index === forms.length - 1),
  )
}

/** A cell's text, and what is ever shorter. */
function formsOf(cell: Cell | undefined): string[] {
  return [cell?.text ?? '', ...(cell?.shorter ?? [])].map(printable)
}

function fitted(cell: Cell, level: number, room: number, { names = false }: Column): string {
  const forms = formsOf(cell)
  return (names ? truncateMiddle : truncate)(forms[Math.min(level, forms.length - 1)]!, room)
}

/** Widths that fit the screen; 0 is left out. */
function squeeze(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  const room = () => width - widths.reduce((sum, each) => sum + (each > 0 ? each + GAP : 0), -GAP)
  const byKeep = columns.map((column, index) => ({ ...column, index })).sort((a, b) => a.keep - b.keep)
  const shrinkable = byKeep.filter((each) => each.shrinksTo !== undefined)
  for (const { index } of byKeep.filter((each) => each.shrinksTo === undefined)) if (room() < 0) widths[index] = 0
  for (const { index, shrinksTo = 0 } of shrinkable.toSorted((a, b) => Number(b.yields ?? 0) - Number(a.yields ?? 0)))
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
