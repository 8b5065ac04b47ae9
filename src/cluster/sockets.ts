import type { Socket } from 'node:net'

/** All sockets of a cluster that are not closed, those that still connect or wait for a handshake included. */
export interface Sockets {
  remember<S extends Socket>(socket: S): S
  /** Destroys them: a server that is silent cannot keep the process. */
  destroy(): void
}

export function openSockets(): Sockets {
  const open = new Set<Socket>()
  let ended = false
  return {
    remember(socket) {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      if (ended) socket.destroy()
      return socket
    },
    destroy() {
      ended = true
      for (const each of open) each.destroy()
    },
  }
}
