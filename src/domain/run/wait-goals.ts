import { progressOf } from '../actions/goals.ts'
import type { Goal } from '../actions/step.ts'
import { judge } from '../plan/judge.ts'
import { rowOf } from '../findings/finding.ts'
import { gateOf, gateReplicas, podsWanted } from '../group/gate.ts'
import { called, isChanging, type Member } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { phaseOf } from '../objects/phase.ts'
import { whyNoPods } from '../objects/refusal.ts'
import { readyBehind } from '../objects/service.ts'
import { gates, liveService, nextService } from '../objects/strategy.ts'
import { meet, strikingNow } from '../trace/words.ts'

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

/** Everything that can be waited for. Promoted and aborted is what a run of ours counts as such. */
export const AWAITED = {
  gate: {
    there: 'what waits stands at its gate, ready behind its Service',
    endsWithAbort: true,
    missing: (group) =>
      group.members.some(isChanging) ? perMember(group, beforeGate) : ['nothing waits: no member has a new version'],
  },
  promoted: {
    there: 'nothing waits, and users are on the newest version of each member',
    endsWithAbort: true,
    missing: (group) => perMember(group, beforeUsers),
  },
  healthy: {
    there: 'nothing waits, and every member is healthy',
    endsWithAbort: true,
    missing: (group) => perMember(group, (member) => beforeUsers(member, group) ?? unhealthy(member)),
  },
  aborted: {
    there: 'nothing waits that could be promoted',
    endsWithAbort: false,
    missing: (group) => perMember(group, beforeAborted),
  },
  matched: {
    there: 'no request is known to meet two releases, versions that differ, or an empty Service',
    endsWithAbort: false,
    missing: unmatched,
  },
} as const satisfies Record<string, Rule>

/**
 * How far a group is on the way to what is waited for. A status that is not current says nothing, neither yes nor
 * never; what cannot be read does not come by waiting.
 * @param waited whether a member was seen with a new version before
 */
export function nearnessOf(group: Group, awaited: Awaited, waited = false): Nearness {
  const { endsWithAbort, missing }: Rule = AWAITED[awaited]
  const unreadable = group.problems
    .filter(
      ({ code, members }) =>
        code === 'unreadable' || members.some((name) => !group.members.some((each) => each.name === name)),
    )
    .map((each) => each.sentence)
  if (unreadable.length > 0) return { state: 'never', why: unreadable.join('; ') }
  const current = group.members.filter((each) => each.stale === undefined)
  const aborted = current
    .filter((each) => isChanging(each) && each.status.abort)
    .map((each) => `${called(each.next!)} was aborted`)
  if (endsWithAbort && aborted.length > 0) return { state: 'never', why: aborted.join('; ') }
  const old = perMember(group, (each) => each.stale)
  if (awaited === 'gate' && waited && old.length === 0 && !group.members.some(isChanging))
    return { state: 'never', why: 'what waited is promoted: by somebody else, or without a gate' }
  const why = (old.length > 0 ? old : missing(group)).join('; ')
  return why === '' ? { state: 'there' } : { state: 'not-yet', why }
}

function perMember(group: Group, say: (member: Member, group: Group) => string | undefined): string[] {
  return group.members.flatMap((each) => {
    const said = say(each, group)
    return said === undefined ? [] : [`${each.name}: ${said}`]
  })
}

function beforeGate(member: Member, group: Group): string | undefined {
  const { next, status, strategy } = member
  if (next === undefined) return undefined
  if (member.paused) return 'it is paused by hand (spec.paused)'
  if (member.replicas === 0) return 'it is to have no pods (replicas: 0), so none is ready behind its Service'
  if (status.promoteFull) return 'it is promoted in full, and stops at no gate'
  const { waitingFor } = gateOf(member)
  if (waitingFor !== '') return waitingFor
  if (phaseOf(member).name === 'Degraded') return unhealthy(member)
  if (strategy.kind === 'BlueGreen' ? strategy.autoPromotion : !gates(strategy).includes(status.stepIndex ?? 0))
    return 'it stands at a pause that ends by itself'
  const wanted = Math.max(podsWanted(member, next), strategy.kind === 'BlueGreen' ? gateReplicas(member, 0) : 0)
  if (next.available < wanted)
    return `${next.available} of ${wanted} pods of ${next.version.text} available${whyNoPods(member)}`
  const service = group.services.get(nextService(strategy) ?? '')
  if (service?.endpoints === undefined) return undefined
  const { own } = readyBehind(service, next.name)
  return own < wanted ? `${own} of ${wanted} endpoints of ${service.name} ready` : undefined
}

function beforeUsers(member: Member, group: Group): string | undefined {
  const { next, status } = member
  if (next !== undefined) return beforeGate(member, group) ?? `${next.version.text} stands at its gate`
  return ahead('live', status.currentPodHash ?? '', member, group)
}

function beforeAborted(member: Member, group: Group): string | undefined {
  const { next, status } = member
  if (next === undefined) return undefined
  return status.abort ? ahead('aborted', status.stableRS ?? '', member, group) : `${next.version.text} is not withdrawn`
}

/** What a member still lacks of a goal. */
function ahead(
  kind: Extract<Goal['kind'], 'live' | 'aborted'>,
  hash: string,
  member: Member,
  group: Group,
): string | undefined {
  const progress = progressOf(
    { kind, hash, service: liveService(member.strategy), replicas: member.replicas },
    member,
    group,
  )
  return progress.state === 'done' ? undefined : progress.state === 'waiting' ? progress.waitingFor : progress.why
}

function unhealthy(member: Member): string | undefined {
  const { name, message } = phaseOf(member)
  return name === 'Healthy' ? undefined : `${name}${message === '' ? '' : `, ${message}`}`
}

/** Available pods may not be behind their Service yet. */
function unserved({ live, strategy, replicas }: Member, group: Group): string | undefined {
  const service = group.services.get(liveService(strategy) ?? '')
  return live === undefined ||
    replicas === 0 ||
    service?.endpoints === undefined ||
    readyBehind(service, live.name).own > 0
    ? undefined
    : `no endpoint of ${live.version.text} is ready behind Service ${service.name}`
}

function unmatched(group: Group): string[] {
  const judged = judge(group)
  const checks = judged.checks('promote-all')
  return [
    ...strikingNow(judged.scene).map((each) => `users ${meet(each)}`),
    ...checks.filter((each) => each.code === 'versions-differ').map((each) => each.sentence),
    ...perMember(group, unserved),
    ...checks.filter((each) => rowOf(each.code).untold && each.severity === 'error').map((each) => each.sentence),
  ]
}
