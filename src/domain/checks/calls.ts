import type { Revision, Wire } from '../group/member.ts'
import { targets } from '../trace/requests.ts'
import { type CheckContext, memberOf } from './context.ts'

/** A wire of a member's revision, with the revisions of its target it ends on now. */
export interface WiredCall {
  readonly from: Revision
  readonly wire: Wire
  readonly to: NonNullable<ReturnType<typeof memberOf>>
  readonly now: readonly Revision[]
}

/**
 * Every wire of the members' live and next revisions, with the revisions of its target it ends on now. Those to whom a
 * revision is declared not to call are left out: nobody is told to change what may be no address.
 */
export function calls(context: CheckContext, role: 'live' | 'next'): WiredCall[] {
  return context.group.members.flatMap((member) => {
    const from = member[role]
    return from === undefined
      ? []
      : from.wires.flatMap((wire): WiredCall[] => {
          const to = memberOf(context, wire.to)
          return to === undefined || from.declared?.includes(wire.to) === false
            ? []
            : [{ from, wire, to, now: targets(context.scene, from, wire).filter((each) => each.member === to.name) }]
        })
  })
}
