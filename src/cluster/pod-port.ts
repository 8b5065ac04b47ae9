import { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { printable } from '../text/printable.ts'

/**
 * How a kubelet carries a port over a WebSocket: each message begins with its channel, 0 for what is carried, 1 for a
 * complaint; the first one of each channel repeats the port (kubelet, portforward/websocket.go).
 */
export const PORT_PROTOCOL = 'v4.channel.k8s.io'

const CARRIED = 0
const DATA = Buffer.from([CARRIED])

/**
 * A port of a pod as a stream. Neither side can say that it has said all and still listens: the end of one is the end
 * of both. What the kubelet complains of, nobody listens there for one, is the error it ends with.
 */
export function podPort(socket: WebSocket): Duplex {
  const begun = new Set<number>()
  let complaint = ''
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => socket.send(Buffer.concat([DATA, chunk]), done),
    final(done) {
      socket.close(1000)
      done()
    },
    destroy(error, done) {
      socket.terminate()
      done(error)
    },
  })
  socket.on('message', (message) => {
    const channel = message[0]
    if (channel === undefined) return
    const rest = message.subarray(begun.has(channel) ? 1 : 3)
    begun.add(channel)
    if (channel !== CARRIED) complaint += printable(rest.toString('utf8'))
    else if (rest.length > 0 && !stream.push(rest)) socket.pause()
  })
  socket.on('error', (error) => stream.destroy(error))
  socket.on('close', () => {
    if (complaint === '') stream.push(null)
    else stream.destroy(new Error(complaint.trim()))
  })
  return stream
}
