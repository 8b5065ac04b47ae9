import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import type { Cell } from '../draw/theme.ts'
import { wrap } from '../draw/width.ts'

/** Columns of a label. */
export const LABEL = 10

/** Cells beside a label, a line each or more. */
export function labelled(label: string, cells: readonly Cell[], { width = Infinity, paint }: Drawing): string[] {
  return besides(
    label,
    cells.flatMap(({ text, tone }) =>
      wrap(printable(text), Math.max(1, width - LABEL)).map((line) => paint({ text: line, tone })),
    ),
    paint,
  )
}

/** Lines with a label beside the first. */
export function besides(label: string, lines: readonly string[], paint: Drawing['paint']): string[] {
  const first = paint({ text: label, tone: 'strong' }) + ' '.repeat(LABEL - label.length)
  return lines.map((line, index) => (index === 0 ? first : ' '.repeat(LABEL)) + line)
}
