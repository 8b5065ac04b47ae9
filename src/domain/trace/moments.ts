import type { Member, Revision, RevisionId, Role } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { selects } from '../objects/service.ts'
import { namedServices } from '../objects/strategy.ts'
import { behind, isFirst, isReachedNow, weightNow } from './doors.ts'

/** One moment of one member: what its managed Services select and what its revisions do. */
export interface Moment {
  /** The Services the controller points at a revision, by name. */
  readonly selects: ReadonlyMap<string, readonly RevisionId[]>
  /** Revisions with pods, ready or not. */
  readonly present: ReadonlySet<RevisionId>
  /** Revisions with at least one ready endpoint. */
  readonly ready: ReadonlySet<RevisionId>
  /** Revisions that users of this member may be on; they count where the member is an entry. */
  readonly carrying: ReadonlySet<RevisionId>
  /** Revisions that no longer get new connections, but may still hold old ones. */
  readonly held: ReadonlySet<RevisionId>
  readonly roles: ReadonlyMap<RevisionId, Role>
  /** The Service in front to which the router sends nobody. */
  readonly shut: string | undefined
  /** What was aborted is wanted again. */
  readonly retried?: true
}

/**
 * A state of the group: for each member every moment it may be in. One moment, or a few where the controller acts by
 * itself (scale-downs that are due); all moments of a step while its wave runs. Judged as a union, it stands for every
 * interleaving of the members' moments and for requests that begin in one moment and end in another.
 */
export type State = ReadonlyMap<string, readonly Moment[]>

/**
 * The state a group is in now, pending scale-downs included. Users may come any time to pods that are not ready yet, so
 * that whatever is there and will be reached counts.
 */
export function stateOf(group: Group): State {
  return new Map(
    group.members.map((member) => [
      member.name,
      withScaleDowns(
        member,
        momentOf(member, group, () => true),
      ),
    ]),
  )
}

/**
 * What a member is at this moment.
 * @param carries whether users can be on a revision; those that are not ready carry nobody, unless users have been
 *   there
 */
export function momentOf(member: Member, group: Group, carries = hasUsers(member)): Moment {
  const managed = namedServices(member.strategy)
  const present = member.revisions.filter((each) => each.pods > 0 || each.desired > 0)
  const carrying = carryingNow(member, group).filter((each) => present.includes(each) && carries(each))
  return {
    selects: new Map(managed.map((name) => [name, behind(group, member, name).map((each) => each.id)])),
    present: ids(present),
    ready: ids(present.filter((each) => each.available > 0)),
    carrying: ids(carrying),
    held: ids([...member.lingering, ...leavingCanary(member)]),
    roles: new Map(member.revisions.map((each) => [each.id, each.role])),
    shut: shutAt(member, member.strategy.kind === 'Canary' ? weightNow(member, member.strategy) : 0),
  }
}

function hasUsers(member: Member): (revision: Revision) => boolean {
  const first = isFirst(member)
  return ({ available, role }) => !first && (available > 0 || role === 'lingering')
}

/** The Service that a router sends nobody to at a weight: the stable one where all users are on the canary. */
export function shutAt({ strategy, next }: Member, weight: number): string | undefined {
  return strategy.kind === 'Canary' && strategy.routed && next !== undefined && weight >= 100
    ? strategy.stableService
    : undefined
}

/** The revisions a managed Service selects once the controller has pointed it at one hash. */
export function selectedAt(group: Group, name: string, revision: Revision): RevisionId[] {
  const service = group.services.get(name)
  return service !== undefined && selects(service.base, revision.template.labels) ? [revision.id] : []
}

/**
 * The trace looks at Services, not at names: after a cutover the active Service is on the next revision before
 * status.stableRS is.
 */
function carryingNow(member: Member, group: Group): Revision[] {
  const { strategy, next } = member
  const live = member.live === undefined ? [] : [member.live]
  if (strategy.kind === 'BlueGreen') {
    const active = behind(group, member, strategy.activeService)
    const switched = active.length > 0 ? active : live
    // The revision just left behind still has its old connections.
    return [...new Set([...switched, ...live, ...member.lingering])]
  }
  const canary = next !== undefined && isReachedNow(group, member, strategy) ? [next] : []
  return [...live, ...canary, ...member.lingering]
}

/** The pods of an un-routed canary that was aborted are on their way out, but still end their users' requests. */
function leavingCanary({ strategy, status, next }: Member): Revision[] {
  return strategy.kind === 'Canary' && !strategy.routed && status.abort && next !== undefined && next.pods > 0
    ? [next]
    : []
}

/** A moment and what it becomes once every ReplicaSet with a deadline is scaled to 0. */
export function withScaleDowns(member: Member, moment: Moment): Moment[] {
  const aborted =
    member.status.abort &&
    moment.retried !== true &&
    member.next !== undefined &&
    member.strategy.abortScaleDownDelay > 0
      ? [member.next.id]
      : []
  const due = new Set([...moment.held, ...aborted])
  for (const [id, role] of moment.roles) {
    if (role === 'old') due.add(id)
    else if (role === 'live') due.delete(id)
  }
  return due.isDisjointFrom(moment.present) ? [moment] : [moment, without(moment, due)]
}

/** The moment after these revisions' pods are gone; Services go on selecting them. */
export function without(moment: Moment, gone: ReadonlySet<RevisionId>): Moment {
  const keep = (set: ReadonlySet<RevisionId>) => set.difference(gone)
  return {
    ...moment,
    present: keep(moment.present),
    ready: keep(moment.ready),
    carrying: keep(moment.carrying),
    held: keep(moment.held),
  }
}

function ids(revisions: readonly Revision[]): Set<RevisionId> {
  return new Set(revisions.map((each) => each.id))
}
