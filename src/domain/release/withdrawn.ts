import type { Group } from '../group/read-group.ts'
import { SCALE_DOWN_DEADLINE, WITHDRAWN } from '../objects/labels.ts'
import type { VouchingWrite } from './vouched.ts'

/**
 * The writes that keep which revisions no user has come to, aborted ones and superseded ones, before others come to
 * users: afterwards their pods look like such as users have just left.
 */
export function withdrawnWrites({ members, services }: Group): readonly VouchingWrite[] {
  return members.flatMap(({ live, next, revisions, status, strategy }) => {
    const active = strategy.kind === 'BlueGreen' ? services.get(strategy.activeService)?.hash : undefined
    if (live === undefined || active !== status.stableRS) return []
    const aborted = next !== undefined && status.abort ? [next] : []
    const superseded = revisions.filter((each) => each.role === 'old' && each.pods > 0 && each.revision > live.revision)
    return [...aborted, ...superseded].flatMap(({ name, annotations }): VouchingWrite[] => {
      const deadline = annotations.get(SCALE_DOWN_DEADLINE)
      if (deadline === undefined || annotations.get(WITHDRAWN) === deadline) return []
      const path = `/metadata/annotations/${WITHDRAWN.replaceAll('/', '~1')}`
      return [{ replicaSet: name, operations: [{ op: 'add', path, value: deadline }] }]
    })
  })
}
