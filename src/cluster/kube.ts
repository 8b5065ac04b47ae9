import { at, text } from '../domain/objects/fields.ts'
import { applierOver } from './apply.ts'
import type { Attempt } from './attempt.ts'
import { malformed } from './errors.ts'
import type { ConnectionFlags } from './flags.ts'
import { type Cluster, ClusterError, type ObjectList, type Query, type Ref, type Resource } from './port.ts'
import { ask, dialled, type Line } from './request.ts'
import { isQuestion, pathOf } from './resources.ts'
import type { Repeat } from './retry.ts'
import { resolveTarget, type ClusterTarget } from './target.ts'
import { traceNote } from './trace.ts'
import { type HttpCall, openTransport } from './transport.ts'
import { TUNING, type Tuning } from './tuning.ts'
import { follow } from './watch.ts'

/**
 * Objects of a list in one answer. kubectl asks for 500; each page more is another way to the server and back, and
 * client-go's informers, of which any cluster has many, ask for all at once.
 */
const PAGE = 2500

/** A Service is a kilobyte or two, and a look waits for those of the whole namespace. */
const PAGES: Partial<Record<Resource, number>> = { services: 10_000 }

/**
 * Opens the cluster that kubectl would talk to with the same flags and environment. Nothing is sent yet.
 * @throws ClusterError, reason Configuration, where the kubeconfig names no usable cluster, user or context
 */
export async function openCluster(flags: ConnectionFlags, tuning: Partial<Tuning> = {}): Promise<Cluster> {
  const target = resolveTarget(flags)
  traceNote(flags, () => wordsOf(target))
  const tuned = { ...TUNING, ...tuning }
  const transport = openTransport(target, flags, tuned)
  const to = { server: target.cluster.server, user: target.user.name }
  const names = { context: target.context, namespace: target.namespace, server: to.server, guarded: target.guarded }
  const { requestTimeoutMs, chunkSize } = flags
  const asked = { requestTimeoutMs, chunkSize, uncompressed: target.disableCompression, say: flags.say, traced: flags }
  return clusterOver({ transport, to, tuning: tuned, ...asked, known: false }, names)
}

function wordsOf({ files, context, cluster, user, namespace }: ClusterTarget): string {
  const loaded = files.length === 0 ? 'no config file' : `config loaded from file ${files.join(', ')}`
  const as = user.name === '' ? 'nobody' : `user ${JSON.stringify(user.name)}`
  return `${loaded}; context ${JSON.stringify(context)}, ${cluster.server}, ${as}, namespace ${namespace}`
}

/** The cluster port over a transport: paths, pages, retries, watches that go on. */
export function clusterOver(line: Line, names: Pick<Cluster, 'context' | 'namespace' | 'server' | 'guarded'>): Cluster {
  const { transport, tuning: tuned } = line
  return {
    ...names,
    ...applierOver(line),
    traffic: transport.traffic,
    list: (resource, query, signal) => list(line, resource, query, 'read', signal),
    async listFew(resource, query, atMost, signal) {
      const { next, ...found } = await page(line, resource, query, 'never', signal, { limit: atMost })
      return next ? undefined : found
    },
    get: (resource, ref, signal, patient = false) =>
      ask(line, { ...onObject('get', 'GET', resource, ref), repeat: patient ? 'patient' : 'read', signal }),
    patch: (resource, ref, operations, { subresource, dryRun, once, signal } = {}) =>
      ask(line, {
        ...onObject('patch', 'PATCH', resource, ref, {
          subresource,
          dryRun,
          body: operations,
          type: 'application/json-patch+json',
        }),
        repeat: once ? 'never' : dryRun || operations.some(({ op }) => op === 'test') ? 'conditional' : 'once',
        signal,
      }),
    create: (resource, namespace, body, { dryRun, signal } = {}) =>
      ask(line, {
        call: {
          method: 'POST',
          path: withQuery(pathOf(resource, namespace), { dryRun: dryRun && 'All' }),
          ...payload(body),
        },
        attempt: { verb: 'create', resource, namespace, name: text(at(body, 'metadata', 'name')) },
        repeat: dryRun || isQuestion(resource) ? 'read' : 'once',
        signal,
      }),
    replace: (resource, ref, body, { dryRun, signal } = {}) =>
      ask(line, {
        ...onObject('update', 'PUT', resource, ref, { dryRun, body }),
        repeat: dryRun || at(body, 'metadata', 'resourceVersion') !== undefined ? 'read' : 'once',
        signal,
      }),
    async remove(resource, ref, { dryRun, resourceVersion, signal } = {}) {
      const body = {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        ...(resourceVersion !== undefined && { preconditions: { resourceVersion } }),
      }
      await ask(line, {
        ...onObject('delete', 'DELETE', resource, ref, { dryRun, body }),
        repeat: dryRun || resourceVersion !== undefined ? 'read' : 'once',
        signal,
      })
    },
    watch: (resource, query, signal) =>
      follow(
        line,
        {
          attempt: { verb: 'watch', resource, namespace: query.namespace },
          list: (until) => list(line, resource, query, 'never', until),
          pathFrom: (resourceVersion) =>
            collection(resource, query, {
              watch: 'true',
              allowWatchBookmarks: 'true',
              resourceVersion,
              timeoutSeconds: String(tuned.watchSeconds),
            }),
        },
        signal,
      ),
    async log({ namespace, name }, { container, lines, previous }, signal) {
      const asked = { container, tailLines: String(lines), ...(previous && { previous: 'true' }) }
      const answer = await ask(line, {
        call: { method: 'GET', path: withQuery(pathOf('pods', namespace, name, 'log'), asked) },
        attempt: { verb: 'get', resource: 'pods', namespace, name, subresource: 'log' },
        answers: 'text',
        repeat: 'read',
        signal,
      })
      return String(answer)
    },
    async forward({ namespace, name }, port, signal) {
      const attempt: Attempt = { verb: 'get', resource: 'pods', namespace, name, subresource: 'portforward' }
      const path = withQuery(pathOf('pods', namespace, name, 'portforward'), { ports: String(port) })
      const { podPort, PORT_PROTOCOL } = await import('./pod-port.ts')
      return podPort(await dialled(line, path, PORT_PROTOCOL, attempt, signal))
    },
    close: () => transport.close(),
  }
}

