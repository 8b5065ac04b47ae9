import type { Member, Revision, RevisionId, Role } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { type Canary, liveService, nextService } from '../objects/strategy.ts'
import { type Moment, selectedAt } from '../trace/moments.ts'

/**
 * The moments the controller takes a member through after an action, and where it rests; pods that are to go still run
 * there. Seen on Argo Rollouts 1.10.1; the table is held by the conformance tests. Scale-downs that are then due are
 * added by `withScaleDowns`.
 *
 * | strategy | action | passing | rest |
 * |---|---|---|---|
 * | BlueGreen | promote | | active Service on next, old pods lingering |
 * | BlueGreen | abort | | preview Service stays on next, whose pods go |
 * | BlueGreen | restore-stable | | both Services on stable, next's pods go |
 * | Canary | advance | users on both (1) | canary Service on next, users on both (2) |
 * | Canary | promote | users on both (3) | both Services on next, old pods lingering (un-routed: terminating) |
 * | Canary | abort, restore-stable | | canary Service and users on stable; pods of next that carried users linger |
 *
 * Un-routed, the stable Service is without pods: (1) past a weight of 100; (2) at a weight of 100, users on next alone;
 * (3) with maxUnavailable.
 */
export interface Transition {
  readonly passing: readonly Moment[]
  readonly rest: Moment
}

/** A member with two revisions at one moment, to which something is done. */
export interface Situation {
  readonly group: Group
  readonly member: Member
  readonly from: Moment
  readonly live: Revision
  readonly next: Revision
}

/** The controller switches only once every new pod is available. */
export function cutOver({ group, member, from, live, next }: Situation): Moment {
  return {
    ...up(member, from, next),
    selects: pointed(group, from, [liveService(member.strategy)], next),
    carrying: new Set([...from.carrying, live.id, next.id]),
    held: new Set([...from.held, live.id]),
    roles: new Map([...from.roles, [live.id, 'lingering'], [next.id, 'live']]),
  }
}

/** A blue/green that was aborted: its preview Service stays on the next revision, whose pods go. */
export function toOld({ from, next }: Situation): Moment {
  return { ...from, roles: role(from, next, 'old') }
}

/**
 * Both Services on stable again; the next revision's pods go, and linger where users were on them. A router sends users
 * back as the stable pods come (rollout/canary.go, dynamicStableScale).
 */
export function withdrawn({ group, member, from, live, next }: Situation): Moment {
  const served = liveService(member.strategy)
  const wasServing =
    from.present.has(next.id) &&
    (from.carrying.has(next.id) || (served !== undefined && (from.selects.get(served) ?? []).includes(next.id)))
  const carrying = new Set(from.carrying)
  const routed = member.strategy.kind === 'Canary' && member.strategy.routed
  if (!wasServing) carrying.delete(next.id)
  return {
    ...(routed ? up(member, from, live) : from),
    selects: pointed(group, from, [served, nextService(member.strategy)], live),
    carrying: new Set([...carrying, live.id]),
    held: wasServing ? new Set([...from.held, next.id]) : from.held,
    roles: role(from, next, wasServing ? 'lingering' : 'old'),
    shut: undefined,
  }
}

/**
 * Users on both revisions, then on the next one alone.
 * @param gap whether the old pods may go before the stable Service is pointed at the new ones
 */
export function completeCanary(
  { group, member, from, live, next }: Situation,
  strategy: Canary,
  gap: boolean,
): Transition {
  const both = { ...up(member, from, next), carrying: new Set([...from.carrying, next.id]) }
  const switched: Moment = {
    ...both,
    // With pingPong the Services keep their pods and change roles.
    selects: pointed(group, from, strategy.pingPong ? [] : [strategy.stableService, strategy.canaryService], next),
    shut: strategy.pingPong ? strategy.stableService : undefined,
    held: new Set([...from.held, live.id]),
    roles: new Map([...from.roles, [live.id, 'lingering'], [next.id, 'live']]),
  }
  const empty = gap && !strategy.routed && strategy.stableService !== undefined ? [gone(both, live)] : []
  return { passing: [both, ...empty], rest: switched }
}

/** A moment with the pods of a revision there and ready; a member that is to have none has none. */
export function up({ replicas }: Member, moment: Moment, revision: Revision): Moment {
  if (replicas === 0) return moment
  return {
    ...moment,
    present: new Set([...moment.present, revision.id]),
    ready: new Set([...moment.ready, revision.id]),
  }
}

/** A moment with the pods of a revision gone; Services go on selecting them. */
export function gone(moment: Moment, revision: Revision): Moment {
  const keep = (set: ReadonlySet<RevisionId>) => set.difference(new Set([revision.id]))
  return { ...moment, present: keep(moment.present), ready: keep(moment.ready), carrying: keep(moment.carrying) }
}

/** What Services select once some of them are pointed at a revision. */
export function pointed(
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
