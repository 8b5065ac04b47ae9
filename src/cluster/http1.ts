import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { QUIET } from './connect.ts'
import { type Answer, type Conversation, HttpError, type HttpRequest } from './conversation.ts'
import { places } from './places.ts'
import { heard, silence } from './silence.ts'

/** An import of it takes a value of each of its names, and so loads all that Node has of the web, ten times as much. */
const { Agent, request: requestOver } = process.getBuiltinModule('node:http')

/** Milliseconds for which a connection is kept that nobody uses. */
const IDLE = 30_000

/** Requests at a time, of those that come to an end: a group may have a thousand members. */
const AT_ONCE = 32

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
  let unused: Socket | undefined = first.unref()
  const enter = places(AT_ONCE)
  const agent = new Agent({ keepAlive: true, keepAliveMsecs: QUIET, timeout: IDLE })
  agent.createConnection = (_options, done) => {
    const socket = unused
    unused = undefined
    if (socket?.destroyed === false) return socket.ref()
    connect().then(
      (opened) => done!(null, opened),
      (error: Error) => done!(error, undefined as never),
    )
    return undefined
  }
  const exchange = async (
    { method, path, headers, body, signal }: HttpRequest,
    leavePlace: () => void,
  ): Promise<Answer> => {
    // Between two turns all is heard that has come in, the end of a connection that would be used again, too.
    await turn()
    await turn()
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const sent = requestOver({
      agent,
      method,
      path,
      headers: { host, ...headers, ...length } as Record<string, string>,
    })
    let answer: IncomingMessage | undefined
    const fail = (error: unknown): void => void (answer ?? sent).destroy(error as Error)
    const leave = (): void => fail(signal.reason)
    const waiting = silence(silenceMs, fail)
    waiting.start()
    signal.addEventListener('abort', leave, { once: true })
    sent.on('response', (response) => {
      waiting.stop()
      answer = response
      const { statusCode: status = 0, headers: answered } = response
      resolve({ status, headers: answered, body: heard(response, waiting), discard: () => response.resume() })
    })
    // For as long as it is open: its connection may end it after the head of its answer.
    sent.on('error', (error) => {
      reject(error)
      answer?.destroy(error)
    })
    sent.once('close', () => {
      leavePlace()
      waiting.stop()
      signal.removeEventListener('abort', leave)
      reject(new HttpError('connection lost', 'CONNECTION_LOST'))
    })
    sent.end(body)
    return promise
  }
  return {
    open: true,
    async send(request) {
      const leavePlace = request.lasts ? () => undefined : await enter(request.signal)
      try {
        return await exchange(request, leavePlace)
      } catch (error) {
        leavePlace()
        throw error
      }
    },
  }
}
