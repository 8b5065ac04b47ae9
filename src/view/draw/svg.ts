import type { PictureCell } from './picture.ts'

/** Pixels of one cell. */
export const CELL = { width: 8.4, height: 19 } as const
const EDGE = 14
/** The 16 colours of a terminal that are used, on a dark ground that can be read on a light page, too. */
const COLOURS: Readonly<Record<number, string>> = { 1: '#ff7b72', 2: '#56d364', 3: '#e3b341', 6: '#76e3ea' }
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
const INK = '#e6edf3'
const GROUND = '#0d1117'

/** A screen as a picture: each character at the place of its cell, so that columns stay columns in any font. */
export function svgOf(screen: readonly (readonly PictureCell[])[]): string {
  const columns = Math.max(...screen.map((row) => row.length))
  return canvas(
    columns,
    screen.length,
    screen.flatMap((row, index) => rowOf(row, index)),
  )
}

/** The ground for so many cells, and what is drawn on it. */
export function canvas(
  columns: number,
  rows: number,
  drawn: readonly string[],
  before: readonly string[] = [],
): string {
  const [width, height] = [Math.round(columns * CELL.width + 2 * EDGE), rows * CELL.height + 2 * EDGE]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" role="img">`,
    ...before,
    `<rect width="${width}" height="${height}" rx="8" fill="${GROUND}"/>`,
    `<g font-family="${FONT}" font-size="14" fill="${INK}">`,
    ...drawn,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

/** A line of a screen, in this row. */
export function rowOf(row: readonly PictureCell[], index: number): string[] {
  return runsOf(row).map((run) => drawn(run, EDGE + (index + 0.75) * CELL.height))
}

interface Run {
  readonly column: number
  readonly cells: PictureCell[]
}

/** Pieces of a line that look alike, without the blanks between them. */
function runsOf(row: readonly PictureCell[]): Run[] {
  const runs: Run[] = []
  for (const [column, cell] of row.entries()) {
    if (cell.text.trim() === '') continue
    const last = runs.at(-1)
    if (last !== undefined && last.column + last.cells.length === column && lookOf(last.cells[0]!) === lookOf(cell))
      last.cells.push(cell)
    else runs.push({ column, cells: [cell] })
  }
  return runs
}

function lookOf({ colour, bold, dim }: PictureCell): string {
  const fill = colour === undefined ? '' : ` fill="${COLOURS[colour] ?? INK}"`
  return fill + (bold ? ' font-weight="bold"' : '') + (dim ? ' opacity="0.65"' : '')
}

function drawn({ column, cells }: Run, y: number): string {
  const x = cells.map((_, index) => (EDGE + (column + index) * CELL.width).toFixed(1)).join(' ')
  const text = cells.map((cell) => escaped(cell.text)).join('')
  return `<text y="${y.toFixed(1)}" x="${x}"${lookOf(cells[0]!)}>${text}</text>`
}

/** Few fonts have the double danda of a paused Rollout; all have its likeness. */
function escaped(text: string): string {
  return text.replaceAll('॥', '‖').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
