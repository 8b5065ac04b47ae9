import { channel } from 'node:diagnostics_channel'
import type { EventEmitter } from 'node:events'
import { isIP, type Socket } from 'node:net'
import { checkServerIdentity, type ConnectionOptions } from 'node:tls'
import type { Dispatcher, Pool as PoolType } from 'undici'
import buildConnector from 'undici/lib/core/connect.js'
import symbols from 'undici/lib/core/symbols.js'
import Pool from 'undici/lib/dispatcher/pool.js'
import type { Cluster } from '@kubernetes/client-node/dist/config_types.js'
import { parseProxy, proxyFor } from './proxy.ts'
import type { Sockets } from './sockets.ts'
import { secureContext, type ClientCertificate } from './tls.ts'

export interface DispatcherOptions {
  readonly cluster: Cluster
  readonly env: Readonly<Record<string, string | undefined>>
  readonly silenceMs: number
  readonly sockets: Sockets
  readonly onConnection: () => void
  /** HTTP/2 joins the values of a header; some may not be joined. */
  readonly allowH2: boolean
}

/**
 * Node may destroy a stream with its session after its request is over, when undici (8.12.4) hears its errors no more:
 * one that nobody hears would end the process. Whoever made the request has been told by then.
 */
channel('http2.client.stream.created').subscribe((created) => {
  const { stream } = created as { readonly stream: EventEmitter }
  stream.on('error', () => undefined)
})

/** Where requests go, and what each of them has before its own path and headers. */
export interface Route {
  readonly dispatcher: Dispatcher
  readonly origin: string
  readonly prefix: string
  readonly headers: Readonly<Record<string, string>>
  /** Who may answer in place of the server. */
  readonly proxy: string | undefined
}

/**
 * As wide as Go's client (golang.org/x/net/http2) opens them: a list of megabytes does not wait for a far server's
 * round trips.
 */
const WINDOWS = { initialWindowSize: 4 * 1024 * 1024, connectionWindowSize: 64 * 1024 * 1024 }

/**
 * Connections to one API server, direct or through the proxy of the kubeconfig or the environment: a single one where
 * the server speaks HTTP/2, as many as there are requests at a time where it does not, kept until they have been idle
 * for a while.
 * @throws ClusterError, reason Configuration
 */
export async function openRoute(certificate: ClientCertificate, given: DispatcherOptions): Promise<Route> {
  const { cluster, silenceMs, sockets, onConnection, allowH2 } = given
  const { origin, protocol, host } = new URL(cluster.server)
  const { direct, proxy, tls } = wayTo(certificate, given)
  const options = {
    allowH2,
    h2Options: WINDOWS,
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    keepAliveTimeout: 30_000,
  }
  const to = (where: string, connect: typeof direct): Dispatcher =>
    new Pool(where, { ...options, connect } as PoolType.Options).on('connect', (_, [, client]) => {
      sendAtOnce(client!)
      onConnection()
    })
  const none = { origin, prefix: '', headers: {}, proxy: proxy?.shown }

  if (proxy === undefined) return { ...none, dispatcher: to(origin, direct) }
  const { forwarding, tunnelling } = await import('./tunnel.ts')
  if (protocol === 'https:' || proxy.socks)
    return { ...none, dispatcher: to(origin, tunnelling(proxy, direct, sockets, tls)) }
  // What is not secret to the proxy it is asked for by its whole URL (RFC 9112, 3.2.2).
  return {
    ...none,
    dispatcher: to(proxy.shown, forwarding(proxy, sockets, tls)),
    origin: proxy.shown,
    prefix: origin,
    headers: { host, ...proxy.headers },
  }
}

/** Requests that a server should at least take at a time (RFC 9113, 6.5.2). */
const STREAMS = 100

/**
 * undici (8.12.4) holds the second request of a connection back until it knows the server's settings, a round trip; a
 * client need not (RFC 9113, 3.4), and Go's does not.
 */
function sendAtOnce(client: object): void {
  const known = client as Record<symbol, unknown>
  const session = known[symbols.kHTTP2Session] as Record<symbol, unknown> | null | undefined
  if (!session) return
  session[symbols.kRemoteSettings] = true
  known[symbols.kMaxConcurrentStreams] = STREAMS
}

/**
 * A connection to the same server by the same way that nobody else uses, for what is more than a request; through any
 * proxy by a tunnel.
 * @throws ClusterError, reason Configuration; ProxyError; what the connection fails with
 */
export async function openSocket(
  certificate: ClientCertificate,
  given: Omit<DispatcherOptions, 'allowH2' | 'silenceMs'>,
): Promise<Socket> {
  const { cluster, sockets, onConnection } = given
  const { protocol, host, hostname, port } = new URL(cluster.server)
  const { direct, proxy, tls } = wayTo(certificate, { ...given, allowH2: false })
  const connect = proxy === undefined ? direct : (await import('./tunnel.ts')).tunnelling(proxy, direct, sockets, tls)
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  connect({ protocol, host, hostname, port }, (error, socket) => (error === null ? resolve(socket) : reject(error)))
  const socket = await promise
  onConnection()
  return socket
}

function wayTo(
  certificate: ClientCertificate,
  { cluster, env, sockets, allowH2 }: Pick<DispatcherOptions, 'cluster' | 'env' | 'sockets' | 'allowH2'>,
) {
  const { protocol } = new URL(cluster.server)
  const said = cluster.proxyUrl || proxyFor(new URL(cluster.server), env)
  const proxy = said === undefined ? undefined : parseProxy(said)
  const tls =
    protocol !== 'https:' && proxy?.tls !== true
      ? {}
      : {
          secureContext: secureContext(cluster, certificate),
          rejectUnauthorized: !cluster.skipTLSVerify,
        }
  const named = calledBy(cluster.tlsServerName)
  const direct = sockets.remembering(
    buildConnector({
      ...tls,
      ...named,
      allowH2,
      preferH2: allowH2,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    }),
  )
  return { direct, proxy, tls }
}

/** By a name it is asked for and judged; an address is no name that could be asked for (RFC 6066, 3), but judges it. */
function calledBy(name: string | undefined): Pick<ConnectionOptions, 'servername' | 'checkServerIdentity'> {
  if (!name) return {}
  return isIP(name) === 0
    ? { servername: name }
    : { checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate) }
}
