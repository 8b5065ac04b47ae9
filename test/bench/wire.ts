import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import type { ControlPlane } from '../controlplane/start.ts'

/** The way to the API server, counted from outside: every connection is one TLS handshake. */
export interface Wire extends AsyncDisposable {
  /** A kubeconfig that leads over it. */
  readonly kubeconfig: string
  /** Connections since it was asked the last time. */
  connections(): number
}

/**
 * Puts a counting forwarder before the API server.
 * @param delay milliseconds that everything takes longer to get there, and back
 */
export async function openWire(plane: ControlPlane, delay = 0): Promise<Wire> {
  let count = 0
  const target = new URL(plane.server)
  const server = createServer((client) => {
    count += 1
    const upstream = connect(Number(target.port), target.hostname)
    later(client.setNoDelay(true), upstream.setNoDelay(true), delay)
    later(upstream, client, delay)
    // Whoever leaves first takes the other side along.
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const kubeconfig = join(plane.dir, `wire-${delay}.kubeconfig`)
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

function later(from: Socket, to: Socket, delay: number): void {
  from.on('data', (bytes) => {
    if (delay === 0) to.write(bytes)
    else setTimeout(() => to.write(bytes), delay)
  })
  from.on('end', () => setTimeout(() => to.end(), delay))
}
