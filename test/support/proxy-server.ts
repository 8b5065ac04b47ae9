import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export interface ProxyServer {
  readonly port: number
  /** `host:port` of each tunnel, and the credentials it was asked for with. */
  readonly tunnels: readonly { readonly to: string; readonly authorization: string | undefined }[]
  close(): Promise<void>
}

type Tunnels = { to: string; authorization: string | undefined }[]

/** A proxy that opens tunnels by CONNECT, or refuses them all with a status; every name is this machine to it. */
export function startConnectProxy(refusal?: number): Promise<ProxyServer> {
  const tunnels: Tunnels = []
  const server = createHttpServer()
  server.on('connect', (request, client: Socket) => {
    tunnels.push({ to: request.url!, authorization: request.headers['proxy-authorization'] })
    if (refusal !== undefined) return client.end(`HTTP/1.1 ${refusal} No\r\n\r\n`)
    join(client, connect(Number(request.url!.split(':')[1]), '127.0.0.1'), () =>
      client.write('HTTP/1.1 200 OK\r\n\r\n'),
    )
  })
  return started(server, tunnels)
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

async function started(server: Server, tunnels: Tunnels): Promise<ProxyServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
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
