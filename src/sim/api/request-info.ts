import { ApiFailure, type ResourceName, RESOURCES } from '../objects.ts'

/** A path taken apart, as the API server does before it knows whether it serves such a resource. */
export interface RequestInfo {
  readonly group: string
  readonly version: string
  readonly namespace: string | undefined
  readonly resource: string
  readonly name: string | undefined
  readonly subresource: string | undefined
}

export type ApiVerb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

/** Reads `/api/v1/…` or `/apis/GROUP/VERSION/…`; undefined where the path names no resource. */
export function requestInfo(path: string): RequestInfo | undefined {
  const [root, ...rest] = path.split('/').slice(1).map(decoded)
  if (root !== 'api' && root !== 'apis') return undefined
  const [group = '', version = '', ...parts] = root === 'api' ? ['', ...rest] : rest
  const inNamespace = parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== 'status'
  const [resource, name, subresource, ...more] = inNamespace ? parts.slice(2) : parts
  if (resource === undefined || resource === '' || more.length > 0) return undefined
  return { group, version, namespace: inNamespace ? parts[1] : undefined, resource, name, subresource }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new ApiFailure(400, 'BadRequest', `invalid URL escape ${JSON.stringify(segment)}`)
  }
}

/** The resource that is served at this place, or undefined: an unknown one, or a namespace where none belongs. */
export function servedAt({
  group,
  version,
  resource,
  namespace,
  name,
  subresource,
}: RequestInfo): ResourceName | undefined {
  if (!Object.hasOwn(RESOURCES, resource)) return undefined
  const served = RESOURCES[resource as ResourceName]
  if (served.group !== group || served.version !== version) return undefined
  if (namespace !== undefined && !served.namespaced) return undefined
  if (namespace === undefined && served.namespaced && name !== undefined) return undefined
  if (subresource !== undefined && !hasSubresource(resource as ResourceName, subresource)) return undefined
  return resource as ResourceName
}

/** Resources with a `scale` subresource. */
export const SCALED: ReadonlySet<ResourceName> = new Set(['rollouts', 'replicasets', 'deployments'])

function hasSubresource(resource: ResourceName, subresource: string): boolean {
  if (subresource === 'portforward') return resource === 'pods'
  return subresource === 'status' ? RESOURCES[resource].status : subresource === 'scale' && SCALED.has(resource)
}

/** What a method asks for, as access rules name it; undefined for a method the API has no use for. */
export function verbOf(method: string, name: string | undefined, watch: boolean): ApiVerb | undefined {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return name !== undefined ? 'get' : watch ? 'watch' : 'list'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete'
    default:
      return undefined
  }
}
