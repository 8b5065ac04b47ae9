import { isIP, connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { HttpError } from './conversation.ts'
import type { Sockets } from './sockets.ts'

/** Where a connection goes. */
export interface Destination {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string
  readonly port: number
  /** Absent: nothing is secret there. */
  readonly tls?: ConnectionOptions | undefined
}

/**
 * Opens a connection to its destination, its TLS handshake included.
 * @param offered the protocols that TLS may choose from (ALPN), the preferred one first
 * @param over what leads there already; absent: a connection of its own
 * @throws what connecting fails with; HttpError where it takes too long
 */
export type Connect = (offered: readonly string[], over?: Socket) => Promise<Socket>

/** Milliseconds until there is a connection, or there is none. */
export const PATIENCE = 10_000

/** Milliseconds until a connection on which nothing happens is tried (TCP keep-alive). */
export const QUIET = 30_000

export function connecting({ host, port, tls }: Destination, sockets: Sockets): Connect {
  const to = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: QUIET }
  // An address is no name that could be asked for (RFC 6066, 3).
  const named = isIP(host) === 0 ? { servername: host } : {}
  return (offered, over) => {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>()
    const socket = sockets.remember<Socket>(
      tls === undefined
        ? connectTcp(to)
        : connectTls({ ...to, ...named, ...tls, ALPNProtocols: [...offered], ...(over && { socket: over }) }),
    )
    const clock = setTimeout(() => socket.destroy(new HttpError('connection timed out', 'NEVER_CONNECTED')), PATIENCE)
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => resolve(socket))
    // For as long as it is open: it may fail while nobody uses it.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ETIMEDOUT' ? new HttpError(error.message, 'NEVER_CONNECTED', error) : error),
    )
    socket.once('close', () => reject(new HttpError('connection closed', 'CONNECTION_LOST')))
    return promise.finally(() => clearTimeout(clock))
  }
}

/** Where a URL leads. */
export function destination({ hostname, port }: Pick<URL, 'hostname' | 'port'>): Destination {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }
}
