import { isWaiting } from '../checks/context.ts'
import type { Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { RELEASE } from '../objects/labels.ts'

/** What a release is called: by the label of the revisions that wait, or else by their version. */
export function releaseName({ members }: Group): string {
  const names = members.filter(isWaiting).map(({ next }) => labelOf(next!) ?? next!.version.text)
  return [...new Set(names)].sort().join('+')
}

/** The release that a revision belongs to, by its label. */
export function labelOf({ template }: Revision): string | undefined {
  return template.labels.get(RELEASE)
}

/** Whether members call each other by Services of a release, or are about to. */
export function isPinned({ members, services }: Group): boolean {
  return members.some((member) =>
    [member.live, member.next].some((revision) =>
      revision?.wires.some(({ service }) => services.get(service)?.base.has(RELEASE)),
    ),
  )
}
