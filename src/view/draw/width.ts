const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
/** The mark that turns a sign into an emoji makes it wide. */
const NONE = /^(?!\ufe0f)[\p{Mn}\p{Me}\p{Cf}]$/u
/** What most texts are made of, a column each: to learn it from Unicode's tables takes longer than to draw a table. */
const SINGLE = /^[ -~\u00b7\u0965\u2026\u2192\u2500-\u257f\u25b6\u25cc\u2714]*$/

/** Columns a terminal gives to a text without control sequences; where terminals differ, the most of them. */
export function widthOf(text: string): number {
  if (SINGLE.test(text)) return text.length
  let width = 0
  for (const character of text) width += NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return width
}

/** The text in so many columns: shortened with an ellipsis, or filled up with spaces. */
export function fit(text: string, columns: number): string {
  const cut = truncate(text, columns)
  return cut + ' '.repeat(Math.max(0, columns - widthOf(cut)))
}

/** The text in at most so many columns, its end given up for an ellipsis. */
export function truncate(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const character of text) {
    width += widthOf(character)
    if (width > columns - 1) break
    kept += character
  }
  return columns > 0 ? `${kept}…` : ''
}

/** The text in at most so many columns, its middle given up: names of one kind differ at their ends. */
export function truncateMiddle(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  const head = truncate(text, Math.max(1, Math.ceil(columns / 2)))
  const room = columns - widthOf(head)
  let tail = ''
  for (const character of [...text].reverse()) {
    if (widthOf(character) + widthOf(tail) > room) break
    tail = character + tail
  }
  return head + tail
}

/** The text in pieces of at most so many columns, but at least one character. */
export function chunks(text: string, columns: number): string[] {
  const pieces = ['']
  let width = 0
  for (const character of text) {
    width += widthOf(character)
    if (pieces.at(-1) === '' || width <= columns) pieces.splice(-1, 1, pieces.at(-1)! + character)
    else {
      pieces.push(character)
      width = widthOf(character)
    }
  }
  return pieces
}

/** The text in lines of at most so many columns, broken at spaces; a longer word is broken where it must be. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let width = 0
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    const longer = widthOf(word) + (last === undefined ? 0 : width + 1)
    if (longer <= columns) {
      lines.splice(Math.max(0, lines.length - 1), 1, last === undefined ? word : `${last} ${word}`)
      width = longer
    } else if (word !== '') {
      for (const piece of chunks(word, columns)) lines.push(piece)
      width = widthOf(lines.at(-1)!)
    }
  }
  return lines
}

/** A text in so many lines at most; what is left is cut where the last one ends. */
export function wrapAtMost(text: string, columns: number, most: number): string[] {
  const lines = wrap(text, columns)
  return lines.length <= most
    ? lines
    : [...lines.slice(0, most - 1), truncate(lines.slice(most - 1).join(' '), columns)]
}
