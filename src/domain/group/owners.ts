import type { ReplicaSet } from '../objects/replica-set.ts'
import type { Rollout } from '../objects/rollout.ts'
import { pair, selects, type Service } from '../objects/service.ts'
import { namedServices } from '../objects/strategy.ts'

/**
 * A Service belongs to the member whose strategy names it, and to every member whose pods its selector selects or asks
 * for.
 */
export function ownersOf(
  rollouts: readonly Rollout[],
  owned: ReadonlyMap<string, readonly ReplicaSet[]>,
  services: ReadonlyMap<string, Pick<Service, 'name' | 'base'>>,
): Map<string, string[]> {
  const named = groupedBy(rollouts, ({ strategy }) => namedServices(strategy))
  const labelled = groupedBy(rollouts, ({ name, selector }) =>
    [selector, ...(owned.get(name) ?? []).map((set) => set.template.labels)].flatMap((each) => [...each].map(pair)),
  )
  const owners = new Map<string, string[]>()
  for (const service of services.values()) {
    const own = named.get(service.name) ?? []
    // Whoever it selects, or is selected by, has one of its labels.
    const alike = new Set(own)
    for (const label of service.base) for (const each of labelled.get(pair(label)) ?? []) alike.add(each)
    // Of a namespace's thousands most are others'.
    if (alike.size === 0) continue
    const members = [...alike].filter(
      (rollout) =>
        own.includes(rollout) ||
        (owned.get(rollout.name) ?? []).some((set) => selects(service.base, set.template.labels)) ||
        selects(rollout.selector, service.base),
    )
    if (members.length > 0) owners.set(service.name, members.map((each) => each.name).sort())
  }
  return owners
}

function groupedBy<T>(all: readonly T[], keysOf: (each: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>()
  for (const each of all)
    for (const key of new Set(keysOf(each))) {
      const known = found.get(key)
      if (known === undefined) found.set(key, [each])
      else known.push(each)
    }
  return found
}
