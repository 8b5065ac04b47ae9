import type { CheckContext } from '../checks/context.ts'
import type { Revision } from '../group/member.ts'
import { type PastRelease, pastReleases } from '../group/past-releases.ts'
import { promotedIn } from './promoted.ts'

/**
 * What members that were promoted had before, in the release that users of the others are on, those included that are
 * on their way back already; undefined where nothing tells.
 */
export function hadBefore(
  context: CheckContext,
): { readonly release: PastRelease; readonly revisions: readonly Revision[] } | undefined {
  const { releases, changing, group } = context
  const moved = new Set([...releases.back, ...promotedIn(context).map(({ name }) => name)])
  const stays = new Set(changing.flatMap(({ name, live }) => (moved.has(name) ? [] : (live?.id ?? []))))
  const release = pastReleases(group).find(({ revisions }) => revisions.some((each) => stays.has(each.id)))
  const revisions = release?.revisions.filter((each) => moved.has(each.member) && each.role !== 'live') ?? []
  return release === undefined || revisions.length < moved.size ? undefined : { release, revisions }
}
