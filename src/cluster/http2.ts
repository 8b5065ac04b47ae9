import { type ClientHttp2Stream, connect, constants } from 'node:http2'
import type { Socket } from 'node:net'
import { type Answer, type Conversation, HttpError } from './conversation.ts'

/**
 * As wide as Go's client (golang.org/x/net/http2) opens them: a list of megabytes does not wait for a far server's
 * round trips.
 */
const STREAM_WINDOW = 4 * 1024 * 1024
const CONNECTION_WINDOW = 64 * 1024 * 1024

/** Requests over one connection (RFC 9113); they do not wait for the server's settings. */
export function overHttp2(origin: string, socket: Socket, silenceMs: number): Conversation {
  const session = connect(origin, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
  })
  session.once('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW))
  // Whoever waits for an answer is told by its stream.
  session.on('error', () => undefined)
  return {
    get open() {
      return !session.closed && !session.destroyed
    },
    send({ method, path, headers, body, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      const stream = session.request(
        { ...headers, ':method': method, ':path': path },
        { endStream: body === undefined },
      )
      const leave = (): void => void stream.destroy(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      stream.setTimeout(silenceMs, () => {
        // What is there and not read yet is no silence.
        if (stream.readableLength > 0) return
        session.close()
        stream.destroy(new HttpError('it went silent', 'SILENT'))
      })
      stream.on('response', ({ ':status': status = 0, ...answered }) =>
        resolve({ status, headers: answered, body: whole(stream), discard: () => stream.resume() }),
      )
      // For as long as it is open: its session may end it after its answer.
      stream.on('error', (error) => reject(stream.rstCode === constants.NGHTTP2_REFUSED_STREAM ? refused() : error))
      stream.once('close', () => {
        signal.removeEventListener('abort', leave)
        reject(lost())
      })
      if (body !== undefined) stream.end(body)
      return promise
    },
  }
}

/** Where a connection ends, Node ends its streams as if they were whole; only their code tells. */
async function* whole(stream: ClientHttp2Stream): AsyncGenerator<Buffer> {
  for await (const piece of stream as AsyncIterable<Buffer>) yield piece
  if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) throw lost()
}

/** Nothing was done with it (RFC 9113, 8.7): the server was about to end the connection, or has enough to do. */
function refused(): HttpError {
  return new HttpError('it takes no more requests over this connection', 'NOT_TAKEN')
}

function lost(): HttpError {
  return new HttpError('connection lost', 'CONNECTION_LOST')
}
