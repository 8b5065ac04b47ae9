import type { Drawing } from '../draw/drawing.ts'
import { windowOf } from './layout.ts'

/** Two columns of the width are the marks: what is selected, and what has just changed. */
export function inner(drawing: Drawing): Drawing {
  return { ...drawing, width: drawing.width && Math.max(1, drawing.width - 2) }
}

/** @param more where a list goes on beyond this row, which is the first or the last in sight */
export function mark({ paint }: Drawing, selected: boolean, changed: boolean, more = ' '): string {
  const beside = changed ? paint({ text: '*', tone: 'wait' }) : paint({ text: more, tone: 'dim' })
  return paint({ text: selected ? '▸' : ' ', tone: 'strong' }) + beside
}

/** The rows of a list that are in sight, and where it goes on beyond each. */
export function inSight<Row>(
  rows: readonly Row[],
  height: number,
  selected: number,
): readonly { readonly row: Row; readonly more: string }[] {
  const { start, end } = windowOf(rows.length, height, selected)
  return rows.slice(start, end).map((row, index) => {
    const [above, below] = [index === 0 && start > 0, start + index === end - 1 && end < rows.length]
    return { row, more: above && below ? '↕' : above ? '↑' : below ? '↓' : ' ' }
  })
}

export function inGutter(lines: readonly string[], marks: readonly string[]): string[] {
  return lines.map((line, index) => (marks[index] ?? '  ') + line)
}
