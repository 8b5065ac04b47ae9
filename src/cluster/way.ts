import type { Socket } from 'node:net'
import type { Answer, Conversation, HttpRequest } from './conversation.ts'
import { fetching, tlsForFetch } from './fetched.ts'
import type { ClientCertificate } from './material.ts'
import { ProxyError } from './proxy.ts'
import type { Route, RouteOptions } from './route.ts'

/** How the requests of whom one client certificate proves reach the server. */
export interface Way {
  /** Anything. @throws as Conversation; ProxyError; ClusterError, reason Configuration */
  readonly send: Conversation['send']
  /** What changes nothing, and whose answer comes to an end. @throws as `send` */
  readonly read: Conversation['send']
  /** A connection of one's own, for what is more than a request. @throws as openSocket */
  connect(): Promise<Socket>
}

/**
 * Opens nothing yet. What Node has for it is loaded with the first request that goes by it.
 * @param silenceMs after which a connection that says nothing to a request is given up
 */
export function openWay(certificate: ClientCertificate, options: RouteOptions, silenceMs: number): Way {
  let opened: Promise<Route> | undefined
  const open = async (): Promise<Route> => {
    const { openRoute } = await import('./route.ts')
    return openRoute(certificate, options, silenceMs)
  }
  const send = async (request: HttpRequest): Promise<Answer> => {
    const route = await (opened ??= open())
    const { path, headers } = request
    const sent = { ...request, path: `${route.prefix}${path}`, headers: { ...headers, ...route.headers } }
    const answer = await route.send(sent)
    if (answer.status !== 407 || route.proxy === undefined) return answer
    answer.discard()
    throw new ProxyError(route.proxy, '407 Proxy Authentication Required')
  }
  const tls = tlsForFetch(certificate, options)
  const { origin } = new URL(options.cluster.server)
  return {
    send,
    read: tls === undefined ? send : fetching(origin, tls, send, silenceMs),
    connect: async () => (await import('./route.ts')).openSocket(certificate, options),
  }
}
