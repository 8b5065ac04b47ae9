import type { Graph } from '../group/call-graph.ts'
import { memberNamed } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import { type WiredCall, calls } from './calls.ts'
import { type CheckContext, isWaiting, memberOf } from './context.ts'

/** How consumers are pointed back to live Services: who at a time, and who never can be. */
export interface SettleRounds {
  /** In this order, each promoted and its old pods gone before the next. */
  readonly rounds: readonly (readonly string[])[]
  /** Those on a circle: none of them comes first. */
  readonly circle: readonly string[]
}

/** The calls of live revisions that lead through a Service in front of a next one, where these have users. */
export function unsettledCalls(context: CheckContext): WiredCall[] {
  const used = withUsers(context.group, context.graph)
  return calls(context, 'live').filter((each) => leadsToNext(each) && used.has(each.from.member))
}

/**
 * The members that requests reach: one that came with a release that was withdrawn is called by nobody whom users are
 * on.
 */
export function withUsers(group: Group, { entries }: Pick<Graph, 'entries'>): ReadonlySet<string> {
  const found = new Set(entries)
  for (const name of found) {
    const member = memberNamed(group.members, name)
    const carrying = [
      member?.live,
      ...(member?.lingering ?? []),
      ...(member?.strategy.kind === 'Canary' ? [member.next] : []),
    ]
    for (const each of carrying) for (const { to } of each?.wires ?? []) found.add(to)
  }
  return found
}

/** The same of what users will be on once all that waits is promoted. */
export function unsettledAhead(context: CheckContext): WiredCall[] {
  const isComing = ({ from }: WiredCall) => isWaiting(memberOf(context, from.member)!)
  return [
    ...calls(context, 'next').filter(isComing),
    ...calls(context, 'live').filter((each) => !isComing(each)),
  ].filter(leadsToNext)
}

/** Whether a call leads through the Service in front of its target's next revision, in whatever role. */
export function leadsToNext({ wire, to }: Pick<WiredCall, 'wire' | 'to'>): boolean {
  return (
    wire.role === undefined && wire.service === nextService(to.strategy) && wire.service !== liveService(to.strategy)
  )
}

/**
 * Consumers first: one that others reach through its own preview Service comes after these, since its deploy empties
 * that Service.
 */
export function roundsOf(found: readonly WiredCall[]): SettleRounds {
  const left = new Map(Map.groupBy(found, (each) => each.from.member))
  const callers = new Map([...left.keys()].map((name) => [name, new Set<string>()]))
  for (const { from, to } of found) if (from.member !== to.name) callers.get(to.name)?.add(from.member)
  const isFree = (name: string) => left.has(name) && callers.get(name)!.size === 0
  const places = new Map([...left.keys()].map((name, place) => [name, place]))
  const rounds: string[][] = []
  for (let free = [...left.keys()].filter(isFree); free.length > 0; ) {
    rounds.push(free)
    const called = new Set(free.flatMap((name) => left.get(name)!.map(({ to }) => to.name)))
    for (const name of called) for (const gone of free) callers.get(name)?.delete(gone)
    for (const name of free) left.delete(name)
    free = [...called].filter(isFree).sort((one, other) => places.get(one)! - places.get(other)!)
  }
  return { rounds, circle: [...left.keys()] }
}
