import type { KubeObject } from './objects.ts'

/** A Service's spec as the API server keeps it, without an address (k8s.io/kubernetes, SetDefaults_Service). */
export function withServiceDefaults(spec: any): any {
  return {
    type: 'ClusterIP',
    sessionAffinity: 'None',
    ...(spec?.type !== 'ExternalName' && {
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    }),
    ...spec,
    ...(Array.isArray(spec?.ports) && {
      ports: spec.ports.map((port: any) => ({ protocol: 'TCP', targetPort: port?.port, ...port })),
    }),
  }
}

/** A Service that is written again: what the API server has filled in it fills in again, and its address stays. */
export function refilledService(next: KubeObject, current: KubeObject): KubeObject {
  const { clusterIP, clusterIPs, sessionAffinity } = current['spec'] ?? {}
  if (sessionAffinity === undefined) return next
  const keeps = clusterIP !== undefined && next['spec']?.type !== 'ExternalName' && !next['spec']?.clusterIP
  return { ...next, spec: { ...withServiceDefaults(next['spec']), ...(keeps && { clusterIP, clusterIPs }) } }
}
