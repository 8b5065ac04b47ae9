import type { Socket } from 'node:net'
import { WebSocket } from 'ws'

/** The answer of a server that opens no WebSocket. */
export interface Declined {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

interface Opening {
  /** `ws://…`: whether it is secret is the connection's affair. */
  readonly url: string
  readonly protocol: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly signal: AbortSignal
}

/** Letters of a refusal that are read. */
const LONGEST = 64 * 1024

/** Opens a WebSocket (RFC 6455), paused, over a connection that is there already. @throws what the connection fails with */
export function openWebSocket(
  socket: Socket,
  { url, protocol, headers, signal }: Opening,
): Promise<WebSocket | Declined> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket | Declined>()
  const opening = new WebSocket(url.replace(/^wss/, 'ws'), protocol, {
    headers,
    createConnection: () => socket,
    perMessageDeflate: false,
    followRedirects: false,
  })
  const leave = (): void => {
    opening.terminate()
    reject(signal.reason)
  }
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  opening.on('open', () => {
    // What comes before anybody listens would be lost.
    opening.pause()
    resolve(opening)
  })
  opening.on('error', (error) => {
    if (/subprotocol/.test(error.message)) resolve({ status: 101, headers: {}, body: error.message })
    else reject(error)
  })
  opening.on('unexpected-response', (_request, answer) => {
    let body = ''
    answer.setEncoding('utf8')
    answer.on('data', (chunk: string) => {
      if (body.length < LONGEST) body += chunk
    })
    answer.on('error', reject)
    answer.on('end', () => {
      socket.destroy()
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body })
    })
  })
  return promise.finally(() => signal.removeEventListener('abort', leave))
}
