import { pair, selects, type Service } from '../objects/service.ts'

/**
 * The Services that belong to Rollouts outside the group, each with its Rollout: those that the controller manages for
 * one (rollout/service.go, annotation managed-by-rollouts), and those that select pods of such a one.
 * @param owned the Services that belong to members
 */
export function outsideServices(
  services: readonly Service[],
  inside: ReadonlySet<string>,
  owned: ReadonlyMap<string, unknown>,
): Map<string, string> {
  const others = services.filter((each) => !owned.has(each.name))
  const managed = Map.groupBy(
    [...others.entries()].filter(
      ([, each]) => each.managedBy !== undefined && !inside.has(each.managedBy) && each.base.size > 0,
    ),
    // Whoever it selects has each of its labels.
    ([, each]) => pair([...each.base][0]!),
  )
  return new Map(
    others.flatMap((service) => {
      const [first] = [...service.base]
        .flatMap((each) => managed.get(pair(each)) ?? [])
        .filter(([, each]) => selects(each.base, service.base))
        .sort(([one], [other]) => one - other)
      const by = service.managedBy ?? first?.[1].managedBy
      return by === undefined || inside.has(by) ? [] : [[service.name, by] as const]
    }),
  )
}

/** Whether a Rollout's Services are apart: it has a revision that waits, of which nothing else is known. */
export function isUnderWay(rollout: string, services: Iterable<Service>): boolean {
  const hashes = [...services].flatMap((each) =>
    each.managedBy === rollout && each.hash !== undefined ? [each.hash] : [],
  )
  return new Set(hashes).size > 1
}
