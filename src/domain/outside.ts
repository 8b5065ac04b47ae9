import { GROUP_LABEL } from './labels.ts'
import type { Member } from './member.ts'
import { selects, type Service } from './service.ts'

/** An address of a revision that names a Service of a Rollout outside the group. */
export interface Outside {
  readonly rollout: string
  readonly service: string
  /** Where it stands, in a person's words. */
  readonly where: string
}

/**
 * The Services that belong to Rollouts outside the group, each with its Rollout: those that the controller manages for one
 * (rollout/service.go, annotation managed-by-rollouts), and those that select pods of such a one.
 * @param owned the Services that belong to members
 */
export function outsideServices(services: readonly Service[], inside: ReadonlySet<string>, owned: ReadonlyMap<string, unknown>): Map<string, string> {
  const others = services.filter((each) => !owned.has(each.name))
  const managed = others.filter((each) => each.managedBy !== undefined && !inside.has(each.managedBy))
  return new Map(others.flatMap((service) => {
    const by = service.managedBy ?? managed.find((each) => selects(each.base, service.base))?.managedBy
    return by === undefined || inside.has(by) ? [] : [[service.name, by] as const]
  }))
}

/** Whether a Rollout's Services are apart: it has a revision that waits, of which nothing else is known. */
export function isUnderWay(rollout: string, services: Iterable<Service>): boolean {
  const hashes = [...services].flatMap((each) => (each.managedBy === rollout && each.hash !== undefined ? [each.hash] : []))
  return new Set(hashes).size > 1
}

/** The label key that makes these members a group: Kubernetes' own, or another that all of them have with the group's name; undefined where a selector made it. */
export function groupLabelOf(group: string, members: readonly Member[]): string | undefined {
  const shared = (key: string) => members.every((each) => each.labels.get(key) === group)
  return [GROUP_LABEL, ...(members[0]?.labels.keys() ?? [])].find(shared)
}
