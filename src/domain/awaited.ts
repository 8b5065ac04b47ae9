import { contextOf } from './check.ts'
import { isWaiting } from './checks/context.ts'
import { meet, strikingNow } from './checks/meeting.ts'
import { isChanging } from './colour.ts'
import { gateOf } from './gate.ts'
import type { Group } from './group.ts'
import { called, type Member } from './member.ts'
import { phaseOf } from './phase.ts'

/** What a group can be waited for. */
export type Awaited = keyof typeof AWAITED

/** How far a group is: there; not yet, or never by itself, and why. */
export type Nearness = { readonly state: 'there' } | { readonly state: 'not-yet' | 'never'; readonly why: string }

interface Rule {
  /** What is so then, as the end of a sentence. */
  readonly there: string
  /** Whether it cannot come any more where a member was aborted. */
  readonly endsWithAbort: boolean
  /** What is not so yet. */
  readonly missing: (group: Group) => readonly string[]
}

/** Everything that can be waited for. */
export const AWAITED = {
  'gate': { there: 'what waits stands at its gate, with all its pods', endsWithAbort: true, missing: ({ members }) => (members.some(isChanging) ? perMember(members, beforeGate) : ['nothing waits: no member has a new version']) },
  'promoted': { there: 'nothing waits, and users are on the newest version of each member', endsWithAbort: true, missing: ({ members }) => perMember(members, beforeUsers) },
  'healthy': { there: 'nothing waits, and every member is healthy', endsWithAbort: true, missing: ({ members }) => perMember(members, (member) => beforeUsers(member) ?? unhealthy(member)) },
  'aborted': { there: 'nothing waits that could be promoted', endsWithAbort: false, missing: ({ members }) => perMember(members, (member) => (isWaiting(member) ? `${member.next!.version.text} is not withdrawn` : undefined)) },
  'matched': { there: 'users meet one version, and no empty Service', endsWithAbort: false, missing: (group) => strikingNow(contextOf(group, 'promote-all', {})).map((each) => `users ${meet(each)}`) },
} as const satisfies Record<string, Rule>

/**
 * How far a group is on the way to what is waited for. A status that is not current says nothing, neither yes nor never; what cannot be
 * read does not come by waiting.
 */
export function nearnessOf(group: Group, awaited: Awaited): Nearness {
  const { endsWithAbort, missing }: Rule = AWAITED[awaited]
  const unreadable = group.problems.filter((each) => each.severity === 'error').map((each) => each.sentence)
  if (unreadable.length > 0) return { state: 'never', why: unreadable.join('; ') }
  const current = group.members.filter((each) => outdated(each) === undefined)
  const aborted = current.filter((each) => isChanging(each) && each.status.abort).map((each) => `${called(each.next!)} was aborted`)
  if (endsWithAbort && aborted.length > 0) return { state: 'never', why: aborted.join('; ') }
  const old = perMember(group.members, outdated)
  const why = (old.length > 0 ? old : missing(group)).join('; ')
  return why === '' ? { state: 'there' } : { state: 'not-yet', why }
}

function perMember(members: readonly Member[], say: (member: Member) => string | undefined): string[] {
  return members.flatMap((each) => { const said = say(each); return said === undefined ? [] : [`${each.name}: ${said}`] })
}

function outdated(member: Member): string | undefined {
  return member.status.exists ? member.stale : 'no controller has written a status'
}

function beforeGate(member: Member): string | undefined {
  if (isChanging(member) && member.paused) return 'it is paused by hand (spec.paused)'
  return gateOf(member).waitingFor || undefined
}

function beforeUsers(member: Member): string | undefined {
  if (member.next === undefined) return undefined
  return beforeGate(member) ?? `${member.next.version.text} stands at its gate`
}

function unhealthy(member: Member): string | undefined {
  const { name, message } = phaseOf(member)
  return name === 'Healthy' ? undefined : `${name}${message === '' ? '' : `, ${message}`}`
}
