import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { PROTOBUF } from './api/protobuf.ts'
import { serve } from './api/serve.ts'
import { type ApiAnswer, REASONS, statusOf } from './api/status.ts'
import type { Watches } from './api/watches.ts'
import type { FaultStatus, Faults } from './faults.ts'
import { podPorts } from './pod-ports.ts'
import type { Store } from './store.ts'

// An import of it loads ten times as much.
const { createServer } = process.getBuiltinModule('node:http')

/** One request as it came in. */
export interface RequestRecord {
  /** Milliseconds since the epoch, in the simulation's time. */
  readonly time: number
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** As JSON where it is JSON, else the text; undefined where there is none. */
  readonly body: unknown
  /** Who asked; empty where that was not found out. */
  readonly user: string
  /** The HTTP status of the answer; undefined while, and if ever, it has none. */
  readonly status: number | undefined
}

export interface ServerOptions {
  readonly store: Store
  readonly watches: Watches
  readonly faults: Faults
  /**
   * Milliseconds since the epoch; called before each request is carried out, so that what is due by then has happened.
   */
  readonly now: () => number
  /** Default: any free one. */
  readonly port?: number | undefined
}

export interface Server {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** All requests, in the order in which they came in. */
  readonly requests: readonly RequestRecord[]
  /** Breaks all connections. */
  close(): Promise<void>
}

/** Starts an HTTP server on the loopback interface that answers as a Kubernetes API server. */
export async function startServer({ store, watches, faults, now, port = 0 }: ServerOptions): Promise<Server> {
  const requests: RequestRecord[] = []
  const server = createServer({ keepAlive: true }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      send(
        response,
        statusOf({ code: 500, reason: 'InternalError', message: `Internal error occurred: ${String(error)}` }),
        false,
      )
    })
  })
  server.keepAliveTimeout = 0
  const pods = podPorts(store)
  server.on('upgrade', (request, socket, head) => {
    const { method = 'GET', url = '/', headersDistinct: headers } = request
    const [path = '', ...search] = url.split('?')
    const query = new URLSearchParams(search.join('?'))
    const outcome = serve(store, now(), { method, path, query, headers, body: '' })
    const status = 'answer' in outcome ? outcome.answer.code : 101
    const asked = { method, path, query: Object.fromEntries(query), body: undefined, user: outcome.user.name }
    requests.push({ time: now(), ...asked, status })
    socket.on('error', () => undefined)
    if ('pod' in outcome) return pods.carry(request, socket, head, outcome.pod, outcome.port)
    const { code, body } = 'answer' in outcome ? outcome.answer : NO_UPGRADE
    const text = JSON.stringify(body)
    const length = Buffer.byteLength(text)
    socket.end(
      `HTTP/1.1 ${code} \r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n` +
        `connection: close\r\n\r\n${text}`,
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    const { method = 'GET', url = '/', headersDistinct: headers } = request
    const [path = '', ...search] = url.split('?')
    const query = new URLSearchParams(search.join('?'))
    const record = {
      time: now(),
      method,
      path,
      query: Object.fromEntries(query),
      body: parsed(body ?? ''),
      user: '',
      status: undefined as number | undefined,
    }
    requests.push(record)
    const failure = faults.next({ method, path: url }) ?? NONE
    if ('delay' in failure && failure.delay > 0) await setTimeout(failure.delay, undefined, { ref: false })
    const instead = insteadOf(failure) ?? (body === undefined ? TOO_LARGE : undefined)
    if (instead !== undefined) {
      record.status = instead.code
      return send(response, instead, gzips(request))
    }
    if ('lose' in failure && failure.lose === 'request') return void request.socket.destroy()

    const outcome = serve(store, now(), { method, path, query, headers, body: body ?? '' })
    record.user = outcome.user.name
    if ('lose' in failure) return void request.socket.destroy()
    if ('pod' in outcome) {
      record.status = NO_UPGRADE.code
      return send(response, NO_UPGRADE, gzips(request))
    }
    record.status = 'watch' in outcome ? 200 : outcome.answer.code
    if ('half' in failure) return sendHalf(response, 'watch' in outcome ? BROKEN_EVENT : outcome.answer, failure.half)
    if ('answer' in outcome) send(response, outcome.answer, gzips(request))
    else if (!response.destroyed) watches.open(response, outcome.watch)
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
        pods.close()
      }),
  }
}

/** Answers larger than this are compressed, as an API server does. */
const GZIP_FROM = 128 * 1024

/** A larger body is not kept, and refused (apiserver, server/config.go MaxRequestBodyBytes). */
const LARGEST = 3 * 1024 * 1024

const TOO_LARGE = statusOf({
  code: 413,
  reason: 'RequestEntityTooLarge',
  message: `Request entity too large: limit is ${LARGEST}`,
})

const NO_UPGRADE = statusOf({ code: 400, reason: 'BadRequest', message: 'Upgrade request required' })

const BROKEN_EVENT: ApiAnswer = { code: 200, body: { type: 'MODIFIED', object: {} } }

const NONE: FaultStatus = { delay: 0 }

function insteadOf(failure: FaultStatus): ApiAnswer | undefined {
  if ('body' in failure) return { code: 200, body: failure.body }
  if (!('status' in failure)) return undefined
  const { status: code, message, retryAfter } = failure
  const [reason, words] = REASONS[code] ?? ['InternalError', 'Internal error occurred']
  return statusOf({ code, reason, message: message ?? words }, retryAfter)
}

function send(response: ServerResponse, { code, body, headers = {} }: ApiAnswer, gzip: boolean): void {
  const plain = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const packed = gzip && plain.length > GZIP_FROM
  const payload = packed ? gzipSync(plain, { level: 1 }) : plain
  response
    .writeHead(code, {
      'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json',
      'content-length': payload.length,
      ...(packed && { 'content-encoding': 'gzip' }),
      ...headers,
    })
    .end(payload)
}

function sendHalf(response: ServerResponse, { code, body }: ApiAnswer, then: 'cut' | 'silent'): void {
  const payload = Buffer.from(JSON.stringify(body))
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': payload.length })
  response.write(payload.subarray(0, payload.length / 2), () => {
    if (then === 'cut') response.destroy()
  })
}

function gzips({ headers }: IncomingMessage): boolean {
  return String(headers['accept-encoding'] ?? '').includes('gzip')
}

/** The body, read to its end, bytes of protobuf as one letter each; undefined where it is too large. */
async function text(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= LARGEST) chunks.push(chunk)
  }
  return size > LARGEST
    ? undefined
    : Buffer.concat(chunks).toString(request.headers['content-type'] === PROTOBUF ? 'latin1' : 'utf8')
}

function parsed(body: string): unknown {
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
