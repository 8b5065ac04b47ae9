import { type Member, memberNamed, type Revision, type Wire } from './member.ts'
import type { Group } from './read-group.ts'
import { madeOnce } from '../objects/parse-once.ts'

/** Why nobody knows whom a revision calls, as the end of a sentence; undefined where it is known. */
export function whyUnknown({ unsure, unread }: Revision): string | undefined {
  const config = unsure.find((each) => each.calls)
  if (config !== undefined)
    return config.changed === undefined
      ? `ConfigMap ${config.configMap} is gone`
      : `ConfigMap ${config.configMap} changed under running pods`
  const secret = unread.find((each) => each.strength === 'unknown')
  return secret && `${secret.where} is not read`
}

/** Whether it cannot be said whom a revision calls. */
export function callsUnknown(revision: Revision): boolean {
  return whyUnknown(revision) !== undefined
}

/**
 * The members that a revision of which that is unknown may reach: those its siblings do; where these tell nothing
 * either, all others.
 */
export function mayReach(group: Group, member: Member): ReadonlySet<string> {
  const found = new Set(couldHaveKnown(group, member))
  for (const name of found) for (const each of dependencies(memberNamed(group.members, name))) found.add(each)
  found.delete(member.name)
  return found
}

/**
 * The calls that a revision may make beyond its wires: to every Service it could have known. That is any of a member,
 * where a Secret holds addresses; of those its siblings call, where a ConfigMap does that was changed or is gone. What
 * is declared is all there is.
 * @param doubtful those too that are no calls, if what looks like an address is none
 */
export function mayCall(
  group: Group,
  revision: Revision,
  doubtful: boolean,
): { readonly anybody: boolean; readonly wires: readonly Wire[] } {
  const member = memberNamed(group.members, revision.member)
  const { unsure, unread, weak } = revision
  const anybody = unread.some((each) => doubtful || each.strength === 'unknown')
  const configs = unsure.some((each) => each.calls)
  const bound =
    anybody || !configs || member === undefined ? undefined : (revision.declared ?? couldHaveKnown(group, member))
  return {
    anybody: (anybody || configs) && bound === undefined,
    wires: [
      ...(bound === undefined ? [] : servicesOf(group, revision.member, new Set(bound))),
      ...(doubtful ? weak.filter((each) => each.strength === 'doubtful') : []),
    ],
  }
}

function servicesOf({ owners }: Group, from: string, of: ReadonlySet<string>): Wire[] {
  return [...owners].flatMap(([service, names]) =>
    names.includes(from) ? [] : names.flatMap((to) => (of.has(to) ? [{ to, service, where: '' }] : [])),
  )
}

/**
 * Whom the revisions of a member call together; where a ConfigMap that is gone leaves none to ask, all but those that
 * reach it themselves: the withdrawn revision of a dependency tells nothing any more, and its callers do not become its
 * dependencies by that.
 */
function couldHaveKnown({ members }: Group, member: Member): string[] {
  const told =
    member.dependsOn !== undefined ||
    member.revisions.some((each) => each.role !== 'old' && !each.unsure.some(({ changed }) => changed === undefined))
  if (told) return dependencies(member)
  const callers = new Set([member.name])
  for (const name of callers) for (const each of callersIn(members).get(name) ?? []) callers.add(each)
  return members.flatMap(({ name }) => (callers.has(name) ? [] : [name]))
}

/** Who calls each member, by its name. */
const callersIn = madeOnce((members: readonly Member[]) => {
  const calls = members.flatMap((each) => dependencies(each).map((to) => ({ from: each.name, to })))
  return new Map(
    [...Map.groupBy(calls, ({ to }) => to)].map(([name, all]) => [name, new Set(all.map(({ from }) => from))]),
  )
})

function dependencies(member: Member | undefined): string[] {
  if (member === undefined) return []
  return [
    ...(member.dependsOn ?? []),
    ...member.revisions
      .filter((each) => each.role !== 'old')
      .flatMap((each) => [...each.wires, ...each.believed].map((wire) => wire.to)),
  ]
}
