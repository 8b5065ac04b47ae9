import { gateOf } from '../group/gate.ts'
import type { Member } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { isRefused } from '../objects/refusal.ts'
import { progressOf, ruleOf } from './goals.ts'
import { ACTIONS } from './actions.ts'
import type { Step } from './step.ts'

/** Whether a step may be sent now. */
export type Precondition =
  | { readonly state: 'as-expected' | 'already-done' }
  /** What it would write is there, perhaps by a write of ours whose answer was lost: only its effect is waited for. */
  | { readonly state: 'under-way' }
  /** It will be as expected: what it waits for. */
  | { readonly state: 'not-yet'; readonly waitingFor: string }
  | { readonly state: 'changed'; readonly why: string }

/** Compares a step with the cluster before it is sent. */
export function preconditionOf(step: Step, group: Group): Precondition {
  const member = group.members.find((each) => each.name === step.member)
  const isNew = step.expect.uid === ''
  if (member === undefined)
    return isNew
      ? { state: 'as-expected' }
      : { state: 'changed', why: `rollout/${step.member} is not in the group any more` }
  if (!isNew && member.uid !== step.expect.uid)
    return { state: 'changed', why: `rollout/${step.member} was deleted and made anew` }
  if (progressOf(step.until, member, group).state === 'done') return { state: 'already-done' }
  if (ruleOf(step.until).isUnderWay(step, member)) return { state: 'under-way' }
  const why = difference(step, member)
  if (why !== undefined) return { state: 'changed', why }
  const { passesGate, mends } = ACTIONS[step.action]
  if (member.stale !== undefined && !(mends === true && isRefused(member)))
    return { state: 'not-yet', waitingFor: member.stale }
  if (!passesGate) return { state: 'as-expected' }
  const gate = gateOf(member)
  return gate.state === 'ready' && member.status.pauses[0] === step.expect.pause
    ? { state: 'as-expected' }
    : { state: 'not-yet', waitingFor: gate.waitingFor || 'its gate' }
}

function difference(step: Step, member: Member): string | undefined {
  const { expect, to, from, member: name } = step
  const { status } = member
  const { towards, contradicted } = ACTIONS[step.action]
  if ((status.currentPodHash ?? '') !== expect.currentPodHash) {
    const other = member.revisions.find((each) => each.hash === status.currentPodHash)
    const wanted = towards === 'next' ? to : from
    return (
      `a newer revision of ${name} was applied since ` +
      `(${other?.version.text ?? status.currentPodHash}, not ${wanted.version.text})`
    )
  }
  if ((status.stableRS ?? '') !== expect.stableRS)
    return `${name} has another stable revision than when the plan was made`
  return contradicted(step, member)
}
