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
  const managed = others.filter(({ managedBy, base }) => isOutside(managedBy) && base.size > 0)
  // Whoever one selects has each of its labels.
  const byLabel = Map.groupBy(managed.entries(), ([, { base }]) => pair([...base][0]!))
  const outside = new Map<string, string>()
  for (const { name, base, managedBy } of others) {
    const by = managedBy ?? firstOf(base, byLabel)?.managedBy
    if (isOutside(by)) outside.set(name, by)
  }
  return outside

  function isOutside(rollout: string | undefined): rollout is string {
    return rollout !== undefined && !inside.has(rollout)
  }
}

/** The first that selects whatever has these labels. */
function firstOf(
  labels: Service['base'],
  byLabel: ReadonlyMap<string, readonly (readonly [number, Service])[]>,
): Service | undefined {
  let first: readonly [number, Service] | undefined
  for (const label of labels)
    for (const each of byLabel.get(pair(label)) ?? [])
      if ((first === undefined || each[0] < first[0]) && selects(each[1].base, labels)) first = each
  return first?.[1]
}

/** Whether a Rollout's Services are apart: it has a revision that waits, of which nothing else is known. */
export function isUnderWay(rollout: string, services: Iterable<Service>): boolean {
  const hashes = [...services].flatMap((each) =>
    each.managedBy === rollout && each.hash !== undefined ? [each.hash] : [],
  )
  return new Set(hashes).size > 1
}
