import { type ClientHttp2Stream, connect, constants } from 'node:http2'
import type { Socket } from 'node:net'
import { type Answer, type Conversation, HttpError } from './conversation.ts'
import { heard, type Silence, silence } from './silence.ts'

/**
 * As wide as Go's client (golang.org/x/net/http2) opens them: a list of megabytes does not wait for a far server's
 * round trips.
 */
const STREAM_WINDOW = 4 * 1024 * 1024
const CONNECTION_WINDOW = 64 * 1024 * 1024

/** Megabytes that may wait to be sent: beyond them Node refuses answers, to what the server has carried out, too. */
const WAITING = 1000

/** Requests over one connection (RFC 9113); they do not wait for the server's settings. */
export function overHttp2(origin: string, socket: Socket, silenceMs: number): Conversation {
  const session = connect(origin, {
    createConnection: () => socket,
    maxSessionMemory: WAITING,
    settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
  })
  const { host } = new URL(origin)
  let underWay = 0
  let lastTaken = Infinity
  session.once('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW))
  session.on('goaway', (_code, id) => {
    lastTaken = Math.min(lastTaken, id)
  })
  // Whoever waits for an answer is told by its stream.
  session.on('error', () => undefined)
  return {
    get open() {
      const most = session.remoteSettings.maxConcurrentStreams ?? Infinity
      return !session.closed && !session.destroyed && underWay < most
    },
    send({ method, path, headers, body, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      const stream = session.request(
        { ...headers, ':authority': host, ':method': method, ':path': path },
        { endStream: body === undefined },
      )
      const isWhole = endOf(stream)
      const leave = (): void => {
        stream.close(constants.NGHTTP2_CANCEL)
        stream.destroy(signal.reason)
      }
      const waiting = silence(silenceMs, (error) => {
        session.close()
        stream.destroy(error)
      })
      underWay += 1
      // Where nothing is under way it does not keep the process.
      session.ref()
      waiting.start()
      signal.addEventListener('abort', leave, { once: true })
      stream.on('response', ({ ':status': status = 0, ...answered }) => {
        waiting.stop()
        resolve({
          status,
          headers: answered,
          body: whole(stream, waiting, isWhole),
          discard: () => stream.resume(),
        })
      })
      // For as long as it is open: its session may end it after its answer.
      stream.on('error', (error) =>
        reject(stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || stream.id! > lastTaken ? refused() : error),
      )
      stream.once('close', () => {
        underWay -= 1
        if (underWay === 0) session.unref()
        waiting.stop()
        signal.removeEventListener('abort', leave)
        reject(lost())
      })
      if (body !== undefined) stream.end(body)
      return promise
    },
  }
}

/** A body to the end that its server has given it. */
async function* whole(stream: ClientHttp2Stream, waiting: Silence, isWhole: () => boolean): AsyncGenerator<Buffer> {
  yield* heard(stream as AsyncIterable<Buffer>, waiting)
  if (!isWhole() || stream.rstCode !== constants.NGHTTP2_NO_ERROR) throw lost()
}

/**
 * Whether the server has said that this is all (END_STREAM). Where a connection ends, Node ends a stream as if it had;
 * but closes it before.
 */
function endOf(stream: ClientHttp2Stream): () => boolean {
  let ended = false
  const push = stream.push.bind(stream)
  stream.push = (piece: unknown, encoding?: BufferEncoding) => {
    ended ||= piece === null && !stream.closed
    return push(piece, encoding)
  }
  return () => ended
}

/** Nothing was done with it (RFC 9113, 6.8, 8.7): the server was about to end the connection, or has enough to do. */
function refused(): HttpError {
  return new HttpError('it takes no more requests over this connection', 'NOT_TAKEN')
}

function lost(): HttpError {
  return new HttpError('connection lost', 'CONNECTION_LOST')
}
