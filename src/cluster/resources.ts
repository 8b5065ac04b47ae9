import type { Query, Resource } from './port.ts'

/** Where the API serves each resource: `api/VERSION` for the core group, `apis/GROUP/VERSION` for the others. */
const SERVED_AT: { readonly [R in Resource]: string } = {
  rollouts: 'apis/argoproj.io/v1alpha1',
  analysisruns: 'apis/argoproj.io/v1alpha1',
  replicasets: 'apis/apps/v1',
  deployments: 'apis/apps/v1',
  services: 'api/v1',
  configmaps: 'api/v1',
  namespaces: 'api/v1',
  pods: 'api/v1',
  resourcequotas: 'api/v1',
  events: 'api/v1',
  endpointslices: 'apis/discovery.k8s.io/v1',
  ingresses: 'apis/networking.k8s.io/v1',
  httproutes: 'apis/gateway.networking.k8s.io/v1',
  leases: 'apis/coordination.k8s.io/v1',
  selfsubjectaccessreviews: 'apis/authorization.k8s.io/v1',
  selfsubjectreviews: 'apis/authentication.k8s.io/v1',
}

/** The API group of a resource; empty for the core group. */
export function groupOf(resource: Resource): string {
  return SERVED_AT[resource].match(/^apis\/([^/]+)/)?.[1] ?? ''
}

/** A resource as kubectl takes it unambiguously: `rollouts.argoproj.io`, `services`. */
export function qualified(resource: Resource): string {
  const group = groupOf(resource)
  return group === '' ? resource : `${resource}.${group}`
}

/** The path of a collection, or of one object or its subresource, below the server's URL. */
export function pathOf(resource: Resource, namespace?: string, name?: string, subresource?: string): string {
  const parts = [SERVED_AT[resource]]
  if (namespace !== undefined) parts.push('namespaces', encodeURIComponent(namespace))
  parts.push(resource)
  if (name !== undefined) parts.push(encodeURIComponent(name))
  if (subresource !== undefined) parts.push(subresource)
  return `/${parts.join('/')}`
}

/** The path of a list or a watch. */
export function collection(
  resource: Resource,
  { namespace, labelSelector, fieldSelector }: Query,
  more: Parameters<typeof withQuery>[1],
): string {
  return withQuery(pathOf(resource, namespace), { labelSelector, fieldSelector, ...more })
}

/** A path with those of the parameters that are given. */
export function withQuery(path: string, parameters: { readonly [name: string]: string | false | undefined }): string {
  const given = Object.entries(parameters).filter((each): each is [string, string] => Boolean(each[1]))
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}

/** Reviews are questions asked by POST: nothing is stored, so they may be asked again. */
export function isQuestion(resource: Resource): boolean {
  return resource === 'selfsubjectaccessreviews' || resource === 'selfsubjectreviews'
}
