import Table from 'cli-table3'
import { GAP, type Layout } from './table.ts'

const SIDES = ['top', 'bottom', 'left', 'right', 'mid']
const ENDS = ['', '-mid', '-left', '-right']
const NO_LINES = Object.fromEntries(SIDES.flatMap((side) => ENDS.map((end) => [`${side}${end}`, ''])))

/** The layout of cli-table3, for tables that are as wide as they are; it takes its time to load. */
export const grid: Layout = (widths, cells) => {
  if (cells.length === 0) return []
  const table = new Table({
    chars: { ...NO_LINES, middle: ' '.repeat(GAP) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: [...widths],
  })
  // An x for each column: its own idea of how wide a character is would be another.
  table.push(...cells.map((row) => row.map((width) => 'x'.repeat(width))))
  return table.toString().split('\n')
}