/**
 * All pages, from one version of the collection; where the server forgets it between two pages (410), all over again,
 * then undivided.
 */
async function list(
  line: Line,
  resource: Resource,
  query: Query,
  repeat: Repeat,
  signal?: AbortSignal,
): Promise<ObjectList> {
  const { chunkSize: limit = PAGES[resource] ?? PAGE } = line
  for (let tried = 0; limit > 0 && tried < 2; tried += 1) {
    try {
      return await pages(line, resource, query, repeat, signal, limit)
    } catch (error) {
      if (!(error instanceof ClusterError) || error.reason !== 'Expired') throw error
    }
  }
  return pages(line, resource, query, repeat, signal)
}

async function pages(
  line: Line,
  resource: Resource,
  query: Query,
  repeat: Repeat,
  signal?: AbortSignal,
  limit?: number,
): Promise<ObjectList> {
  const items: unknown[] = []
  let from: string | undefined
  for (;;) {
    const { next, ...found } = await page(line, resource, query, repeat, signal, { limit, from })
    for (const item of found.items) items.push(item)
    if (!next) return { ...found, items }
    from = next
  }
}

async function page(
  line: Line,
  resource: Resource,
  query: Query,
  repeat: Repeat,
  signal: AbortSignal | undefined,
  { limit, from }: { readonly limit: number | undefined; readonly from?: string | undefined },
): Promise<ObjectList & { readonly next: string | undefined }> {
  const attempt: Attempt = { verb: 'list', resource, namespace: query.namespace }
  const path = collection(resource, query, { limit: limit?.toString(), continue: from })
  const answer = await ask(line, { call: { method: 'GET', path }, attempt, repeat, signal })
  const items = at(answer, 'items') ?? []
  const of = at(answer, 'metadata')
  if (!Array.isArray(items) || of === undefined) throw malformed(attempt, line.to, 'is not a list')
  return { items, resourceVersion: text(at(of, 'resourceVersion')) ?? '', next: text(at(of, 'continue')) }
}

interface Sent {
  readonly subresource?: 'status' | undefined
  readonly dryRun?: boolean | undefined
  readonly body?: unknown
  readonly type?: string
}

function onObject(
  verb: Attempt['verb'],
  method: HttpCall['method'],
  resource: Resource,
  { namespace, name }: Ref,
  sent: Sent = {},
): { call: HttpCall; attempt: Attempt } {
  const { subresource, dryRun, body, type } = sent
  const path = withQuery(pathOf(resource, namespace, name, subresource), { dryRun: dryRun && 'All' })
  return {
    call: { method, path, ...(body !== undefined && payload(body, type)) },
    attempt: { verb, resource, namespace, name, subresource },
  }
}

function payload(body: unknown, type = 'application/json'): Pick<HttpCall, 'body' | 'headers'> {
  return { body: JSON.stringify(body), headers: { 'content-type': type } }
}

function collection(
  resource: Resource,
  { namespace, labelSelector, fieldSelector }: Query,
  more: Parameters<typeof withQuery>[1],
): string {
  return withQuery(pathOf(resource, namespace), { labelSelector, fieldSelector, ...more })
}

function withQuery(path: string, parameters: { readonly [name: string]: string | false | undefined }): string {
  const given = Object.entries(parameters).filter((each): each is [string, string] => Boolean(each[1]))
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}
