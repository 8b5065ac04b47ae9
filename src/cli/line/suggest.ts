/**
 * The word of a list that was probably meant, in whichever case: at most a third of its letters differ, or it goes on
 * where the typed one ends; undefined where none is near.
 */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const bare = (word: string) => word.replace(/^-+/, '').toLowerCase()
  const near = words
    .map((word) => ({ word, distance: distance(bare(typed), bare(word)) }))
    .sort((a, b) => a.distance - b.distance)[0]
  if (near !== undefined && near.distance <= Math.max(1, Math.floor(bare(near.word).length / 3))) return near.word
  return bare(typed).length < 3 ? undefined : words.find((word) => bare(word).startsWith(bare(typed)))
}

/** `; did you mean X?`, or nothing. */
export function didYouMean(typed: string, words: readonly string[]): string {
  const word = nearest(typed, words)
  return word === undefined ? '' : `; did you mean ${word}?`
}

/** Letters put in, left out, changed, or in each other's place (optimal string alignment). */
function distance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)]
  for (let line = 1; line <= from.length; line++) {
    const row = [line]
    for (let at = 1; at <= to.length; at++) {
      const [above, before] = [rows[line - 1]!, rows[line - 2]]
      const swapped =
        before !== undefined && at > 1 && from[line - 1] === to[at - 2] && from[line - 2] === to[at - 1]
          ? before[at - 2]! + 1
          : Infinity
      row.push(
        Math.min(above[at]! + 1, row[at - 1]! + 1, above[at - 1]! + (from[line - 1] === to[at - 1] ? 0 : 1), swapped),
      )
    }
    rows.push(row)
  }
  return rows[from.length]![to.length]!
}
