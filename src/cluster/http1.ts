import { Agent, type IncomingMessage, request as requestOver } from 'node:http'
import type { Socket } from 'node:net'
import { type Answer, type Conversation, HttpError } from './conversation.ts'

/** Milliseconds for which a connection is kept that nobody uses. */
const IDLE = 30_000

/**
 * Requests over as many connections as there are requests at a time (RFC 9112).
 * @param first a connection that is there already
 */
export function overHttp1(
  origin: string,
  first: Socket,
  connect: () => Promise<Socket>,
  silenceMs: number,
): Conversation {
  const { host } = new URL(origin)
  let unused: Socket | undefined = first
  const agent = new Agent({ keepAlive: true, keepAliveMsecs: IDLE, timeout: IDLE })
  agent.createConnection = (_options, done) => {
    const socket = unused
    unused = undefined
    if (socket?.destroyed === false) return socket
    connect().then(
      (opened) => done!(null, opened),
      (error: Error) => done!(error, undefined as never),
    )
    return undefined
  }
  return {
    open: true,
    send({ method, path, headers, body, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      const sent = requestOver({
        agent,
        method,
        path,
        headers: { host, ...headers, ...length } as Record<string, string>,
        timeout: silenceMs,
      })
      let answer: IncomingMessage | undefined
      const fail = (error: unknown): void => void (answer ?? sent).destroy(error as Error)
      const leave = (): void => fail(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      sent.on('timeout', () => {
        // What is there and not read yet is no silence.
        if (!answer?.readableLength) fail(new HttpError('it went silent', 'SILENT'))
      })
      sent.on('response', (response) => {
        answer = response
        const { statusCode: status = 0, headers: answered } = response
        resolve({ status, headers: answered, body: response, discard: () => response.resume() })
      })
      // For as long as it is open: its connection may end it after its answer.
      sent.on('error', reject)
      sent.once('close', () => signal.removeEventListener('abort', leave))
      sent.end(body)
      return promise
    },
  }
}
