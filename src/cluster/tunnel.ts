import { request } from 'node:http'
import { isIP, type Socket } from 'node:net'
import { SocksClient } from 'socks'
import buildConnector from 'undici/lib/core/connect.js'
import { portOf, ProxyError, type Proxy } from './proxy.ts'
import type { Connector, Sockets } from './sockets.ts'

/** Milliseconds until a proxy has opened a tunnel: as long as undici waits for a connection. */
const PATIENCE = 10_000

/**
 * Connects through a proxy: CONNECT at an http or https proxy, SOCKS5 (RFC 1928) with the name left to the proxy; then
 * as `onwards` does, over the tunnel. What fails before the tunnel is open is a failure of the proxy.
 * @param tls how an https proxy is trusted: as the cluster is, as for kubectl (net/http, Transport.dialConn)
 */
export function tunnelling(proxy: Proxy, onwards: Connector, sockets: Sockets, tls: object): Connector {
  const connect = forwarding(proxy, sockets, tls)
  return (options, callback) => {
    const target = {
      host: options.hostname.replace(/^\[|\]$/g, ''),
      port: Number(options.port || portOf(options.protocol)),
    }
    const fail = (cause: unknown): void =>
      callback(cause instanceof ProxyError ? cause : new ProxyError(proxy.shown, undefined, cause as Error), null)
    connect(options, (error, socket) => {
      if (error !== null) return callback(error, null)
      const opened = proxy.socks ? bySocks(proxy, socket, target) : byConnect(proxy, socket, target)
      opened.then((tunnel) => {
        if (options.protocol === 'https:') onwards({ ...options, httpSocket: tunnel }, callback)
        else callback(null, tunnel)
      }, fail)
    })
  }
}

/** Connects to the proxy itself, whomever it is asked for. */
export function forwarding(proxy: Proxy, sockets: Sockets, tls: object): Connector {
  const connect = sockets.remembering(buildConnector({ ...tls, allowH2: false, timeout: PATIENCE }))
  const hostname = proxy.hostname.replace(/^\[|\]$/g, '')
  return (_options, callback) =>
    connect(
      {
        protocol: proxy.tls ? 'https:' : 'http:',
        hostname,
        host: hostname,
        port: proxy.port,
        ...(isIP(hostname) === 0 && { servername: hostname }),
      },
      (error, socket) => {
        if (error !== null) callback(new ProxyError(proxy.shown, undefined, error), null)
        else callback(null, socket)
      },
    )
}

interface Destination {
  readonly host: string
  readonly port: number
}

/** RFC 9110, 9.3.6. */
function byConnect(proxy: Proxy, socket: Socket, { host, port }: Destination): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const asking = request({
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...proxy.headers },
    createConnection: () => socket,
    timeout: PATIENCE,
  })
  asking.on('connect', ({ statusCode = 0, statusMessage = '' }, tunnel: Socket, head: Buffer) => {
    if (statusCode === 200) {
      if (head.length > 0) tunnel.unshift(head)
      tunnel.setTimeout(0)
      return resolve(tunnel)
    }
    tunnel.destroy()
    reject(new ProxyError(proxy.shown, `${statusCode} ${statusMessage}`.trim()))
  })
  asking.on('response', ({ statusCode = 0, statusMessage = '' }) => {
    socket.destroy()
    reject(new ProxyError(proxy.shown, `${statusCode} ${statusMessage}`.trim()))
  })
  asking.on('timeout', () => asking.destroy(Object.assign(new Error('connection timed out'), { code: 'ETIMEDOUT' })))
  asking.on('error', reject)
  asking.end()
  return promise
}

async function bySocks({ username, password }: Proxy, socket: Socket, destination: Destination): Promise<Socket> {
  const identity = username === '' ? {} : { userId: username, password }
  // The proxy is the socket; its address is asked for all the same.
  const to = {
    host: socket.remoteAddress ?? '127.0.0.1',
    port: socket.remotePort ?? 1080,
    type: 5,
    ...identity,
  } as const
  const { socket: tunnel } = await SocksClient.createConnection({
    proxy: to,
    command: 'connect',
    destination,
    existing_socket: socket,
    timeout: PATIENCE,
  })
  return tunnel
}
