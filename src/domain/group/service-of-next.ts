import { RELEASE } from '../objects/labels.ts'
import { nextService } from '../objects/strategy.ts'
import type { Member } from './member.ts'
import type { Group } from './read-group.ts'

/**
 * The Service that leads to what waits of a member: its preview or canary one, or the one of the release; undefined
 * where none does, as for the entry of a pinned release.
 */
export function serviceOfNext(group: Pick<Group, 'owners' | 'services'>, member: Member): string | undefined {
  return nextService(member.strategy) ?? releaseService(group, member)
}

/** A Service that selects what waits of a member, by its release. */
function releaseService(
  { owners, services }: Pick<Group, 'owners' | 'services'>,
  { name, next }: Member,
): string | undefined {
  const release = next?.template.labels.get(RELEASE)
  return [...owners].find(
    ([service, of]) =>
      of.includes(name) && release !== undefined && services.get(service)?.base.get(RELEASE) === release,
  )?.[0]
}
