import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A fenced block of a document. */
export interface Fence {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  readonly language: string
  readonly text: string
  /** The scenario of the simulated cluster it is about: `<!-- demo: NAME -->` before it. */
  readonly scenario: string
}

/** Everything a user reads: the pages at the top, and docs. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...pagesIn('docs'),
]

function pagesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((each) => each.endsWith('.md'))
    .map((each) => join(folder, each))
    .sort()
}

/** The fenced blocks of a page, in order. */
export function fencesOf(file: string): Fence[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:<!-- demo: ([\w-]+) -->\n)?^```(\w*)\n([^]*?)^```$/gm)].map(
    ([, scenario = 'legacy', language = '', body = ''], index, all) => ({
      file,
      language,
      text: body,
      scenario,
      line: text.slice(0, (all[index] as RegExpMatchArray).index).split('\n').length,
    }),
  )
}
