import { atLastGate } from '../group/gate.ts'
import type { Member, Revision, RevisionId, Role } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { type Canary, gates, liveService, nextService, weightAt } from '../objects/strategy.ts'
import { isWithoutStable, neverUnavailable, stepsWithoutStable } from '../trace/canary-gap.ts'
import { type Moment, selectedAt } from '../trace/moments.ts'
import type { Action } from './action.ts'

/** The moments a member passes through, and where it rests; pods that are to go still run there. */
export interface Transition {
  readonly passing: readonly Moment[]
  readonly rest: Moment
}

/**
 * Every moment the controller takes a member through after an action. Seen on Argo Rollouts 1.10.1; the table is held
 * by the conformance tests. Scale-downs that are then due are added by `withScaleDowns`.
 *
 * | strategy | action | passing | rest |
 * |---|---|---|---|
 * | BlueGreen | promote | | active Service on next, old pods lingering |
 * | BlueGreen | abort | | preview Service stays on next, whose pods go |
 * | BlueGreen | restore-stable | | both Services on stable, next's pods go |
 * | Canary | promote, not the last gate | users on both; un-routed, past a weight of 100: stable Service without pods | canary Service on next, users on both; un-routed, at a weight of 100: on next alone, the stable Service without pods |
 * | Canary | promote, the last gate | users on both; un-routed with maxUnavailable: stable Service without pods | both Services on next, old pods lingering (un-routed: terminating) |
 * | Canary | abort, restore-stable | | canary Service on stable, users on stable; pods of next that carried users linger |
 */
export function transition(
  group: Group,
  member: Member,
  from: Moment,
  action: Action,
  last = atLastGate(member),
): Transition {
  const { live, next, strategy } = member
  if (live === undefined || next === undefined) return { passing: [], rest: from }
  switch (action) {
    case 'promote':
      if (strategy.kind === 'BlueGreen') return { passing: [], rest: cutOver(group, member, from, live, next) }
      return last
        ? completeCanary(group, strategy, from, live, next, !neverUnavailable(strategy))
        : advanced(group, member, strategy, from, live, next)
    case 'promote-full':
      return strategy.kind === 'BlueGreen'
        ? { passing: [], rest: cutOver(group, member, from, live, next) }
        : completeCanary(group, strategy, from, live, next, true)
    case 'abort':
      return {
        passing: [],
        rest:
          strategy.kind === 'BlueGreen'
            ? { ...from, roles: role(from, next, 'old') }
            : withdrawn(group, member, from, live, next),
      }
    case 'restore-stable':
      return { passing: [], rest: withdrawn(group, member, from, live, next) }
  }
}

/** The controller switches only once every new pod is available. */
function cutOver(group: Group, member: Member, from: Moment, live: Revision, next: Revision): Moment {
  return {
    ...up(from, next),
    selects: pointed(group, from, [liveService(member.strategy)], next),
    carrying: new Set([...from.carrying, live.id, next.id]),
    held: new Set([...from.held, live.id]),
    roles: new Map([...from.roles, [live.id, 'lingering'], [next.id, 'live']]),
  }
}

function withdrawn(group: Group, member: Member, from: Moment, live: Revision, next: Revision): Moment {
  const served = liveService(member.strategy)
  const wasServing =
    from.present.has(next.id) &&
    (from.carrying.has(next.id) || (served !== undefined && (from.selects.get(served) ?? []).includes(next.id)))
  const carrying = new Set(from.carrying)
  if (!wasServing) carrying.delete(next.id)
  return {
    ...from,
    selects: pointed(group, from, [served, nextService(member.strategy)], live),
    carrying: new Set([...carrying, live.id]),
    held: wasServing ? new Set([...from.held, next.id]) : from.held,
    roles: role(from, next, wasServing ? 'lingering' : 'old'),
  }
}

/**
 * Without a router a weight is made of pods: where all of them are the canary's, the stable Service stays behind with
 * none.
 */
function advanced(
  group: Group,
  member: Member,
  strategy: Canary,
  from: Moment,
  live: Revision,
  next: Revision,
): Transition {
  const here = member.status.stepIndex ?? 0
  const nextGate = gates(strategy).find((each) => each > here) ?? strategy.steps.length
  const users = weightAt(strategy, nextGate) > 0 ? [next.id] : []
  const both: Moment = {
    ...up(up(from, next), live),
    selects: pointed(group, from, [strategy.canaryService], next),
    carrying: new Set([...from.carrying, live.id, ...users]),
  }
  const alone = gone(both, live)
  if (isWithoutStable(strategy, member.replicas, nextGate)) return { passing: [both], rest: alone }
  return {
    passing: stepsWithoutStable(strategy, member.replicas, here, nextGate).length > 0 ? [alone] : [],
    rest: both,
  }
}

function completeCanary(
  group: Group,
  strategy: Canary,
  from: Moment,
  live: Revision,
  next: Revision,
  gap: boolean,
): Transition {
  const both = { ...up(from, next), carrying: new Set([...from.carrying, next.id]) }
  const switched: Moment = {
    ...both,
    selects: pointed(group, from, [strategy.stableService, strategy.canaryService], next),
    held: new Set([...from.held, live.id]),
    roles: new Map([...from.roles, [live.id, 'lingering'], [next.id, 'live']]),
  }
  const empty = gap && !strategy.routed && strategy.stableService !== undefined ? [gone(both, live)] : []
  return { passing: [both, ...empty], rest: switched }
}

/** A moment with the pods of a revision there and ready. */
export function up(moment: Moment, revision: Revision): Moment {
  return {
    ...moment,
    present: new Set([...moment.present, revision.id]),
    ready: new Set([...moment.ready, revision.id]),
  }
}

function gone(moment: Moment, revision: Revision): Moment {
  const keep = (set: ReadonlySet<RevisionId>) => set.difference(new Set([revision.id]))
  return { ...moment, present: keep(moment.present), ready: keep(moment.ready), carrying: keep(moment.carrying) }
}

function pointed(
  group: Group,
  from: Moment,
  services: readonly (string | undefined)[],
  revision: Revision,
): Map<string, readonly RevisionId[]> {
  const moved = services.filter((each) => each !== undefined && from.selects.has(each)) as string[]
  return new Map([
    ...from.selects,
    ...moved.map((name): [string, RevisionId[]] => [name, selectedAt(group, name, revision)]),
  ])
}

function role(from: Moment, revision: Revision, to: Role): Map<RevisionId, Role> {
  return new Map([...from.roles, [revision.id, to]])
}
