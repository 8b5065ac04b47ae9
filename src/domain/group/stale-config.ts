import type { Configs } from '../objects/config-map.ts'
import { configMapsOf } from '../objects/pod-template.ts'
import type { ReplicaSet } from '../objects/replica-set.ts'
import type { Unsure } from './member.ts'

/**
 * Pods that wait for a ConfigMap start when it comes: one that is made so soon after its pods, in milliseconds, was
 * applied with them.
 */
const APPLIED_TOGETHER = 60_000

/**
 * The ConfigMaps of a revision that make it unsure. Pods keep the environment they started with (kubelet), and they
 * cannot have started before their ReplicaSet was made, nor before the last restart.
 * @param started milliseconds since the epoch, before which none of its pods started
 * @param holding the ConfigMaps that addresses were read from, the one of the version, and whether nothing but such a
 *   one can say it
 */
export function unsureOf(
  { template, pods, desired }: ReplicaSet,
  started: number,
  configs: Configs,
  holding: {
    readonly addresses: ReadonlySet<string>
    readonly version: string | undefined
    readonly unversioned: boolean
  },
): Unsure[] {
  return configMapsOf(template).flatMap(({ name, optional }): Unsure[] => {
    const config = configs.get(name)
    if (config === 'missing')
      return optional ? [] : [{ configMap: name, changed: undefined, calls: true, version: holding.unversioned }]
    if (typeof config !== 'object' || (pods === 0 && desired === 0)) return []
    const [calls, version] = [holding.addresses.has(name), holding.version === name]
    const changed =
      config.edited !== undefined && config.edited > started
        ? config.edited
        : config.created > started + APPLIED_TOGETHER
          ? config.created
          : undefined
    return changed === undefined || (!calls && !version) ? [] : [{ configMap: name, changed, calls, version }]
  })
}
