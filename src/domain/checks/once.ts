import type { Group } from '../group/read-group.ts'
import type { PlanOptions } from '../intent.ts'

/** Works something out once for a group and what is asked of it; it is forgotten with the group. */
export function once<T>(work: (group: Group, options: PlanOptions) => T): (group: Group, options: PlanOptions) => T {
  const known = new WeakMap<Group, Map<string, T>>()
  return (group, options) => {
    const key = JSON.stringify({ ...options, allow: [...(options.allow ?? [])].sort() })
    const found = known.get(group) ?? new Map<string, T>()
    known.set(group, found)
    if (!found.has(key)) found.set(key, work(group, options))
    return found.get(key)!
  }
}
