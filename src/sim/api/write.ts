import {
  about,
  ApiFailure,
  fullKind,
  fullName,
  type KubeObject,
  notFound,
  type ResourceName,
  RESOURCES,
} from '../objects.ts'
import type { Store } from '../store.ts'
import { json, mediaType, objectIn, unsupported } from './body.ts'
import { withDefaults } from './defaults.ts'
import type { RequestInfo } from './request-info.ts'
import { strategicMerge } from './strategic-merge.ts'

/** A writing request on a resource that is served. */
export interface WriteRequest {
  readonly store: Store
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly resource: ResourceName
  readonly at: RequestInfo
  readonly query: URLSearchParams
  readonly contentType: string | undefined
  readonly body: string
  /** Who writes, as `metadata.managedFields` names him. */
  readonly by: string
}

/** @throws ApiFailure 400, 404, 409, 415, 422 */
export function create({ store, resource, at, query, contentType, body, by }: WriteRequest): KubeObject {
  const object = objectIn(body, contentType, resource, at)
  const { name, generateName } = object.metadata
  if (RESOURCES[resource].namespaced) mayBeIn(store, at.namespace!, resource, name ?? generateName)
  const [given, tried] = typeof name === 'string' ? [name, name] : [generateName, `${generateName}x`]
  if (typeof given === 'string' && !SUBDOMAIN.test(tried)) {
    throw new ApiFailure(
      422,
      'Invalid',
      `${fullKind(resource)} "${given}" is invalid: metadata.name: Invalid value: "${given}": ${SUBDOMAIN_RULE}`,
    )
  }
  return store.create(resource, at.namespace, withDefaults(resource, object, store), dryRun(query), by)
}

/** @throws ApiFailure 403, 404 where there is no such namespace, or it is going */
function mayBeIn(store: Store, namespace: string, resource: ResourceName, name: string): void {
  const found = store.get('namespaces', undefined, namespace)
  if (found === undefined) throw notFound('namespaces', namespace)
  if (found.metadata.deletionTimestamp !== undefined) {
    throw new ApiFailure(
      403,
      'Forbidden',
      `${fullName(resource)} ${JSON.stringify(name)} is forbidden: unable to ` +
        `create new content in namespace ${namespace} because it is being terminated`,
      about(resource, name),
    )
  }
}

/** @throws ApiFailure 400, 404, 409, 415, 422 where the resource takes no update without a resourceVersion */
export function update({ store, resource, at, query, contentType, body, by }: WriteRequest): KubeObject {
  const object = objectIn(body, contentType, resource, at)
  const name = at.name!
  if (
    !object.metadata.resourceVersion &&
    CONDITIONAL.has(resource) &&
    store.get(resource, at.namespace, name) !== undefined
  ) {
    throw new ApiFailure(
      422,
      'Invalid',
      `${fullName(resource)} ${JSON.stringify(name)} is invalid: metadata.resourceVersion: Invalid ` +
        `value: ${resource === 'leases' ? '""' : '0x0'}: must be specified for an update`,
      about(resource, name),
    )
  }
  return store.replace(resource, at.namespace, name, object, statusOf(at), dryRun(query), by)
}

/**
 * By its content type: a JSON, merge or strategic merge patch; the last not for custom resources. @throws ApiFailure
 * 400, 404, 409, 415, 422, 500
 */
export function patch({ store, resource, at, query, contentType, body, by }: WriteRequest): KubeObject {
  const name = at.name!
  const type = mediaType(contentType)
  const accepted =
    RESOURCES[resource].group === 'argoproj.io' ? [JSON_PATCH, MERGE_PATCH] : [JSON_PATCH, MERGE_PATCH, STRATEGIC]
  if (!accepted.includes(type)) throw unsupported(accepted)
  const change = json(body, 'error decoding patch')
  if (Array.isArray(change) !== (type === JSON_PATCH)) {
    throw new ApiFailure(
      400,
      'BadRequest',
      `error decoding patch: json: cannot unmarshal ${Array.isArray(change) ? 'array' : 'object'} ` +
        `into Go value of type ${type === JSON_PATCH ? 'jsonpatch.Patch' : 'map[string]interface {}'}`,
    )
  }
  if (type !== STRATEGIC) {
    return store.patch(resource, at.namespace, name, {
      type: type === JSON_PATCH ? 'json' : 'merge',
      body: change,
      subresource: statusOf(at),
      dryRun: dryRun(query),
      by,
    })
  }
  return store.replace(
    resource,
    at.namespace,
    name,
    strategicMerge(store.get(resource, at.namespace, name), change),
    statusOf(at),
    dryRun(query),
    by,
  )
}

const JSON_PATCH = 'application/json-patch+json'
const MERGE_PATCH = 'application/merge-patch+json'
const STRATEGIC = 'application/strategic-merge-patch+json'

/** Resources that take no update without a resourceVersion. */
const CONDITIONAL: ReadonlySet<ResourceName> = new Set(['rollouts', 'analysisruns', 'leases'])

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const SUBDOMAIN_RULE =
  'a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, ' +
  "'-' or '.', and must start and end with an alphanumeric character " +
  ("(e.g. 'example.com', regex used for validation is " +
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")

function statusOf({ subresource }: RequestInfo): 'status' | undefined {
  return subresource === 'status' ? 'status' : undefined
}

/** Whether nothing shall be kept. @throws ApiFailure 422 for anything but `All` */
export function dryRun(query: URLSearchParams): boolean {
  const asked = query.get('dryRun')
  if (asked !== null && asked !== '' && asked !== 'All')
    throw new ApiFailure(422, 'Invalid', `dryRun: Unsupported value: ${JSON.stringify(asked)}: supported values: "All"`)
  return asked === 'All'
}
