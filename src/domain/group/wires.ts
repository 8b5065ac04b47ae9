import type { Configs } from '../objects/config-map.ts'
import type { PodTemplate } from '../objects/pod-template.ts'
import type { Strategy } from '../objects/strategy.ts'
import { filesOf, settings } from './environment.ts'
import { hostsIn, hostsInFile } from './hosts.ts'
import type { Outside, Wire } from './member.ts'

/** The Services that one string of a pod template names as hosts. */
export interface Address {
  readonly services: readonly string[]
  readonly where: string
  /** The ConfigMap in which it stands. */
  readonly configMap?: string | undefined
  readonly role?: Wire['role']
}

/**
 * Every string of one revision that names one of these Services: of its environment, arguments and files, and of its
 * metadata where it reads that.
 * @param names the Services that matter
 */
export function addressesOf(
  namespace: string,
  template: PodTemplate,
  strategy: Strategy,
  configs: Configs,
  names: ReadonlySet<string>,
): Address[] {
  const strings = [...template.containers, ...template.initContainers].flatMap((container) =>
    settings(container, configs),
  )
  const found: Address[] = [
    ...[...strings, ...roleSettings(template, strategy)].map(({ value, ...rest }) => ({
      ...rest,
      services: hostsIn(value, namespace, names),
    })),
    ...filesOf(template, configs).flatMap(({ content, configMap, where }) =>
      hostsInFile(content, namespace, names).map((service) => ({
        services: [service],
        configMap,
        where: `${service} in ${where}`,
      })),
    ),
  ]
  return found.filter((each) => each.services.length > 0)
}

/**
 * The wires of one revision.
 * @param owners the members whose pods each Service selects
 */
export function wiresOf(
  member: string,
  addresses: readonly Address[],
  owners: ReadonlyMap<string, readonly string[]>,
): Wire[] {
  const wires = addresses.flatMap((address) =>
    address.services.flatMap((service): Wire[] => {
      const others = (owners.get(service) ?? []).filter((to) => to !== member)
      return others.map((to) => ({ to, service, where: address.where, ...(address.role && { role: address.role }) }))
    }),
  )
  return wires.filter(
    (wire, index) =>
      wires.findIndex(
        (each) =>
          each.service === wire.service &&
          each.to === wire.to &&
          each.role?.of === wire.role?.of &&
          each.role?.by === wire.role?.by,
      ) === index,
  )
}

/**
 * What of one revision leads to Rollouts outside the group, once for each Service.
 * @param outside the Services that belong to such ones, with their Rollout
 */
export function outsideOf(addresses: readonly Address[], outside: ReadonlyMap<string, string>): Outside[] {
  const found = addresses.flatMap(({ services, where }) =>
    services.flatMap((service): Outside[] => {
      const rollout = outside.get(service)
      return rollout === undefined ? [] : [{ rollout, service, where }]
    }),
  )
  return found.filter((each, index) => found.findIndex((other) => other.service === each.service) === index)
}

/** Values of ephemeral metadata, as far as the template shows them to the process. */
function roleSettings(
  template: PodTemplate,
  strategy: Strategy,
): { readonly value: string; readonly where: string; readonly role: NonNullable<Wire['role']> }[] {
  const fieldPaths = [...template.containers, ...template.initContainers].flatMap((each) =>
    each.env.flatMap((entry) => (entry.from === 'field' ? [entry.path] : [])),
  )
  return (['live', 'next'] as const).flatMap((role) =>
    (['labels', 'annotations'] as const).flatMap((kind) =>
      [...strategy[role][kind]].flatMap(([key, value]) => {
        const shown = (paths: readonly string[]) =>
          paths.some((path) => path === `metadata.${kind}` || path === `metadata.${kind}['${key}']`)
        const where = `${key}=${value} in ${metadataName(strategy, role)}.${kind}`
        return [
          ...(shown(template.volumeFields) ? [{ value, where, role: { of: role, by: 'volume' as const } }] : []),
          ...(shown(fieldPaths) ? [{ value, where, role: { of: role, by: 'field' as const } }] : []),
        ]
      }),
    ),
  )
}

function metadataName(strategy: Strategy, role: 'live' | 'next'): string {
  const names = {
    BlueGreen: { live: 'activeMetadata', next: 'previewMetadata' },
    Canary: { live: 'stableMetadata', next: 'canaryMetadata' },
  }
  return names[strategy.kind][role]
}
