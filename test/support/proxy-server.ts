import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, request, STATUS_CODES } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { certificate } from './api-server.ts'

export interface ProxyServer {
  readonly port: number
  /** `host:port` of each tunnel, and the credentials it was asked for with. */
  readonly tunnels: readonly { readonly to: string; readonly authorization: string | undefined }[]
  close(): Promise<void>
}

type Tunnels = { to: string; authorization: string | undefined }[]

/**
 * A proxy that opens tunnels by CONNECT, and passes on what is asked for by its whole URL; every name is this machine
 * to it.
 * @param refusal the status with which it refuses all, or the `user:password` that it wants
 * @param port default any
 * @param secure it is itself reached by TLS
 */
export function startConnectProxy(refusal?: number | string, port = 0, secure = false): Promise<ProxyServer> {
  const tunnels: Tunnels = []
  const pem = (what: 'server.key' | 'server.pem') => readFileSync(certificate(what))
  const server = secure ? createHttpsServer({ key: pem('server.key'), cert: pem('server.pem') }) : createHttpServer()
  const wanted = typeof refusal === 'string' ? `Basic ${Buffer.from(refusal).toString('base64')}` : undefined
  const refused = (authorization: string | undefined): number | undefined =>
    typeof refusal === 'number' ? refusal : wanted !== undefined && authorization !== wanted ? 407 : undefined
  server.on('connect', (request, client: Socket) => {
    const authorization = request.headers['proxy-authorization']
    tunnels.push({ to: request.url!, authorization })
    const status = refused(authorization)
    if (status !== undefined) return client.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n\r\n`)
    join(client, connect(Number(request.url!.split(':')[1]), '127.0.0.1'), () =>
      client.write('HTTP/1.1 200 OK\r\n\r\n'),
    )
  })
  server.on('request', (asked, answer) => {
    const { 'proxy-authorization': authorization, ...headers } = asked.headers
    const url = new URL(asked.url!)
    tunnels.push({ to: url.host, authorization })
    const status = refused(authorization)
    if (status !== undefined) return answer.writeHead(status).end()
    const target = {
      host: '127.0.0.1',
      port: url.port,
      path: `${url.pathname}${url.search}`,
      method: asked.method,
      headers,
    }
    asked.pipe(request(target, (given) => given.pipe(answer.writeHead(given.statusCode!, given.headers))))
  })
  return started(server, tunnels, port)
}

/** A SOCKS5 proxy without authentication (RFC 1928) for IPv4 addresses and names; every name is this machine to it. */
export function startSocksProxy(): Promise<ProxyServer> {
  const tunnels: Tunnels = []
  const server = createServer((client) => {
    client.once('data', () => {
      client.write(Buffer.from([5, 0]))
      client.once('data', (asked: Buffer) => {
        const named = asked[3] === 3
        const end = named ? 5 + asked[4]! : 8
        const host = named ? asked.toString('latin1', 5, end) : [...asked.subarray(4, 8)].join('.')
        const port = asked.readUInt16BE(end)
        tunnels.push({ to: `${host}:${port}`, authorization: undefined })
        join(client, connect(port, '127.0.0.1'), () => client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])))
      })
    })
  })
  return started(server, tunnels)
}

function join(client: Socket, target: Socket, ready: () => void): void {
  target.on('connect', () => {
    ready()
    client.pipe(target).pipe(client)
  })
  for (const [one, other] of [
    [client, target],
    [target, client],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
}

async function started(server: Server, tunnels: Tunnels, port = 0): Promise<ProxyServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    tunnels,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
