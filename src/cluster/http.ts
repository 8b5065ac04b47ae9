import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Connect } from './connect.ts'
import type { Conversation } from './conversation.ts'
import { overHttp2 } from './http2.ts'

/**
 * Requests to one origin: over a single connection where the server speaks HTTP/2, over as many as there are requests
 * at a time where it does not. It connects when it is first asked, and again when a connection has ended.
 * @param offered the versions that the server may choose from
 * @param silenceMs after which a request that hears nothing fails, and no other one goes the same way
 */
export function openHttp(
  origin: string,
  connect: Connect,
  silenceMs: number,
  offered: readonly string[] = ['h2', 'http/1.1'],
): Conversation['send'] {
  let current: Conversation | undefined
  let beginning: Promise<Conversation> | undefined
  const begin = async (): Promise<Conversation> => {
    const socket = await connect(offered)
    if (chosen(socket) === 'h2') return overHttp2(origin, socket, silenceMs)
    const { overHttp1 } = await import('./http1.ts')
    return overHttp1(origin, socket, () => connect(['http/1.1']), silenceMs)
  }
  /** Those that ask while it connects share what comes of it. */
  const begun = (): Promise<Conversation> =>
    (beginning ??= begin()
      .then((conversation) => (current = conversation))
      .finally(() => (beginning = undefined)))

  return async (request) => {
    const conversation = current?.open ? current : await begun()
    request.signal.throwIfAborted()
    return conversation.send(request)
  }
}

function chosen(socket: Socket): string | false | null | undefined {
  return (socket as Partial<TLSSocket>).alpnProtocol
}
