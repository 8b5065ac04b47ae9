import { type Member, memberNamed, type Revision, type RevisionId } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { readyBehind, selects, type Service } from '../objects/service.ts'
import { type Canary, routesAt, weightAt } from '../objects/strategy.ts'

/** The Services through which users come to an entry. */
export function frontDoors(group: Group, member: Member): string[] {
  const { strategy } = member
  if (strategy.kind === 'BlueGreen') return [strategy.activeService]
  const named = [strategy.stableService, strategy.canaryService].filter((each) => each !== undefined)
  if (strategy.routed) return named
  // Without a router the pods of both revisions stand behind one plain Service; where there is none, users can only use
  // the stable one.
  const plain = plainDoors(group, member, named)
  return plain.length > 0 ? plain.map((each) => each.name) : named.slice(0, 1)
}

function plainDoors(group: Group, member: Member, named: readonly string[]): Service[] {
  return [...group.services.values()].filter(
    (each) =>
      !named.includes(each.name) &&
      !group.gone.has(each.name) &&
      each.hash === undefined &&
      member.revisions.length > 0 &&
      member.revisions.every((revision) => revision.role === 'old' || selects(each.base, revision.template.labels)),
  )
}

/**
 * Whether users come to a canary's pods at a step as soon as one is ready: with a router by its weight and its routes;
 * without one by a Service that selects them, or where there is no Service, as to a worker, by their being there.
 */
export function isReached(group: Group, member: Member, strategy: Canary, index: number): boolean {
  if (strategy.routed) return weightAt(strategy, index) > 0 || routesAt(strategy, index).size > 0
  const doors = frontDoors(group, member)
  return doors.length === 0 || doors.some((each) => each !== strategy.stableService)
}

/** Whether users come to the pods of a canary where it stands now, as soon as one is ready. */
export function isReachedNow(group: Group, member: Member, strategy: Canary): boolean {
  const { status } = member
  if (!strategy.routed) return isReached(group, member, strategy, 0)
  return weightNow(member, strategy) > 0 || (!status.abort && routesAt(strategy, status.stepIndex ?? 0).size > 0)
}

/** The percentage of users that a router sends to the canary: what it does, else what it is told. */
export function weightNow({ status }: Member, strategy: Canary): number {
  return status.routedWeight ?? (status.abort ? 0 : weightAt(strategy, status.stepIndex ?? 0))
}

/** Who gets new users, in percent. */
export interface Shares {
  readonly of: ReadonlyMap<RevisionId, number>
  /**
   * Ready endpoints of pods that belong to no revision: of an experiment, or of a workload that was not scaled down.
   */
  readonly strangers: number
}

/**
 * How new users are shared among an entry's revisions: by the router's weights; without one by the ready pods behind
 * its Service, as kube-proxy does, never by the weight of the step.
 */
export function sharesOf(group: Group, member: Member): Shares {
  const { strategy, live, next } = member
  const all = (revision: Revision | undefined): Shares => ({
    of: new Map(revision === undefined ? [] : [[revision.id, 100]]),
    strangers: 0,
  })
  if (strategy.kind === 'BlueGreen') return all(behind(group, member, strategy.activeService)[0] ?? live)
  if (strategy.routed) {
    if (next === undefined || live === undefined) return all(live ?? next)
    const weight = next.available === 0 ? 0 : weightNow(member, strategy)
    return {
      of: new Map([
        [live.id, 100 - weight],
        [next.id, weight],
      ]),
      strangers: 0,
    }
  }
  const service = group.services.get(frontDoors(group, member)[0] ?? '')
  const ready = (revision: Revision) =>
    service?.endpoints === undefined ? revision.available : readyBehind(service, revision.name).own
  const counted = (service === undefined ? member.revisions : behind(group, member, service.name)).map(
    (each): [Revision, number] => [each, ready(each)],
  )
  const own = counted.reduce((sum, [, count]) => sum + count, 0)
  const others = service?.endpoints === undefined ? 0 : readyBehind(service, '').others - own
  const total = own + others
  if (total === 0) return all(live ?? next)
  const percent = (count: number) => Math.round((100 * count) / total)
  return { of: new Map(counted.map(([each, count]) => [each.id, percent(count)])), strangers: percent(others) }
}

/** The revisions a Service's selector selects now. */
export function behind(group: Group, member: Member, name: string): Revision[] {
  const service = group.services.get(name)
  if (service === undefined || group.gone.has(name)) return []
  return member.revisions.filter(
    (each) => (service.hash === undefined || each.hash === service.hash) && selects(service.base, each.template.labels),
  )
}

/** It has one revision at most, which was never well: there are no users of it yet. */
export function isFirst({ revisions, status }: Member): boolean {
  const [first, ...others] = revisions
  return (
    others.length === 0 &&
    (first === undefined || first.revision <= 1) &&
    !status.conditions.some((each) => each.type === 'Healthy')
  )
}

/** Whether nobody is behind a Service because no version of whoever is to be there has been well yet. */
export function isYetToFill({ owners, members }: Group, service: string | undefined): boolean {
  const filling = (owners.get(service ?? '') ?? []).map((name) => memberNamed(members, name)!)
  return filling.length > 0 && filling.every(isFirst)
}
