import { type Member, memberNamed, type Revision } from '../../domain/group/member.ts'
import type { Group } from '../../domain/group/read-group.ts'
import { routesAt } from '../../domain/objects/strategy.ts'
import { behind, sharesOf } from '../../domain/trace/doors.ts'

/** Members by their order, and of one member those first that most users are on, of two alike the live one. */
export function byUse(group: Group, found: readonly Revision[]): Revision[] {
  const rank = ({ role }: Revision) => (role === 'live' ? 0 : 1)
  return [...found].sort((a, b) => (a.member === b.member ? useOf(group, b) - useOf(group, a) || rank(a) - rank(b) : 0))
}

function useOf(group: Group, root: Revision): number {
  return isLeaving(memberOf(group, root), group, root) ? -1 : shareOf(group, root)
}

/** Who is on a revision now: `users`, `20% of users`, `users with a header`, `users on old pods`. */
export function whoIs(group: Group, root: Revision): string {
  const member = memberOf(group, root)
  if (isLeaving(member, group, root)) return 'users on old pods'
  const share = shareOf(group, root)
  const routes = routesTo(member, root)
  if (share === 0 && routes.size > 0) return routes.has('header') ? 'users with a header' : 'copies of requests'
  return share === 100 ? 'users' : `${share}% of users`
}

/** The percentage of new users that a revision gets. */
function shareOf(group: Group, root: Revision): number {
  return sharesOf(group, memberOf(group, root)).of.get(root.id) ?? 0
}

/** Routes of a router that lead to a canary whatever its weight. */
function routesTo({ strategy, status }: Member, { role }: Revision): ReadonlySet<'header' | 'mirror'> {
  return strategy.kind === 'Canary' && role === 'next' && !status.abort
    ? routesAt(strategy, status.stepIndex ?? 0)
    : new Set()
}

/** Users of it hold old connections only: its pods linger, or the active Service has gone on to another revision. */
function isLeaving(member: Member, group: Group, revision: Revision): boolean {
  if (revision.role === 'lingering' || revision.role === 'old') return true
  if (member.strategy.kind !== 'BlueGreen') return false
  const active = behind(group, member, member.strategy.activeService)
  return active.length > 0 && !active.some((each) => each.id === revision.id)
}

/** The member of a revision. */
export function memberOf(group: Group, revision: Revision): Member {
  return memberNamed(group.members, revision.member)!
}
