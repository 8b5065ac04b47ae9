import type { Group } from '../domain/group/read-group.ts'

/** There is no such group: no Rollout of the namespace carries its label. */
export class GroupNotFound extends Error {
  override readonly name = 'GroupNotFound'
}

/** `only` names somebody who is no member. */
export class MemberNotFound extends Error {
  override readonly name = 'MemberNotFound'
  readonly unknown: readonly string[]
  readonly members: readonly string[]

  constructor(unknown: readonly string[], members: readonly string[]) {
    super(`no member ${unknown.join(', ')}`)
    this.unknown = unknown
    this.members = members
  }
}

/** A name that is mistyped must not make a part of what was meant. @throws MemberNotFound */
export function mustKnow(only: readonly string[], { group }: { readonly group: Group }): void {
  const members = [
    ...new Set([...group.members.map((each) => each.name), ...group.problems.flatMap((each) => each.members)]),
  ]
  const unknown = only.filter((each) => !members.includes(each))
  if (unknown.length > 0) throw new MemberNotFound(unknown, members)
}
