import type { Configs } from './environment.ts'
import type { Group } from './group.ts'
import type { Member, Revision, RevisionId } from './member.ts'
import { configMapsOf } from './pod-template.ts'
import type { ReplicaSet } from './revision.ts'
import type { Move } from './prove.ts'
import type { State } from './state.ts'

/** Why running pods may have been given something else than what can be read. */
export interface Unsure {
  readonly configMap: string
  /** When its data was changed after pods may have started, milliseconds since the epoch; undefined: it is gone. */
  readonly changed: number | undefined
  /** Whether it may hold an address. */
  readonly calls: boolean
  /** Whether it may hold the version. */
  readonly version: boolean
}

/** Pods that wait for a ConfigMap start when it comes: one that is made so soon after its pods, in milliseconds, was applied with them. */
const APPLIED_TOGETHER = 60_000

/**
 * The ConfigMaps of a revision that make it unsure. Pods keep the environment they started with (kubelet), and they cannot have
 * started before their ReplicaSet was made, nor before the last restart.
 * @param started milliseconds since the epoch, before which none of its pods started
 * @param holding the ConfigMaps that addresses were read from, the one of the version, and whether nothing but such a one can say it
 */
export function unsureOf({ template, pods, desired }: ReplicaSet, started: number, configs: Configs, holding: { readonly addresses: ReadonlySet<string>; readonly version: string | undefined; readonly unversioned: boolean }): Unsure[] {
  return configMapsOf(template).flatMap(({ name, optional }): Unsure[] => {
    const config = configs.get(name)
    if (config === 'missing') return optional ? [] : [{ configMap: name, changed: undefined, calls: true, version: holding.unversioned }]
    if (typeof config !== 'object' || (pods === 0 && desired === 0)) return []
    const [calls, version] = [holding.addresses.has(name), holding.version === name]
    const changed = config.edited !== undefined && config.edited > started ? config.edited : config.created > started + APPLIED_TOGETHER ? config.created : undefined
    return changed === undefined || (!calls && !version) ? [] : [{ configMap: name, changed, calls, version }]
  })
}

/** Whether it cannot be said whom a revision calls. */
export function callsUnknown(revision: Revision): boolean {
  return revision.unsure.some((each) => each.calls)
}

/** The members that a revision of which that is unknown may reach: those its siblings do; where these tell nothing either, all others. */
export function mayReach(group: Group, member: Member): ReadonlySet<string> {
  const told = member.dependsOn !== undefined || member.revisions.some((each) => each.role !== 'old' && !each.unsure.some(({ changed }) => changed === undefined))
  const found = new Set(told ? dependencies(member) : group.members.map((each) => each.name))
  for (const name of found) for (const each of group.members.filter((other) => other.name === name).flatMap(dependencies)) found.add(each)
  found.delete(member.name)
  return found
}

function dependencies(member: Member): string[] {
  return [...member.dependsOn ?? [], ...member.revisions.filter((each) => each.role !== 'old').flatMap((each) => each.wires.map((wire) => wire.to))]
}

/** The revisions that users have left, of which nobody knows whom they call, and whose last requests may reach a member that a wave changes. */
export function unsureBefore(group: Group, wave: readonly Move[], state: State): RevisionId[] {
  return group.members.flatMap((member) => {
    const left = member.revisions.filter((each) => callsUnknown(each) && (state.get(member.name) ?? []).some(({ held }) => held.has(each.id)))
    if (left.length === 0) return []
    const reached = mayReach(group, member)
    return wave.some((move) => reached.has(move.member)) ? left.map((each) => each.id) : []
  })
}
