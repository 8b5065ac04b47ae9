import type { ResourceName } from '../objects.ts'

/** What the API server fills in when an object is created. */
const DEFAULTS: Readonly<Partial<Record<ResourceName, (body: any) => any>>> = {
  services: ({ spec, ...service }) => ({
    ...service,
    spec: {
      type: 'ClusterIP',
      clusterIP: addressOf(service.metadata.name),
      sessionAffinity: 'None',
      ...spec,
      ...(Array.isArray(spec?.ports) && {
        ports: spec.ports.map((port: any) => ({ protocol: 'TCP', targetPort: port?.port, ...port })),
      }),
    },
    status: { loadBalancer: {} },
  }),
  namespaces: (namespace) => ({ ...namespace, spec: { finalizers: ['kubernetes'] } }),
}

/** A created object with the API server's defaults. */
export function withDefaults(resource: ResourceName, body: any): any {
  return DEFAULTS[resource]?.(body) ?? body
}

/** The same address for the same name, so that a simulation run again is the same. */
function addressOf(name: string): string {
  const sum = [...name].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 65_000, 7)
  return `10.96.${sum >> 8}.${sum & 255}`
}
