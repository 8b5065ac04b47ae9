import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ConnectionFlags } from '../../src/cluster/flags.ts'

/**
 * The path of a file of the test certificates: root → intermediate → server (localhost, kube.test); root → client; by
 * themselves `expired` (in 2021) and `other-name` (other.test).
 */
export function certificate(
  name:
    | 'root.pem'
    | 'intermediate.pem'
    | 'server.pem'
    | 'server.key'
    | 'client.pem'
    | 'client.key'
    | `${'expired' | 'other-name'}.${'pem' | 'key'}`,
): string {
  return new URL(`tls/${name}`, import.meta.url).pathname
}

/** One request as it arrived; raw headers keep repeated ones apart. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly rawHeaders: readonly string[]
  readonly version: string
  readonly body: string
  /** Whom the client's certificate names. */
  readonly peer: string | undefined
}

export type Response = ServerResponse | Http2ServerResponse
export type Handler = (seen: Seen, response: Response) => void

export interface ApiServer {
  readonly url: string
  readonly seen: readonly Seen[]
  /** Connections accepted, with TLS where there is any. */
  readonly connections: number
  /** Cuts every connection without a word. */
  cut(): void
  close(): Promise<void>
}

export interface ServerOptions {
  /** Wanted from every client, or asked for and not needed. */
  readonly clientCertificates?: boolean | 'asked for'
  /** Which certificate it shows; default one that the test root vouches for. */
  readonly shows?: 'server' | 'expired' | 'other-name'
}

/** A server that answers as the handler says: over HTTP/2, over HTTP/1.1 with TLS, or over plain HTTP/1.1. */
export async function startApiServer(
  protocol: 'h2' | 'https' | 'http',
  handler: Handler,
  options: ServerOptions = {},
): Promise<ApiServer> {
  const seen: Seen[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const listener = (request: IncomingMessage | Http2ServerRequest, response: Response): void => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one: Seen = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        version: request.httpVersion,
        body: Buffer.concat(chunks).toString('utf8'),
        peer: (request.socket as Partial<TLSSocket>).getPeerCertificate?.().subject?.CN?.toString(),
      }
      seen.push(one)
      handler(one, response)
    })
  }
  const tls = {
    key: readFileSync(certificate(`${options.shows ?? 'server'}.key`)),
    cert: readFileSync(certificate(`${options.shows ?? 'server'}.pem`)),
    ...(options.clientCertificates && {
      requestCert: true,
      rejectUnauthorized: options.clientCertificates === true,
      ca: readFileSync(certificate('root.pem')),
    }),
  }
  const server =
    protocol === 'h2'
      ? createSecureServer({ ...tls, allowHTTP1: true, maxSessionMemory: 100 }, listener)
      : protocol === 'https'
        ? createHttpsServer(tls, listener)
        : createHttpServer(listener)
  server.on(protocol === 'http' ? 'connection' : 'secureConnection', () => {
    connections += 1
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  ;(server as Server).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `${protocol === 'http' ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    get connections() {
      return connections
    },
    cut,
    async close() {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}

/** The flags that reach a server, trusting the test root, with an environment that says nothing. */
export function flagsTo({ url }: { readonly url: string }, more: Partial<ConnectionFlags> = {}): ConnectionFlags {
  return {
    server: url,
    ...(url.startsWith('https:') && { certificateAuthority: certificate('root.pem') }),
    env: {},
    homedir: '/nonexistent',
    ...more,
  }
}

/** Answers with JSON. */
export function json(response: Response, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  ;(response as ServerResponse).writeHead(status, { 'content-type': 'application/json', ...headers })
  ;(response as ServerResponse).end(JSON.stringify(body))
}

/** Answers with a Status, as an API server refuses. */
export function refuse(
  response: Response,
  code: number,
  reason: string,
  message: string,
  more: { name?: string; headers?: Record<string, string> } = {},
): void {
  json(
    response,
    {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message,
      reason,
      code,
      details: more.name === undefined ? {} : { name: more.name },
    },
    code,
    more.headers,
  )
}

/** A list of named objects. */
export function listOf(names: readonly string[], resourceVersion = '1', more: Record<string, string> = {}): unknown {
  return {
    kind: 'List',
    apiVersion: 'v1',
    metadata: { resourceVersion, ...more },
    items: names.map((name) => ({ metadata: { name, resourceVersion } })),
  }
}

/** A server that accepts, and never says a word: one behind a VPN that is down. */
export async function startSilentServer(): Promise<
  Pick<ApiServer, 'url' | 'close'> & { readonly accepted: Promise<void> }
> {
  const sockets = new Set<Socket>()
  const { promise: accepted, resolve } = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).resume()
    resolve()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const each of sockets) each.destroy()
      await closed
    },
  }
}
