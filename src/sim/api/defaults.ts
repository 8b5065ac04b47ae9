import type { ResourceName } from '../objects.ts'
import { withServiceDefaults } from '../service-defaults.ts'
import type { Store } from '../store.ts'

/** What the API server fills in when an object is created. */
const DEFAULTS: Readonly<Partial<Record<ResourceName, (body: any, store: Store) => any>>> = {
  services: ({ spec, ...service }, store) => ({
    ...service,
    spec: {
      ...withServiceDefaults(spec),
      ...addressOf(service.metadata.name, spec, store),
    },
    status: { loadBalancer: {} },
  }),
  namespaces: (namespace) => ({ ...namespace, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } }),
}

/** A created object with the API server's defaults. */
export function withDefaults(resource: ResourceName, body: any, store: Store): any {
  return DEFAULTS[resource]?.(body, store) ?? body
}

const ADDRESSES = 65_000

/**
 * The address of a Service: the one it asks for (`None` for a headless one), none for an ExternalName, else one that no
 * other Service has; the same each time, so that a simulation run again is the same.
 */
function addressOf(name: string, spec: any, store: Store): object {
  if (spec?.type === 'ExternalName') return {}
  const taken = new Set([...store.all('services')].map((each) => each.spec?.clusterIP))
  let number = [...name].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % ADDRESSES, 7)
  const address = (): string => `10.96.${number >> 8}.${number & 255}`
  while (taken.has(address())) number = (number + 1) % ADDRESSES
  const clusterIP = spec?.clusterIP || address()
  return { clusterIP, clusterIPs: [clusterIP] }
}
