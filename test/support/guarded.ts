import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { certificate } from './api-server.ts'

/** A server before another one: it wants a token, which can be changed under whoever uses it. */
export interface Guarded {
  readonly url: string
  /** From now on this token alone is taken; who is connected must come again. */
  want(token: string): void
  stop(): Promise<void>
}

/** Guards a server that speaks plain HTTP by TLS and a token. */
export async function guard(target: string, first: string): Promise<Guarded> {
  let wanted = first
  const sockets = new Set<Socket>()
  const tls = { key: readFileSync(certificate('server.key')), cert: readFileSync(certificate('server.pem')) }
  const server = createServer(tls, (asked, answer) => {
    const { authorization, host, ...headers } = asked.headers
    if (authorization !== `Bearer ${wanted}`) {
      asked.resume()
      answer.writeHead(401, { 'content-type': 'application/json' })
      return answer.end(JSON.stringify({ kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 }))
    }
    const onwards = request(new URL(asked.url!, target), { method: asked.method, headers }, (given) => {
      answer.writeHead(given.statusCode!, given.headers)
      answer.flushHeaders()
      given.on('error', () => answer.destroy()).pipe(answer)
    })
    onwards.on('error', () => answer.destroy())
    answer.on('close', () => onwards.destroy())
    asked.pipe(onwards)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    for (const each of sockets) each.destroy()
  }
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    want(token) {
      wanted = token
      cut()
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}
