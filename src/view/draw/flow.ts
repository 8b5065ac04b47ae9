import { printable } from '../../text/printable.ts'
import type { Cell, Paint } from './theme.ts'
import { widthOf, wrap } from './width.ts'

/** Lines with an empty one before them, where there are any. */
export function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines]
}

/** Words in lines of at most so many columns, the later ones indented; a longer word is broken. */
export function flow(words: readonly Cell[], gap: string, indent: string, width: number, paint: Paint): string[] {
  const lines: { text: string; drawn: string }[] = []
  const parts = words.flatMap(({ text, tone }) =>
    wrap(printable(text), width - indent.length).map((part): Cell => ({ text: part, tone })),
  )
  for (const word of parts) {
    const { text } = word
    const last = lines.at(-1)
    if (last === undefined) lines.push({ text, drawn: paint(word) })
    else if (widthOf(last.text + gap + text) <= width)
      lines.splice(-1, 1, { text: last.text + gap + text, drawn: last.drawn + gap + paint(word) })
    else lines.push({ text: indent + text, drawn: indent + paint(word) })
  }
  return lines.map((each) => each.drawn)
}
