import { settings, type Configs } from './environment.ts'
import type { PodTemplate } from './pod-template.ts'
import type { Role } from './member.ts'
import type { Strategy } from './strategy.ts'

/** A host name in a revision's pod template that resolves to a Service of another member. */
export interface Wire {
  /** The member it leads to. */
  readonly to: string
  readonly service: string
  /** Where it stands, in a person's words. */
  readonly where: string
  /** Set where ephemeral metadata carries it: the role in which the pods have it, and how they read it. */
  readonly role?: { readonly of: Role; readonly by: 'volume' | 'field' }
}

/** A string of a pod template that may name hosts. */
interface Address {
  readonly value: string
  readonly where: string
  readonly role?: Wire['role']
}

/**
 * The Services (by name) a string names as hosts: `svc`, `svc.ns`, `svc.ns.svc`, `svc.ns.svc.DOMAIN`, bare, with a port,
 * in a URL, quoted, or in a list of these.
 */
export function hostsIn(value: string, namespace: string, services: ReadonlySet<string>): string[] {
  const words = value.split(/[\s'"`,;|=()[\]{}<>]+/)
  const found = words.flatMap((word) => {
    const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@]*@)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)\.?(?::\d+)?(?:[/?#].*)?$/i.exec(word)?.[1]?.toLowerCase()
    if (host === undefined) return []
    const [service = '', where, kind] = host.split('.')
    const here = (where === undefined || where === namespace) && (kind === undefined || kind === 'svc')
    return here && services.has(service) ? [service] : []
  })
  return [...new Set(found)]
}

/**
 * The wires of one revision.
 * @param owners the members whose pods each Service selects
 */
export function wiresOf(
  member: string, namespace: string, template: PodTemplate, strategy: Strategy, configs: Configs, owners: ReadonlyMap<string, readonly string[]>,
): Wire[] {
  const names = new Set(owners.keys())
  const addresses: Address[] = [
    ...template.containers.flatMap((container) => settings(container, configs).map(({ value, where }) => ({ value, where }))),
    ...roleAddresses(template, strategy),
  ]
  const wires = addresses.flatMap((address) =>
    hostsIn(address.value, namespace, names).flatMap((service): Wire[] => {
      const others = (owners.get(service) ?? []).filter((to) => to !== member)
      return others.map((to) => ({ to, service, where: address.where, ...(address.role && { role: address.role }) }))
    }))
  return wires.filter((wire, index) =>
    wires.findIndex((each) => each.service === wire.service && each.to === wire.to && each.role?.of === wire.role?.of && each.role?.by === wire.role?.by) === index)
}

/** Values of ephemeral metadata, as far as the template shows them to the process. */
function roleAddresses(template: PodTemplate, strategy: Strategy): Address[] {
  const fieldPaths = template.containers.flatMap((each) => each.env.flatMap((entry) => (entry.from === 'field' ? [entry.path] : [])))
  return (['live', 'next'] as const).flatMap((role) =>
    (['labels', 'annotations'] as const).flatMap((kind) =>
      [...strategy[role][kind]].flatMap(([key, value]): Address[] => {
        const shown = (paths: readonly string[]) => paths.some((path) => path === `metadata.${kind}` || path === `metadata.${kind}['${key}']`)
        const where = `${key}=${value} in ${metadataName(strategy, role)}.${kind}`
        return [
          ...(shown(template.volumeFields) ? [{ value, where, role: { of: role, by: 'volume' as const } }] : []),
          ...(shown(fieldPaths) ? [{ value, where, role: { of: role, by: 'field' as const } }] : []),
        ]
      })))
}

function metadataName(strategy: Strategy, role: 'live' | 'next'): string {
  const names = { BlueGreen: { live: 'activeMetadata', next: 'previewMetadata' }, Canary: { live: 'stableMetadata', next: 'canaryMetadata' } }
  return names[strategy.kind][role]
}
