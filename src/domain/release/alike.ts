import { memberNamed } from '../group/member.ts'
import { type PastRelease, wholeOf } from '../group/past-releases.ts'
import type { Group } from '../group/read-group.ts'
import { differInWiringAlone } from '../group/settings-change.ts'
import { at, text } from '../objects/fields.ts'
import { SERVICE_OF } from '../objects/labels.ts'
import { liveService, namedServices } from '../objects/strategy.ts'

/** Whether users are on all that a release had, wired otherwise at most. */
export function isAlike(group: Group, release: PastRelease): boolean {
  const { namespace, configs } = group
  const addressed = { namespace, configs, owners: meant(group) }
  return wholeOf(release).every((each) => {
    const live = memberNamed(group.members, each.member)?.live
    return live !== undefined && (live.id === each.id || differInWiringAlone(each, live, addressed))
  })
}

/** What somebody meant by each Service of a member: what one of ours was made of, and of those by role the live one. */
function meant({ members, owners, snapshot }: Group): ReadonlyMap<string, readonly string[]> {
  const roles = new Map(
    members.flatMap(({ strategy }) => namedServices(strategy).map((each) => [each, liveService(strategy) ?? each])),
  )
  const origins = new Map(
    snapshot.services.map((each) => [
      text(at(each, 'metadata', 'name')),
      text(at(each, 'metadata', 'annotations', SERVICE_OF)),
    ]),
  )
  return new Map(
    [...owners.keys()].map((name) => {
      const origin = origins.get(name) ?? name
      return [name, [roles.get(origin) ?? origin]]
    }),
  )
}
