import type { CheckContext } from '../checks/context.ts'
import type { Revision } from '../group/member.ts'
import { type PastRelease, pastReleases } from '../group/past-releases.ts'
import { promotedIn } from './way-back.ts'

/**
 * What members that were promoted had before, in the release that users of the others are on; undefined where nothing
 * tells.
 */
export function hadBefore(
  context: CheckContext,
): { readonly release: PastRelease; readonly revisions: readonly Revision[] } | undefined {
  const promoted = new Set(promotedIn(context).map(({ name }) => name))
  const stays = new Set(context.changing.flatMap(({ live }) => live?.id ?? []))
  const release = pastReleases(context.group).find(({ revisions }) => revisions.some((each) => stays.has(each.id)))
  const revisions = release?.revisions.filter((each) => promoted.has(each.member) && each.role !== 'live') ?? []
  return release === undefined || revisions.length < promoted.size ? undefined : { release, revisions }
}
