import { at, type Fields, fields, list, strings, text } from '../domain/objects/fields.ts'
import { HASH_LABEL } from '../domain/objects/labels.ts'
import type { Attempt } from './attempt.ts'
import { type Applier, ClusterError, type PatchOptions } from './port.ts'
import { ask, type Line, repeated } from './request.ts'
import { threeWay } from './three-way.ts'

/** Where `kubectl apply` keeps what it applied, to know later what was taken out of a manifest. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
/** What `kubectl apply` calls itself. */
const CLIENT_SIDE = 'kubectl-client-side-apply'
const SERVER_SIDE = 'kubectl'

/** Where the API serves one kind of object. */
interface Served {
  readonly plural: string
  readonly namespaced: boolean
}

/**
 * `kubectl apply` over our own connection, each object in the way in which it was applied before: client-side where it
 * has the annotation of that, else server-side by the manager that it has, never by force. Replicas that somebody
 * scales are left to him.
 */
export function applierOver(line: Line): Applier {
  const known = new Map<string, Promise<ReadonlyMap<string, Served>>>()
  const kinds = (apiVersion: string, signal?: AbortSignal) => {
    const found = known.get(apiVersion) ?? servedKinds(line, apiVersion, signal)
    known.set(apiVersion, found)
    found.catch(() => known.delete(apiVersion))
    return found
  }
  const place = async (object: unknown, signal?: AbortSignal): Promise<Place> => {
    const apiVersion = text(at(object, 'apiVersion')) ?? ''
    const kind = text(at(object, 'kind')) ?? ''
    const served = (await kinds(apiVersion, signal)).get(kind)
    if (served === undefined) throw notServed(kind, apiVersion)
    const [namespace, name] = [text(at(object, 'metadata', 'namespace')), text(at(object, 'metadata', 'name')) ?? '']
    return { served, apiVersion, kind, name, namespace: served.namespaced ? namespace : undefined }
  }
  const look = async (found: Place, repeat: 'read' | 'never', signal?: AbortSignal): Promise<unknown> => {
    try {
      return await ask(line, { ...on(found, 'get', 'GET', true), repeat, signal })
    } catch (error) {
      if (error instanceof ClusterError && error.reason === 'NotFound') return undefined
      throw error
    }
  }
  return {
    look: async (object, signal) => look(await place(object, signal), 'read', signal),
    async apply(object, options = {}) {
      const { dryRun, once, signal } = options
      const found = await place(object, signal)
      const tried = async (repeat: 'read' | 'never') =>
        written(line, found, object, await look(found, repeat, signal), options)
      if (dryRun === true || once === true) return await tried('read')
      // Looked at anew each time: what is in already is not sent again, and what somebody made meanwhile is changed.
      const whole = { ...on(found, 'patch', 'PATCH', true), repeat: 'conditional', signal } as const
      return await repeated(line, whole, () => tried('never'))
    },
  }
}

interface Place {
  readonly served: Served
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace: string | undefined
}

async function servedKinds(line: Line, apiVersion: string, signal?: AbortSignal): Promise<ReadonlyMap<string, Served>> {
  const attempt: Attempt = { verb: 'get', resource: 'rollouts', namespace: undefined, of: { kind: apiVersion } }
  try {
    const found = await ask(line, {
      call: { method: 'GET', path: `/${baseOf(apiVersion)}` },
      attempt,
      repeat: 'read',
      signal,
    })
    return new Map(
      list(at(found, 'resources')).flatMap((each): [string, Served][] => {
        const [plural, kind] = [text(at(each, 'name')) ?? '', text(at(each, 'kind')) ?? '']
        return plural.includes('/') ? [] : [[kind, { plural, namespaced: at(each, 'namespaced') === true }]]
      }),
    )
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'NotFound') return new Map()
    throw error
  }
}

function notServed(kind: string, apiVersion: string): ClusterError {
  return new ClusterError('NotFound', `this cluster knows no ${kind} of ${apiVersion || 'no apiVersion'}`)
}

function baseOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`
}

function on(
  { served, apiVersion, kind, name, namespace }: Place,
  verb: Attempt['verb'],
  method: 'GET' | 'POST' | 'PATCH',
  named: boolean,
  more: Readonly<Record<string, string | undefined>> = {},
) {
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  const path = `/${baseOf(apiVersion)}${scope}/${served.plural}${named ? `/${encodeURIComponent(name)}` : ''}`
  const query = new URLSearchParams(Object.entries(more).filter((each): each is [string, string] => Boolean(each[1])))
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
  return {
    call: { method, path: query.size === 0 ? path : `${path}?${query}` },
    attempt: {
      verb,
      resource: 'rollouts' as const,
      namespace,
      name,
      of: { kind: kind.toLowerCase(), qualified: `${served.plural}${group}` },
    },
  }
}

async function written(
  line: Line,
  place: Place,
  object: unknown,
  live: unknown,
  { dryRun, once, signal }: Omit<PatchOptions, 'subresource'>,
): Promise<unknown> {
  const repeat = dryRun === true && once !== true ? 'read' : 'never'
  const tried = dryRun === true ? 'All' : undefined
  const send = (method: 'POST' | 'PATCH', body: unknown, type: string, more: Record<string, string>) => {
    const verb = method === 'POST' ? 'create' : 'patch'
    const { call, attempt } = on(place, verb, method, method === 'PATCH', { dryRun: tried, ...more })
    const sent = { ...call, body: JSON.stringify(body), headers: { 'content-type': type } }
    return ask(line, { call: sent, attempt, repeat, signal })
  }
  if (live === undefined && JSON.stringify(object).length < MOST_NOTED)
    return send('POST', annotated(object, object), 'application/json', { fieldManager: CLIENT_SIDE })
  const last = strings(at(live, 'metadata', 'annotations')).get(LAST_APPLIED)
  const unscaled = isScaled(live) ? without(object) : object
  if (last !== undefined) {
    const before = isScaled(live) ? without(noted(last)) : noted(last)
    return Object.keys(threeWay(before, plain(unscaled), live)).length === 0
      ? live
      : send('PATCH', threeWay(before, annotated(unscaled, object), live), 'application/merge-patch+json', {
          fieldManager: CLIENT_SIDE,
        })
  }
  try {
    return await send('PATCH', pointedAsLive(unscaled, live), 'application/apply-patch+yaml', {
      fieldManager: managerOf(live),
    })
  } catch (error) {
    // Another one owns a field: sending it again would not help.
    if (error instanceof ClusterError && error.reason === 'Conflict')
      throw new ClusterError('Invalid', error.message, { status: 409, said: error.said, cause: error })
    throw error
  }
}

/** What was applied last; what somebody made illegible of it counts as nothing, so that nothing is taken away. */
function noted(last: string): unknown {
  try {
    return JSON.parse(last)
  } catch {
    return {}
  }
}

/** Letters that an annotation takes, and room for the others (apimachinery, TotalAnnotationSizeLimitB is 256 KiB). */
const MOST_NOTED = 240 * 1024

/** With the annotation by which client-side apply knows later what was taken out. */
function annotated(object: unknown, applied: unknown): unknown {
  const noted = { [LAST_APPLIED]: `${JSON.stringify(plain(applied))}\n` }
  return annotatedWith(object, { ...annotationsOf(object), ...noted })
}

/** As it is noted: its annotations are there, even if there are none (kubectl, GetModifiedConfiguration). */
function plain(object: unknown): unknown {
  return annotatedWith(object, annotationsOf(object))
}

function annotationsOf(object: unknown): Fields {
  return fields(at(object, 'metadata', 'annotations'))
}

function annotatedWith(object: unknown, annotations: Fields): unknown {
  return { ...fields(object), metadata: { ...fields(at(object, 'metadata')), annotations } }
}

/** Whether somebody, as an autoscaler, has set the number of its pods by the scale subresource. */
function isScaled(live: unknown): boolean {
  return list(at(live, 'metadata', 'managedFields')).some((each) => at(each, 'subresource') === 'scale')
}

function without(object: unknown): unknown {
  const { replicas: _, ...spec } = fields(at(object, 'spec'))
  return { ...fields(object), spec }
}

/**
 * A selector is one field to server-side apply: what a controller has put into it would be gone until that looks again,
 * and the Service on all revisions (seen on 1.10.1).
 */
function pointedAsLive(object: unknown, live: unknown): unknown {
  const hash = at(live, 'spec', 'selector', HASH_LABEL)
  if (at(object, 'kind') !== 'Service' || hash === undefined) return object
  const spec = fields(at(object, 'spec'))
  return { ...fields(object), spec: { ...spec, selector: { ...fields(spec['selector']), [HASH_LABEL]: hash } } }
}

/** Who has applied it before. */
function managerOf(live: unknown): string {
  const owner = list(at(live, 'metadata', 'managedFields')).find(
    (each) => at(each, 'operation') === 'Apply' && at(each, 'subresource') === undefined,
  )
  return text(at(owner, 'manager')) ?? SERVER_SIDE
}
