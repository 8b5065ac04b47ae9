/** The word of a list that was probably meant: at most a third of its letters differ; undefined where none is near. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const near = words.map((word) => ({ word, distance: distance(typed, word) })).sort((a, b) => a.distance - b.distance)[0]
  return near !== undefined && near.distance <= Math.max(1, Math.floor(near.word.length / 3)) ? near.word : undefined
}

/** `; did you mean X?`, or nothing. */
export function didYouMean(typed: string, words: readonly string[]): string {
  const word = nearest(typed, words)
  return word === undefined ? '' : `; did you mean ${word}?`
}

/** Levenshtein distance: letters put in, left out, or changed. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1]
    for (let at = 1; at <= to.length; at++) next[at] = Math.min(row[at]! + 1, next[at - 1]! + 1, row[at - 1]! + (letter === to[at - 1] ? 0 : 1))
    row = next
  }
  return row[to.length]!
}
