import type { HttpCall } from '../../src/cluster/transport.ts'
import { at, text } from '../../src/domain/objects/fields.ts'
import type { UserName } from '../../src/sim/api/access.ts'
import { requestInfo, type RequestInfo, type ApiVerb, verbOf } from '../../src/sim/api/request-info.ts'

/** One request, as the API server understood it. */
export interface Sent {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly user: UserName
  readonly verb: ApiVerb
  readonly resource: string
  readonly subresource: string | undefined
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  /** HTTP status; undefined where the client got none. */
  status: number | undefined
  answer: unknown
}

export type Match = (request: Sent) => boolean

/** Requests whose fields are these. */
export function those(wanted: Partial<Pick<Sent, 'user' | 'verb' | 'resource' | 'subresource' | 'name'>>): Match {
  return (request) => Object.entries(wanted).every(([key, value]) => request[key as keyof Sent] === value)
}

/** Requests that change something stored. */
export const isWrite: Match = ({ verb, resource, query }) =>
  ['create', 'update', 'patch', 'delete'].includes(verb) &&
  !resource.startsWith('selfsubject') &&
  query['dryRun'] === undefined

/** A path that names no resource asks what is served. */
const DISCOVERY: RequestInfo = {
  group: '',
  version: '',
  namespace: undefined,
  resource: 'discovery',
  name: undefined,
  subresource: undefined,
}

/** What a call asks for. */
export function requestOf(
  { method, path: url, body = '' }: HttpCall,
  user: UserName,
  now: number,
): { request: Sent; info: RequestInfo; query: URLSearchParams; path: string } {
  const { pathname: path, searchParams: query } = new URL(url, 'http://sim')
  const parsed: unknown = body === '' ? undefined : JSON.parse(body)
  const info = requestInfo(path) ?? DISCOVERY
  const { resource, subresource, namespace, name = text(at(parsed, 'metadata', 'name')) } = info
  const request: Sent = {
    at: now,
    user,
    verb: verbOf(method, info.name, query.has('watch'))!,
    resource,
    subresource,
    namespace,
    name,
    query: Object.fromEntries(query),
    body: parsed,
    status: undefined,
    answer: undefined,
  }
  return { request, info, query, path }
}
