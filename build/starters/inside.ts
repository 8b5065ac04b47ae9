import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where it is said which modules each script holds: JSON, `Inside`. */
export const SCRIPTS = 'scripts.json'

export interface Inside {
  /** Names a build: it is another for other scripts. */
  readonly build: string
  /** The names of the modules in each script. */
  readonly scripts: Readonly<Record<string, readonly string[]>>
}

/** What is said beside the bundle of its scripts. @throws Error where it is not built */
export function insideOf(dist: string): Inside {
  return JSON.parse(readFileSync(join(dist, SCRIPTS), 'utf8')) as Inside
}
