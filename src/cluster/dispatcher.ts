import type { Dispatcher, Pool as PoolType } from 'undici'
import Pool from 'undici/lib/dispatcher/pool.js'
import type { Cluster } from '@kubernetes/client-node/dist/config_types.js'
import { proxyFor } from './proxy.ts'
import { type ClientCertificate, secureContext } from './tls.ts'
import { configuration } from './kubeconfig.ts'

export interface DispatcherOptions {
  readonly cluster: Cluster
  readonly env: Readonly<Record<string, string | undefined>>
  readonly silenceMs: number
  readonly onConnection: () => void
  /** HTTP/2 joins the values of a header; some may not be joined. */
  readonly allowH2: boolean
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
export async function openDispatcher(
  certificate: ClientCertificate,
  { cluster, env, silenceMs, onConnection, allowH2 }: DispatcherOptions,
): Promise<Dispatcher> {
  const server = new URL(cluster.server)
  const tls = server.protocol === 'https:' && {
    secureContext: secureContext(cluster, certificate),
    rejectUnauthorized: !cluster.skipTLSVerify,
    ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
  }
  const connect = { ...tls, allowH2, preferH2: true, keepAlive: true, keepAliveInitialDelay: 30_000 }
  const options = {
    allowH2,
    h2Options: WINDOWS,
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    keepAliveTimeout: 30_000,
  }
  const counted = (origin: string | URL, more: PoolType.Options): Dispatcher =>
    new Pool(origin, more).on('connect', onConnection)

  const proxy = cluster.proxyUrl || proxyFor(server, env)
  if (proxy === undefined) return counted(server.origin, { ...options, connect })
  const { ProxyAgent } = await import('undici')
  return new ProxyAgent({
    ...options,
    uri: proxyUrl(proxy),
    requestTls: connect,
    factory: (origin, more) => counted(origin, more as PoolType.Options),
  })
}

/** Go resolves names at the proxy for `socks5` and `socks5h` alike. */
function proxyUrl(proxy: string): string {
  const url = URL.parse(proxy.replace(/^socks5h:/, 'socks5:'))
  if (url === null || !/^(https?|socks5):$/.test(url.protocol))
    throw configuration(
      `proxy ${JSON.stringify(proxy.replace(/\/\/[^/]*@/, '//'))} is not an http, https or socks5 URL`,
    )
  return url.href
}
