import { labelOf, type Member, type Revision } from './member.ts'
import { sameVersion } from './version.ts'

/**
 * Members on the first revision of theirs, which is of the release that waits of others: by its label, or where it has
 * none by the version that waits.
 */
export function newcomersTo(members: readonly Member[]): ReadonlySet<string> {
  const waiting = members.flatMap(({ live, next }) =>
    live === undefined || next === undefined ? [] : [{ live, next }],
  )
  const isOfIt = (only: Revision): boolean =>
    waiting.some(({ live, next }) =>
      labelOf(next) === undefined
        ? sameVersion(only.version, next.version) && !sameVersion(only.version, live.version)
        : labelOf(only) === labelOf(next),
    )
  const isNew = ({ revisions: [only, ...others] }: Member): boolean =>
    only !== undefined && others.length === 0 && only.revision <= 1 && isOfIt(only)
  return new Set(members.filter(isNew).map((each) => each.name))
}
