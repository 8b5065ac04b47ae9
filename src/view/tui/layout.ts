import { truncate, widthOf } from '../draw/width.ts'

/**
 * Divides lines among parts of a screen: what wants little gets it, the others share the rest alike.
 * @returns lines for each part, in order; their sum is at most `total`
 */
export function share(total: number, wants: readonly number[]): number[] {
  const given = wants.map(() => 0)
  let rest = Math.max(0, total)
  for (let open = wants.filter((each) => each > 0).length; open > 0 && rest > 0; ) {
    const fair = Math.max(1, Math.floor(rest / open))
    open = 0
    for (const [index, want] of wants.entries()) {
      const more = Math.min(fair, want - given[index]!, rest)
      given[index]! += more
      rest -= more
      if (given[index]! < want) open += 1
    }
  }
  return given
}

/** The window of `height` items, of `count`, in which the selected one stands. */
export function windowOf(
  count: number,
  height: number,
  selected: number,
): { readonly start: number; readonly end: number } {
  const start = Math.max(0, Math.min(selected - Math.floor(height / 2), count - height))
  return { start, end: Math.min(count, start + Math.max(0, height)) }
}

/** At most so many lines; the last one counts what is left out, and says what shows it. */
export function cut(lines: readonly string[], height: number, how = ''): readonly string[] {
  if (lines.length <= height) return lines
  return height <= 0 ? [] : [...lines.slice(0, height - 1), `… ${lines.length - height + 1} more lines${how}`]
}

/** Two blocks beside each other, the second from this column on. */
export function beside(left: readonly string[], right: readonly string[], column: number): string[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const [one = '', other = ''] = [left[index], right[index]]
    return other === '' ? one : one + ' '.repeat(Math.max(1, column - widthOf(bare(one)))) + other
  })
}

/** Lines through a window, how far they can be scrolled, and how many of them are in sight at once. */
export interface Scrolled {
  readonly lines: readonly string[]
  readonly deepest: number
  readonly sight: number
}

/** The lines from `scroll` on, as many as there is room for; never past the end. */
export function scrolled(lines: readonly string[], height: number, scroll: number): Scrolled {
  const deepest = Math.max(0, lines.length - height)
  return { lines: cut(lines.slice(Math.min(scroll, deepest)), height, ': PgDn'), deepest, sight: height }
}

/** Lines that are not scrolled. @param rows of a list, that are in sight */
export function still(lines: readonly string[], rows = lines.length): Scrolled {
  return { lines, deepest: 0, sight: rows }
}

/** Without the colours of our own painter. */
export function bare(text: string): string {
  return text.replace(/\u001b\[\d*m/g, '')
}

/** No wider than so many columns; a line that is loses its colours. */
export function within(line: string, columns: number): string {
  const plain = bare(line)
  return widthOf(plain) <= columns ? line : truncate(plain, columns)
}
