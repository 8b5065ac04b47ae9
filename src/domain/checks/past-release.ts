import type { Remedy } from '../findings/remedy.ts'
import { called, type Revision } from '../group/member.ts'
import { RELEASE } from '../objects/labels.ts'
import { type CheckContext, memberOf } from './context.ts'
import { ours } from './say.ts'

/**
 * What mends a next revision that came by a plain apply, where the live one has the addresses of its release: whoever
 * applied it has not asked for those of its own. Undefined where it is none.
 */
export function pastRelease(context: CheckContext, next: Revision): Remedy | undefined {
  const live = memberOf(context, next.member)?.live
  return live?.template.labels.has(RELEASE) === true && !next.template.labels.has(RELEASE)
    ? [
        `give the files that ${called(next)} was applied from to release, ` +
          'which writes addresses of its own into them: ',
        ours(context, 'release', '-f', 'FILE'),
      ]
    : undefined
}
