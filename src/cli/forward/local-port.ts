import { createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ClusterError } from '../../cluster/port.ts'

/** A port of this machine that leads on to a pod, to which one may change. */
export interface LocalPort {
  readonly port: number
  /** Who is called from now on; those who still talk to another one are hung up on. Nobody: all are. */
  lead(to: string | undefined): void
  /** Stops listening, and hangs up on all. */
  close(): void
}

interface Opening {
  readonly first: number
  /** Whether it is this port or none; otherwise the next free one is taken. */
  readonly fixed: boolean
  /** Opens a connection to whom the port leads. */
  readonly connect: (to: string, signal: AbortSignal) => Promise<Duplex>
  /** Told of a connection that fails. */
  readonly failed: (error: Error) => void
}

const HIGHEST = 65_535

/** Listens on the loopback interface alone. @throws ClusterError, reason Configuration, where the port is taken */
export async function openLocalPort({ first, fixed, connect, failed }: Opening): Promise<LocalPort> {
  const callers = new Map<Socket, AbortController>()
  let leads: string | undefined
  const server = createServer((caller) => {
    const over = new AbortController()
    callers.set(caller, over)
    caller.on('error', () => over.abort())
    caller.on('close', () => {
      callers.delete(caller)
      over.abort()
    })
    if (leads === undefined) caller.destroy()
    else void join(caller, leads, over.signal)
  })

  async function join(caller: Socket, to: string, signal: AbortSignal): Promise<void> {
    try {
      const pod = await connect(to, signal)
      pod.on('error', (error) => {
        if (!signal.aborted) failed(error)
        caller.destroy()
      })
      pod.on('close', () => caller.end())
      signal.addEventListener('abort', () => pod.destroy(), { once: true })
      caller.pipe(pod).pipe(caller)
    } catch (error) {
      if (!signal.aborted) failed(error as Error)
      caller.destroy()
    }
  }

  return {
    port: await listening(server, first, fixed),
    lead(to) {
      if (to === leads) return
      leads = to
      for (const caller of callers.keys()) caller.destroy()
    },
    close() {
      server.close()
      for (const caller of callers.keys()) caller.destroy()
    },
  }
}

async function listening(server: ReturnType<typeof createServer>, first: number, fixed: boolean): Promise<number> {
  for (let port = first; ; port += 1) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
    try {
      await promise
      return port
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE' && !fixed && port < HIGHEST) continue
      const why = code === 'EADDRINUSE' ? 'is taken' : `cannot be listened on (${code})`
      throw new ClusterError('Configuration', `port ${port} of this machine ${why}: choose another one`, {
        cause: error,
      })
    } finally {
      server.removeListener('error', reject)
    }
  }
}
