import { ACTIONS } from '../actions/actions.ts'
import { ruleOf } from '../actions/goals.ts'
import type { Step } from '../actions/step.ts'
import type { Group } from '../group/read-group.ts'
import type { Plan } from '../plan/plan.ts'

/** The members a person has confirmed a plan for, by name, what users were on of each, and what waited. */
export type Confirmed = ReadonlyMap<
  string,
  { readonly uid: string; readonly live: string | undefined; readonly next: string | undefined }
>

/** @param plan it may make members that are not there yet */
export function confirmedOf(group: Group, { waves }: Pick<Plan, 'waves'> = { waves: [] }): Confirmed {
  const coming = waves.flat().filter((step) => step.expect.uid === '')
  return new Map([
    ...coming.map((step) => [step.member, { uid: '', live: undefined, next: undefined }] as const),
    ...group.members.map(
      (each) => [each.name, { uid: each.uid, live: each.live?.hash, next: each.next?.hash }] as const,
    ),
  ])
}

/**
 * Why a group is not made up of the members that were confirmed; undefined where it is. What nobody looks at any more
 * cannot be proved.
 */
export function regrouped(confirmed: Confirmed, group: Group): string | undefined {
  const found = new Map(group.members.map((each) => [each.name, each.uid]))
  for (const [name, { uid }] of confirmed) {
    if (uid === '') continue
    const unread = group.problems.find((each) => each.members.includes(name))
    if (!found.has(name))
      return (
        unread?.sentence ?? `rollout/${name} is not in the group any more, so nobody can tell what its users would meet`
      )
    if (found.get(name) !== uid) return `rollout/${name} was deleted and made anew`
  }
  const added = [...found.keys()].find((name) => !confirmed.has(name))
  return added === undefined ? undefined : `rollout/${added} has joined the group, which nobody has confirmed`
}

/** Why a step that was done holds no more; undefined where it does. Pods that come and go do not undo it. */
export function undone(step: Step, group: Group): string | undefined {
  const member = group.members.find((each) => each.name === step.member)
  if (member === undefined) return `rollout/${step.member} is not in the group any more`
  const { stands, words } = ruleOf(step.until)
  if (stands(step, member)) return undefined
  const other = member.revisions.find((each) => each.hash === member.status.currentPodHash)
  if (ACTIONS[step.action].towards === 'next' && other !== undefined && other.hash !== step.to.hash) {
    return `${step.member} was promoted to ${step.to.version.text}, but ${other.version.text} was applied since`
  }
  const users = member.live === undefined ? '' : `; its users are on ${member.live.version.text}`
  return `${words.undone(step)}${users}`
}
