import { isIP, type Socket } from 'node:net'
import { checkServerIdentity, type ConnectionOptions } from 'node:tls'
import type { Cluster } from '@kubernetes/client-node/dist/config_types.js'
import { type Connect, connecting, destination } from './connect.ts'
import type { Conversation } from './conversation.ts'
import { openHttp } from './http.ts'
import { parseProxy, portOf, type Proxy } from './proxy.ts'
import { proxyFor } from './proxy-for.ts'
import type { Sockets } from './sockets.ts'
import type { ClientCertificate } from './material.ts'
import { secureContext } from './tls.ts'

export interface RouteOptions {
  readonly cluster: Cluster
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onBun: boolean
  readonly sockets: Sockets
  readonly onConnection: () => void
}

/** Where requests go, and what each of them has before its own path and headers. */
export interface Route {
  readonly send: Conversation['send']
  readonly prefix: string
  readonly headers: Readonly<Record<string, string>>
  /** Who may answer in place of the server. */
  readonly proxy: string | undefined
}

/**
 * The way to one API server, direct or through the proxy of the kubeconfig or the environment.
 * @param silenceMs after which a connection that says nothing to a request is given up
 * @throws ClusterError, reason Configuration
 */
export async function openRoute(
  certificate: ClientCertificate,
  options: RouteOptions,
  silenceMs: number,
): Promise<Route> {
  const { origin, host } = new URL(options.cluster.server)
  const { connect, proxy, forwards } = await wayTo(certificate, options)
  // Bun's HTTP/2 (1.4.5) stops where an answer exceeds its window, takes half of one for a whole where it is reset, and
  // loses ends of answers in a tunnel.
  const versions = options.onBun ? ['http/1.1'] : undefined
  // What is not secret to the proxy it is asked for by its whole URL (RFC 9112, 3.2.2).
  return proxy !== undefined && forwards
    ? {
        send: openHttp(proxy.shown, connect, silenceMs, versions),
        prefix: origin,
        headers: { host, ...proxy.headers },
        proxy: proxy.shown,
      }
    : {
        send: openHttp(origin, connect, silenceMs, versions),
        prefix: '',
        headers: {},
        proxy: proxy?.shown,
      }
}

/**
 * A connection to the same server by the same way that nobody else uses, for what is more than a request; through any
 * proxy by a tunnel.
 * @throws ClusterError, reason Configuration; ProxyError; what the connection fails with
 */
export async function openSocket(certificate: ClientCertificate, options: RouteOptions): Promise<Socket> {
  const { connect } = await wayTo(certificate, options, 'tunnel')
  return connect(['http/1.1'])
}

interface Way {
  /** Each connection is counted. */
  readonly connect: Connect
  readonly proxy: Proxy | undefined
  /** The proxy is asked for the URL. */
  readonly forwards: boolean
}

async function wayTo(
  certificate: ClientCertificate,
  { cluster, env, sockets, onConnection }: RouteOptions,
  always?: 'tunnel',
): Promise<Way> {
  const server = new URL(cluster.server)
  const secret = server.protocol === 'https:'
  const said = cluster.proxyUrl || proxyFor(server, env)
  const proxy = said === undefined ? undefined : parseProxy(said)
  const tls =
    secret || proxy?.tls === true
      ? { secureContext: secureContext(cluster, certificate), rejectUnauthorized: !cluster.skipTLSVerify }
      : {}
  const target = {
    ...destination({ hostname: server.hostname, port: server.port || portOf(server.protocol) }),
    tls: secret ? { ...tls, ...calledBy(cluster.tlsServerName) } : undefined,
  }
  const counted =
    (connect: Connect): Connect =>
    async (...given) => {
      const socket = await connect(...given)
      onConnection()
      return socket
    }
  const direct = connecting(target, sockets)
  if (proxy === undefined) return { connect: counted(direct), proxy, forwards: false }
  const { forwarding, tunnelling } = await import('./tunnel.ts')
  const forwards = !secret && !proxy.socks && always === undefined
  const connect = forwards
    ? forwarding(proxy, sockets, tls)
    : tunnelling(proxy, target, secret ? direct : undefined, sockets, tls)
  return { connect: counted(connect), proxy, forwards }
}

/** By a name it is asked for and judged; an address is no name that could be asked for (RFC 6066, 3), but judges it. */
function calledBy(name: string | undefined): Pick<ConnectionOptions, 'servername' | 'checkServerIdentity'> {
  if (!name) return {}
  return isIP(name) === 0
    ? { servername: name }
    : { checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate) }
}
