import type { Group } from '../group/read-group.ts'
import { SCALE_DOWN_DEADLINE, WITHDRAWN } from '../objects/labels.ts'
import type { VouchingWrite } from './vouched.ts'

/**
 * The writes that keep which aborted revisions no user has come to, before others take their place: afterwards their
 * pods look like such as users have just left.
 */
export function withdrawnWrites({ members, services }: Group): readonly VouchingWrite[] {
  return members.flatMap(({ next, status, strategy }) => {
    const deadline = next?.annotations.get(SCALE_DOWN_DEADLINE)
    const active = strategy.kind === 'BlueGreen' ? services.get(strategy.activeService)?.hash : undefined
    if (next === undefined || !status.abort || deadline === undefined || active !== status.stableRS) return []
    const path = `/metadata/annotations/${WITHDRAWN.replaceAll('/', '~1')}`
    return [{ replicaSet: next.name, operations: [{ op: 'add', path, value: deadline }] }]
  })
}
