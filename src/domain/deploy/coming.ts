import { type Member, memberNamed } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'

/** The members to whom applying the files gives another current revision, as they are and as they will be. */
export function comingTo(present: Group, ground: Group): { readonly was: Member | undefined; readonly is: Member }[] {
  return ground.members.flatMap((is) => {
    const was = memberNamed(present.members, is.name)
    return was?.status.currentPodHash === is.status.currentPodHash ? [] : [{ was, is }]
  })
}
