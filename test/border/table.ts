import { ANSWERS, CONFIGURATIONS, PROXIES, TRUST } from './connections.ts'
import { CREDENTIALS } from './credentials.ts'
import { PLUGINS } from './plugins.ts'
import type { Row } from './row.ts'

/** Everything that is held at the border, by what it is about. */
export const TABLE: ReadonlyMap<string, readonly Row[]> = new Map([
  ['Configuration', CONFIGURATIONS],
  ['Credentials', CREDENTIALS],
  ['Credential plugins', PLUGINS],
  ['Trust', TRUST],
  ['Proxies', PROXIES],
  ['Answers', ANSWERS],
])

/** A row by its section and its case. */
export function rows(): readonly (readonly [title: string, row: Row])[] {
  return [...TABLE].flatMap(([section, of]) => of.map((row) => [`${section}: ${row.case}`, row] as const))
}
