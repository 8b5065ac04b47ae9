import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { ControlPlane } from '../controlplane/start.ts'

/** The way to the API server, counted from outside: every connection is one TLS handshake. */
export interface Wire extends AsyncDisposable {
  /** A kubeconfig that leads over it. */
  readonly kubeconfig: string
  /** Connections since it was asked the last time. */
  connections(): number
}

/** Puts a counting forwarder before the API server. */
export async function openWire(plane: ControlPlane): Promise<Wire> {
  let count = 0
  const target = new URL(plane.server)
  const server = createServer((client) => {
    count += 1
    const upstream = connect(Number(target.port), target.hostname)
    client.setNoDelay(true).pipe(upstream.setNoDelay(true)).pipe(client)
    // Whoever leaves first takes the other side along.
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const kubeconfig = join(plane.dir, 'wire.kubeconfig')
  const config = await readFile(plane.kubeconfig, 'utf8')
  await writeFile(kubeconfig, config.replaceAll(target.host, `127.0.0.1:${(server.address() as AddressInfo).port}`), {
    mode: 0o600,
  })
  return {
    kubeconfig,
    connections() {
      const seen = count
      count = 0
      return seen
    },
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}
