import { createServer, type Server, type Socket } from 'node:net'

/** Frames of HTTP/2 (RFC 9113, 4.1), by their types (6). */
const DATA = 0
const HEADERS = 1
const RST_STREAM = 3
const SETTINGS = 4
const GOAWAY = 7

const ACK = 1
const END_HEADERS = 4
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length
const HEAD = 9
/** HPACK's first word for `:status: 200` (RFC 7541, Appendix A). */
const STATUS_200 = 0x88

function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(HEAD)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

function words(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length)
  numbers.forEach((each, index) => bytes.writeUInt32BE(each, 4 * index))
  return bytes
}

/** The beginning of an answer, without its end. */
export const begins = (stream: number, text: string): Buffer =>
  Buffer.concat([
    frame(HEADERS, END_HEADERS, stream, Uint8Array.of(STATUS_200)),
    frame(DATA, 0, stream, Buffer.from(text)),
  ])
export const resets = (stream: number, code: number): Buffer => frame(RST_STREAM, 0, stream, words(code))
export const goesAway = (lastTaken: number, code: number): Buffer => frame(GOAWAY, 0, 0, words(lastTaken, code))

/** A server that says what a well-made one would not. @param answer to each request, by its stream */
export function frameServer(answer: (stream: number, socket: Socket) => void): Server {
  return createServer((socket) => {
    let sent = Buffer.alloc(0)
    let at = PREFACE
    socket.on('error', () => undefined).write(frame(SETTINGS, 0, 0))
    socket.on('data', (piece: Buffer) => {
      sent = Buffer.concat([sent, piece])
      while (sent.length >= at + HEAD && sent.length >= at + HEAD + sent.readUIntBE(at, 3)) {
        const [type, flags, stream] = [sent[at + 3], sent[at + 4]!, sent.readUInt32BE(at + 5)]
        at += HEAD + sent.readUIntBE(at, 3)
        if (type === SETTINGS && !(flags & ACK)) socket.write(frame(SETTINGS, ACK, 0))
        if (type === HEADERS) answer(stream, socket)
      }
    })
  })
}
