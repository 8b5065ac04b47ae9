import Table from 'cli-table3'
import { printable } from '../domain/printable.ts'
import type { Cell, Paint } from './theme.ts'
import { truncate, widthOf } from './width.ts'

/** One column. On a narrow screen those that cannot shrink leave first, then the others shrink, in the order of `keep`. */
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
}

const GAP = 3
const NO_LINES = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'].map((name) => [name, '']))

/** A table as kubectl draws it: upper-case titles, three spaces, no lines; no line of it is wider than the screen. */
export function drawTable(columns: readonly Column[], rows: readonly (readonly Cell[])[], { width, paint, headers = true }: TableOptions): string[] {
  const natural = columns.map((column, index) => Math.max(headers ? widthOf(column.title) : 0, ...rows.map((row) => widthOf(printable(row[index]?.text ?? '')))))
  const widths = width === undefined ? natural : squeeze(columns, natural, width)
  const shown = columns.flatMap((_, index) => (widths[index]! > 0 ? [index] : []))
  const table = new Table({
    chars: { ...NO_LINES, middle: ' '.repeat(GAP) }, style: { 'head': [], 'border': [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: shown.map((index) => widths[index]!),
  })
  const draw = (row: readonly Cell[]) => shown.map((index) => paint({ ...row[index]!, text: truncate(printable(row[index]?.text ?? ''), widths[index]!) }))
  if (headers) table.push(draw(columns.map((each) => ({ text: each.title }))))
  table.push(...rows.map(draw))
  return table.length === 0 ? [] : table.toString().split('\n').map((line) => line.trimEnd())
}

/** Widths that fit the screen; 0 is left out. */
function squeeze(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  const excess = () => widths.reduce((sum, each) => sum + (each > 0 ? each + GAP : 0), -GAP) - width
  const byKeep = columns.map((column, index) => ({ ...column, index })).sort((a, b) => a.keep - b.keep)
  const shrinkable = byKeep.filter((each) => each.shrinksTo !== undefined)
  const rigid = byKeep.filter((each) => each.shrinksTo === undefined)
  for (const { index } of rigid) if (excess() > 0) widths[index] = 0
  // A wide one that left may have made room for a narrow one that left before it.
  for (const { index } of rigid.reverse()) if (widths[index] === 0 && excess() + natural[index]! + GAP <= 0) widths[index] = natural[index]!
  for (const { index, shrinksTo = 0 } of shrinkable) widths[index] = Math.max(Math.min(shrinksTo, natural[index]!), widths[index]! - Math.max(0, excess()))
  for (const { index } of shrinkable.slice(0, -1)) if (excess() > 0) widths[index] = 0
  const last = byKeep.at(-1)!.index
  widths[last] = Math.max(1, Math.min(natural[last]!, widths[last]! - excess()))
  return widths
}
