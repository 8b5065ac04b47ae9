import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { ControlPlane } from '../../controlplane/start.ts'
import { EVIL } from './harmless.ts'
import { totals } from './ledger.ts'

/** A request that came in. */
export interface Asked {
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly isWatch: boolean
  /** The server only says what it would do. */
  readonly isDryRun: boolean
  /** How many came in before it by the same method and path. */
  readonly earlier: number
}

export type Fault =
  /** The API server never hears of the request; this is the answer. */
  | 409
  | 429
  | 500
  /** It is carried out, and its answer is lost with the connection. */
  | 'lost'
  /** The connection breaks in the middle of the answer. */
  | 'cut'
  /** The answer ends in its middle, as if that were all. */
  | 'truncated'
  /** The answer begins and never ends. */
  | 'endless'
  /** The same, as fast as it is read. */
  | 'flood'
  /** It is refused, in words that would reach into a terminal. */
  | 'shout'
  /** There never is an answer. */
  | 'silent'

/** It is carried out, this is done, and its answer is lost. */
export type Afterwards = () => void

/** Closed at the end of the scope, however that is left: `await using`. */
export interface FaultProxy extends AsyncDisposable {
  /** Of the user who may do everything, through the proxy. */
  readonly kubeconfig: string
  /** How many faults there were of each kind. */
  readonly injected: ReadonlyMap<Fault | 'watch cut', number>
  /** Breaks every watch that is open. */
  cutWatches(): void
}

const REASONS = { 409: 'Conflict', 429: 'TooManyRequests', 500: 'InternalError' } as const

/** Stands in front of the API server: what `faultOf` names goes wrong; the rest passes as it is. */
export async function startFaultProxy(
  plane: ControlPlane,
  faultOf: (asked: Asked) => Fault | Afterwards | undefined | Promise<Fault | undefined>,
): Promise<FaultProxy> {
  const kubeconfig = JSON.parse(readFileSync(plane.kubeconfig, 'utf8'))
  const agent = new Agent({
    ca: Buffer.from(kubeconfig.clusters[0].cluster['certificate-authority-data'], 'base64'),
    keepAlive: true,
  })
  // Clients of client-go send no token where there is no TLS.
  const authorization = `Bearer ${kubeconfig.users[0].user.token}`
  const watches = new Set<ServerResponse>()
  const asked = new Map<string, number>()
  const injected = new Map<Fault | 'watch cut', number>()
  const inject = (fault: Fault | 'watch cut'): void => {
    injected.set(fault, (injected.get(fault) ?? 0) + 1)
    totals.faults += 1
  }

  const forward = async (incoming: IncomingMessage, body: Buffer): Promise<IncomingMessage> => {
    const { method, headers, url } = incoming
    const outgoing = request(plane.server + url, {
      agent,
      method,
      headers: { authorization, ...headers, host: new URL(plane.server).host },
    })
    outgoing.end(body)
    const [answer] = await once(outgoing, 'response')
    return answer
  }
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname: path, searchParams } = new URL(incoming.url ?? '', plane.server)
    const method = incoming.method ?? ''
    const isWatch = searchParams.has('watch')
    const isDryRun = searchParams.has('dryRun')
    const key = `${method} ${path} ${isWatch} ${isDryRun}`
    const earlier = asked.get(key) ?? 0
    asked.set(key, earlier + 1)
    const body = await buffer(incoming)
    const found = await faultOf({ method, path, isWatch, isDryRun, earlier })
    const [fault, afterwards] = typeof found === 'function' ? (['lost', found] as const) : [found]
    if (fault !== undefined) inject(fault)
    if (typeof fault === 'number') return refuse(response, fault)
    if (fault === 'silent') return
    if (fault === 'endless') return goOnForEver(response)
    if (fault === 'flood') return flood(response)
    if (fault === 'shout') return shout(response)
    const answer = await forward(incoming, body)
    if (fault === 'lost') {
      await buffer(answer)
      afterwards?.()
      return void response.destroy()
    }
    if (fault === undefined) {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      if (isWatch)
        watches.add(
          response.on('close', () => {
            watches.delete(response)
            answer.destroy()
          }),
        )
      response.flushHeaders()
      return void answer.on('error', () => response.destroy()).pipe(response)
    }
    const whole = await buffer(answer)
    const half = whole.subarray(0, whole.length / 2)
    const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers
    response.writeHead(answer.statusCode ?? 502, {
      ...headers,
      'content-length': fault === 'cut' ? whole.length : half.length,
    })
    response.write(half, () => (fault === 'cut' ? response.destroy() : response.end()))
  }

  const server = createServer((incoming, response) => {
    response.on('error', () => response.destroy())
    handle(incoming, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const path = join(plane.dir, `faults-${port}.kubeconfig`)
  writeFileSync(
    path,
    JSON.stringify({
      ...kubeconfig,
      clusters: [{ name: 'controlplane', cluster: { server: `http://127.0.0.1:${port}` } }],
    }),
    { mode: 0o600 },
  )
  return {
    kubeconfig: path,
    injected,
    cutWatches() {
      for (const response of watches) {
        inject('watch cut')
        response.destroy()
      }
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      agent.destroy()
      await once(server, 'close')
    },
  }
}

function refuse(response: ServerResponse, code: 409 | 429 | 500): void {
  const reason = REASONS[code]
  response.writeHead(code, { 'content-type': 'application/json', ...(code === 429 && { 'retry-after': '1' }) })
  response.end(
    JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message: `injected: ${reason}`,
      reason,
      code,
    }),
  )
}

function shout(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'application/json', warning: '299 - "\u009b31m shouted"' })
  response.end(
    JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message: EVIL.repeat(5000),
      reason: EVIL,
      details: { name: EVIL, kind: EVIL },
      code: 403,
    }),
  )
}

const BEGINNING = '{"kind":"List","metadata":{"resourceVersion":"1"},"items":['
const AGAIN = '{"metadata":{"name":"again"}},'

function flood(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const items = AGAIN.repeat(10_000)
  Readable.from(
    (function* () {
      yield BEGINNING
      for (;;) yield items
    })(),
  ).pipe(response)
}

function goOnForEver(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write(BEGINNING)
  const timer = setInterval(() => response.write(AGAIN.repeat(100)), 20)
  response.on('close', () => clearInterval(timer))
}
