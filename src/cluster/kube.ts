import { at, text } from '../domain/objects/fields.ts'
import { applierOver } from './apply.ts'
import type { Attempt } from './attempt.ts'
import type { ConnectionFlags } from './flags.ts'
import { list, listFirst, listTable } from './list.ts'
import type { Cluster, Ref, Resource } from './port.ts'
import { ask, dialled, type Line } from './request.ts'
import { collection, isQuestion, pathOf, withQuery } from './resources.ts'
import { resolveTarget, type ClusterTarget } from './target.ts'
import { traceNote } from './trace.ts'
import { type HttpCall, openTransport } from './transport.ts'
import { TUNING, type Tuning } from './tuning.ts'
import { follow } from './watch.ts'

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
    listFirst: (resource, query, most, signal) => listFirst(line, resource, query, most, signal),
    listTable: (resource, query, signal) => listTable(line, resource, query, signal),
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
    create: (resource, namespace, body, { dryRun, once, signal } = {}) =>
      ask(line, {
        call: {
          method: 'POST',
          path: withQuery(pathOf(resource, namespace), { dryRun: dryRun && 'All' }),
          ...payload(body),
        },
        attempt: { verb: 'create', resource, namespace, name: text(at(body, 'metadata', 'name')) },
        repeat: once ? 'never' : dryRun || isQuestion(resource) ? 'read' : 'once',
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
