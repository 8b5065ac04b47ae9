import { isWaiting } from '../checks/context.ts'
import { listed } from '../checks/say.ts'
import { labelOf } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { RELEASE } from '../objects/labels.ts'

/** What a release is called: by the label of the revisions that wait, or else by their version. */
export function releaseName({ members }: Group): string {
  const names = members.filter(isWaiting).map(({ next }) => labelOf(next!) ?? next!.version.text)
  return [...new Set(names)].sort().join('+')
}

/**
 * Whether a release has Services of its own here: members call each other by such, or what waits is labelled to be
 * called so. As its files are, the same release applied again would be another one.
 */
export function isPinned({ members, services }: Group): boolean {
  return members.some(
    ({ live, next }) =>
      (next !== undefined && labelOf(next) !== undefined) ||
      [live, next].some((each) => each?.wires.some(({ service }) => services.get(service)?.base.has(RELEASE))),
  )
}

/** What users are on: `1.0`, or `1.0 and 7`. */
export function liveVersions({ members }: Group): string {
  return listed([...new Set(members.flatMap((each) => each.live?.version.text ?? []))])
}
