import type { Socket } from 'node:net'
import { SocksClient } from 'socks'
import { type Connect, connecting, type Destination, destination, PATIENCE } from './connect.ts'
import { HttpError } from './conversation.ts'
import { ProxyError, type Proxy } from './proxy.ts'
import type { Sockets } from './sockets.ts'

// As in http1.ts.
const { request } = process.getBuiltinModule('node:http')

/**
 * Connects through a proxy: CONNECT at an http or https proxy, SOCKS5 (RFC 1928) with the name left to the proxy; then
 * as `onwards` does, over the tunnel. What fails before the tunnel is open is a failure of the proxy.
 * @param onwards TLS with the destination; absent: nothing is secret there
 * @param tls how an https proxy is trusted: as the cluster is, as for kubectl (net/http, Transport.dialConn)
 */
export function tunnelling(
  proxy: Proxy,
  target: Destination,
  onwards: Connect | undefined,
  sockets: Sockets,
  tls: object,
): Connect {
  const connect = forwarding(proxy, sockets, tls)
  return async (offered) => {
    const socket = await connect([])
    const opened = proxy.socks ? bySocks(proxy, socket, target) : byConnect(proxy, socket, target)
    const tunnel = await opened.catch((cause: Error) => Promise.reject(failed(proxy, cause)))
    return onwards === undefined ? tunnel : onwards(offered, tunnel)
  }
}

/** Connects to the proxy itself. @param tls how an https proxy is trusted */
export function forwarding(proxy: Proxy, sockets: Sockets, tls: object): Connect {
  const connect = connecting({ ...destination(proxy), tls: proxy.tls ? tls : undefined }, sockets)
  return () => connect(['http/1.1']).catch((cause: Error) => Promise.reject(failed(proxy, cause)))
}

function failed(proxy: Proxy, cause: Error): ProxyError {
  return cause instanceof ProxyError ? cause : new ProxyError(proxy.shown, undefined, cause)
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
  asking.on('timeout', () => asking.destroy(new HttpError('connection timed out', 'NEVER_CONNECTED')))
  asking.on('error', reject)
  asking.end()
  return promise
}

async function bySocks({ username, password }: Proxy, socket: Socket, { host, port }: Destination): Promise<Socket> {
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
    destination: { host, port },
    existing_socket: socket,
    timeout: PATIENCE,
  })
  return tunnel
}
