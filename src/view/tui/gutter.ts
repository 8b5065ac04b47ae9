import type { Drawing } from '../draw/drawing.ts'

/** Two columns of the width are the marks: what is selected, and what has just changed. */
export function inner(drawing: Drawing): Drawing {
  return { ...drawing, width: drawing.width && Math.max(1, drawing.width - 2) }
}

export function mark({ paint }: Drawing, selected: boolean, changed: boolean): string {
  return paint({ text: selected ? '▸' : ' ', tone: 'strong' }) + (changed ? paint({ text: '*', tone: 'wait' }) : ' ')
}

export function inGutter(lines: readonly string[], marks: readonly string[]): string[] {
  return lines.map((line, index) => (marks[index] ?? '  ') + line)
}
