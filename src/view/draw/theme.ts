import { printable } from '../../text/printable.ts'

/** What a piece of text means; how that looks is this file's affair alone. */
export type Tone = 'good' | 'bad' | 'warn' | 'wait' | 'dim' | 'strong'

/** A piece of text with its meaning. */
export interface Cell {
  readonly text: string
  /** What stands for it in a table that has no room for it, the longest first. */
  readonly shorter?: readonly string[]
  readonly tone?: Tone | undefined
}

/** The sign that stands beside each word of state, so that nothing is told by colour alone. */
export const SIGNS = { good: '✔', bad: '✖', warn: '⚠', paused: '॥', wait: '◌', note: '·', unknown: '?' } as const

/**
 * Select Graphic Rendition codes of the 16-colour set, each with the one that ends it: the form that Ink writes, which
 * takes any other apart a second time.
 */
const CODES: Record<Tone, readonly [begin: string, end: string]> = {
  good: ['32', '39'],
  bad: ['31', '39'],
  warn: ['33', '39'],
  wait: ['36', '39'],
  dim: ['2', '22'],
  strong: ['1', '22'],
}

/** Draws a cell; text of a server goes through here, so that no terminal acts on it. */
export type Paint = (cell: Cell) => string

export function painter(colour: boolean): Paint {
  return ({ text, tone }) => {
    if (!colour || tone === undefined || text === '') return printable(text)
    const [begin, end] = CODES[tone]
    return `\u001b[${begin}m${printable(text)}\u001b[${end}m`
  }
}

/**
 * What `--color auto` decides on, as kubectl does: a terminal, not a dumb one, NO_COLOR not set, not even to the empty
 * string.
 */
export function wantsColour(
  choice: 'auto' | 'always' | 'never',
  isTTY: boolean,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (choice !== 'auto') return choice === 'always'
  return isTTY && env.NO_COLOR === undefined && env.TERM !== 'dumb'
}
