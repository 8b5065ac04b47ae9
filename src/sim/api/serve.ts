import { ApiFailure, fullName, type KubeObject, notFound, type ResourceName } from '../objects.ts'
import { matcher, type Selection } from '../selection.ts'
import type { Store } from '../store.ts'
import { allowed, authenticate, forbidden, impersonated, type User } from './access.ts'
import { mediaType, objectIn } from './body.ts'
import { remove } from './delete.ts'
import { discover } from './discovery.ts'
import { asList, integerIn, list, versionIn } from './list.ts'
import { openapi } from './openapi.ts'
import { requestInfo, type RequestInfo, servedAt, type ApiVerb, verbOf } from './request-info.ts'
import { review } from './review.ts'
import { type ApiAnswer, statusOf } from './status.ts'
import { asTable, wantsTable } from './table.ts'
import type { WatchRequest } from './watches.ts'
import { scale } from './scale.ts'
import { APPLY_PATCH, serverSideApply } from './server-side-apply.ts'
import { create, patch, update, type WriteRequest } from './write.ts'

/** One HTTP request, read whole. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** What a request comes to: an answer, a watch to open, or ports of a pod to carry. */
export type Served =
  | { readonly user: User; readonly answer: ApiAnswer }
  | { readonly user: User; readonly watch: WatchRequest }
  | { readonly user: User; readonly pod: KubeObject; readonly port: number }

/**
 * Carries out one request in the API server's order: who asks, whether he may, whether it is served, then the deed
 * itself. It never throws an ApiFailure: failures are answers.
 */
export function serve(store: Store, now: number, request: ApiRequest): Served {
  let user: User = { name: '', groups: [] }
  try {
    const { headers, path, method, query } = request
    user = impersonated(
      authenticate(one(headers.authorization)),
      one(headers['impersonate-user']),
      [headers['impersonate-group'] ?? []].flat(),
    )
    const found = discover(path) ?? openapi(path)
    if (found !== undefined) return { user, answer: { code: 200, body: found } }
    const info = requestInfo(path)
    if (info === undefined) return { user, answer: { code: 404, body: '404 page not found\n' } }
    const watch = query.get('watch') === 'true' || query.get('watch') === '1'
    const verb = verbOf(method, info.name, watch)
    if (verb === undefined) throw NOT_ALLOWED
    if (allowed(user, { ...info, verb }) === undefined) throw forbidden(user, verb, info)
    const resource = servedAt(info)
    if (resource === undefined)
      throw new ApiFailure(404, 'NotFound', 'the server could not find the requested resource')
    const selection = {
      namespace: info.namespace,
      labelSelector: query.get('labelSelector') ?? undefined,
      fieldSelector: query.get('fieldSelector') ?? undefined,
    }
    if (resource.startsWith('selfsubject') ? verb !== 'create' : info.subresource !== undefined && verb === 'delete')
      throw NOT_ALLOWED
    if (info.subresource === 'portforward') return { user, ...portOf(store, info, query) }
    if (verb === 'watch') return { user, watch: watchOf(resource, selection, request) }
    return { user, answer: carryOut(verb, resource, info, selection, { store, now, user, request }) }
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    return { user, answer: statusOf(error) }
  }
}

/** @throws ApiFailure 404, or 400 for what is no port or a pod that does not run (core, PortForwardREST) */
function portOf(store: Store, { namespace, name }: RequestInfo, query: URLSearchParams) {
  const pod = store.get('pods', namespace, name!)
  if (pod === undefined) throw notFound('pods', name!)
  const port = Number(query.get('ports'))
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new ApiFailure(400, 'BadRequest', 'query parameter "ports" is required')
  return { pod, port }
}

interface Context {
  readonly store: Store
  readonly now: number
  readonly user: User
  readonly request: ApiRequest
}

function carryOut(
  verb: ApiVerb,
  resource: ResourceName,
  at: RequestInfo,
  selection: Selection,
  { store, now, user, request }: Context,
): ApiAnswer {
  const { query, headers, body } = request
  const contentType = one(headers['content-type'])
  const by = query.get('fieldManager') ?? (one(headers['user-agent']) ?? 'unknown').split('/')[0]!
  const write: WriteRequest = { store, now, resource, at, query, contentType, body, by }
  if (at.subresource === 'scale') return { code: 200, body: scale(verb, write) }
  if (resource.startsWith('selfsubject'))
    return { code: 201, body: review(resource, objectIn(body, contentType, resource, at), user) }
  switch (verb) {
    case 'list':
    case 'get':
      return { code: 200, body: read(verb, resource, at, selection, { store, now, request }) }
    case 'create':
      if (at.name !== undefined || (at.namespace === undefined && resource !== 'namespaces')) throw NOT_ALLOWED
      return { code: 201, body: create(write) }
    case 'update':
    case 'patch':
      if (at.name === undefined) throw NOT_ALLOWED
      return { code: 200, body: changed(verb, write) }
    case 'delete':
      return { code: 200, body: deleted(resource, remove(write)) }
    default:
      throw NOT_ALLOWED
  }
}

/** One object, or a list of them, as a table where one is asked for. @throws ApiFailure 404 */
function read(
  verb: 'list' | 'get',
  resource: ResourceName,
  { namespace, name }: RequestInfo,
  selection: Selection,
  { store, now, request: { query, headers } }: Omit<Context, 'user'>,
): unknown {
  const table = wantsTable(one(headers.accept))
  const includeObject = query.get('includeObject') ?? undefined
  if (verb === 'list') {
    const page = list(store, resource, selection, query)
    return table
      ? asTable(resource, page.items, { metadata: page.metadata, now, includeObject })
      : asList(resource, page)
  }
  const object = store.get(resource, namespace, name!)
  if (object === undefined) throw notFound(resource, name!)
  const metadata = { resourceVersion: object.metadata.resourceVersion }
  return table ? asTable(resource, [object], { metadata, now, includeObject }) : object
}

function changed(verb: 'update' | 'patch', write: WriteRequest): KubeObject {
  if (verb === 'update') return update(write)
  return mediaType(write.contentType) === APPLY_PATCH ? serverSideApply(write) : patch(write)
}

/** What the API server says of an object that it has deleted. */
function deleted(resource: ResourceName, { metadata: { name, uid } }: KubeObject): unknown {
  const [kind, ...group] = fullName(resource).split('.')
  const details = { name, ...(group.length > 0 && { group: group.join('.') }), kind, uid }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}

const NOT_ALLOWED = new ApiFailure(
  405,
  'MethodNotAllowed',
  'the server does not allow this method on the requested resource',
)

/**
 * @throws ApiFailure 400 for selectors, versions and times that cannot be parsed; 422 for what only newer servers can
 */
function watchOf(resource: ResourceName, selection: Selection, { query, headers }: ApiRequest): WatchRequest {
  matcher(selection)
  versionIn(query)
  integerIn(query, 'timeoutSeconds')
  if (query.has('sendInitialEvents')) {
    throw new ApiFailure(
      422,
      'Invalid',
      'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents ' +
        'is forbidden for watch unless the WatchList feature gate is enabled',
    )
  }
  return { resource, selection, query, table: wantsTable(one(headers.accept)) }
}

function one(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header
}
