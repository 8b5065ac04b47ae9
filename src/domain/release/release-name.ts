import { isWaiting } from '../checks/context.ts'
import type { Group } from '../group/read-group.ts'
import { at, text } from '../objects/fields.ts'
import { RELEASE } from '../objects/labels.ts'

/** What a release is called: by the label of the revisions that wait, or else by their version. */
export function releaseName({ members }: Group): string {
  const revisions = members.filter(isWaiting).map((each) => each.next!)
  const labels = revisions.map(({ rawTemplate }) => text(at(rawTemplate, 'metadata', 'labels', RELEASE)))
  const names = new Set(labels.map((label, index) => label ?? revisions[index]!.version.text))
  return [...names].sort().join('+')
}
