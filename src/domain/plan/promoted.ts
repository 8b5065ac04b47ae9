import { earlierOf } from '../actions/undo.ts'
import type { CheckContext } from '../checks/context.ts'
import { leadsToNext } from '../checks/settle-rounds.ts'
import { type Member, memberNamed } from '../group/member.ts'

/** Milliseconds that old pods must have left, so that the controller finds them where it is told to go back to them. */
const LEAST_LEFT = 5000

/** Members whose users were brought to what waits for the others. */
export function promotedIn({ group, releases }: CheckContext): readonly Member[] {
  return group.members.filter(
    ({ next, live }) => next === undefined && live !== undefined && releases.of.get(live.id) === 'new',
  )
}

/** Those of them that can be brought back at once: all, or none. */
export function promotedBack(context: CheckContext): readonly Member[] {
  const promoted = promotedIn(context)
  const left = (member: Member) => (earlierOf(member)?.deadline ?? 0) - (context.options.since ?? 0)
  return promoted.every((each) => left(each) > LEAST_LEFT) ? promoted : []
}

/**
 * Whether one of those who were promoted reaches another through the Service in front of its next version: to bring
 * that one back would point the Service away under the users of the first. Only forward leads out, and back from there.
 */
export function isStruckBack(context: CheckContext): boolean {
  const promoted = promotedIn(context)
  return promoted.some(({ name, live }) =>
    live!.wires.some((wire) => {
      const to = wire.to === name ? undefined : memberNamed(promoted, wire.to)
      return to !== undefined && leadsToNext({ wire, to })
    }),
  )
}
