import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'

export type Connector = buildConnector.connector

/** What undici's connector in truth returns: the socket, at once; it forgets those that still connect. */
type Returning = (...given: Parameters<Connector>) => Socket

/** All sockets of a cluster that are not closed, those that still connect or wait for a handshake included. */
export interface Sockets {
  /** The same connector, whose sockets are remembered. */
  remembering(connect: Connector): Connector
  remember<S extends Socket>(socket: S): S
  /** Destroys them: a server that is silent cannot keep the process. */
  destroy(): void
}

export function openSockets(): Sockets {
  const open = new Set<Socket>()
  let ended = false
  const remember = <S extends Socket>(socket: S): S => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    if (ended) socket.destroy()
    return socket
  }
  return {
    remember,
    remembering: (connect) => (options, callback) => remember((connect as Returning)(options, callback)),
    destroy() {
      ended = true
      for (const each of open) each.destroy()
    },
  }
}
