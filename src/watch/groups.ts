import type { Snapshot } from '../domain/group/snapshot.ts'
import { at, text } from '../domain/objects/fields.ts'

/** The groups of a namespace: what was read, divided by the value of the group label, by name. */
export function groupsOf(snapshot: Snapshot, label: string): { readonly name: string; readonly snapshot: Snapshot }[] {
  const byName = Map.groupBy(snapshot.rollouts, (raw) => text(at(raw, 'metadata', 'labels', label)) ?? '')
  return [...byName.keys()]
    .filter((each) => each !== '')
    .sort()
    .map((name) => ({ name, snapshot: { ...snapshot, rollouts: byName.get(name)! } }))
}
