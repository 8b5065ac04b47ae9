import type { WebSocket } from 'ws'
import { printable } from '../text/printable.ts'
import type { Answer } from './conversation.ts'
import { openLogin, type Credentials } from './credentials.ts'
import type { ConnectionFlags } from './flags.ts'
import { ClusterError } from './port.ts'
import { openSockets } from './sockets.ts'
import type { ClusterTarget } from './target.ts'
import { type Exchange, traceRequest } from './trace.ts'
import type { Tuning } from './tuning.ts'
import { openWay, type Way } from './way.ts'
import type { Declined } from './web-socket.ts'

/** One request, as HTTP sees it. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the server's URL, its query included. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Its answer comes to no end, as that of a watch. */
  readonly lasts?: boolean
}

/** The time a request may take; it stands still while somebody logs in. */
export interface RequestTime {
  run(): void
  stop(): void
}

/** Of a request that may take for ever. */
const NO_LIMIT: RequestTime = { run: () => undefined, stop: () => undefined }

/** The one way to the API server: it keeps its connections and credentials over all requests. */
export interface Transport {
  /** Resolves with the head of the answer; 401 has been answered with fresh credentials once, where there are any. */
  send(call: HttpCall, signal: AbortSignal, time?: RequestTime): Promise<Answer>
  /**
   * Opens a WebSocket below the server's URL; resolves with it, or with the answer that refuses it. 401 is answered
   * with fresh credentials once, where there are any.
   */
  dial(path: string, protocol: string, signal: AbortSignal): Promise<WebSocket | Declined>
  readonly traffic: { readonly requests: number; readonly connections: number }
  close(): Promise<void>
}

/** Opens nothing yet: the first request connects and logs in. */
export function openTransport(target: ClusterTarget, flags: ConnectionFlags, tuning: Tuning): Transport {
  const { cluster } = target
  const server = new URL(cluster.server)
  const origin = server.origin
  const prefix = server.pathname.replace(/\/$/, '')
  const closing = new AbortController()
  const login = openLogin(target, flags, closing.signal)
  const traffic = { requests: 0, connections: 0 }
  const warned = new Set<string>()
  const onConnection = (): void => {
    traffic.connections += 1
  }
  const agent = flags.userAgent ?? 'kubectl-rollouts_group'

  const { env, onBun = false } = flags
  const options = { cluster, env, onBun, sockets: openSockets(), onConnection }

  const ways = new Map<string, Way>()

  /** A credential plugin may give another client certificate: that is another connection. */
  const wayOf = ({ cert, key }: Credentials): Way => {
    const identity = `${cert ?? ''}${key ?? ''}`
    const way = ways.get(identity) ?? openWay({ cert, key }, options, tuning.silenceMs)
    ways.set(identity, way)
    return way
  }

  /** Asks the server, and tells of it with -v. */
  const asking = async <Answered>(
    { method, path, headers, body }: HttpCall,
    ask: (trace: Exchange) => Promise<Answered>,
  ): Promise<Answered> => {
    const trace = traceRequest(flags, { method, url: `${origin}${prefix}${path}`, headers: headers ?? {}, body })
    traffic.requests += 1
    try {
      return await ask(trace)
    } catch (error) {
      trace.failed((error as Error).message)
      throw error
    }
  }

  const exchange = (call: HttpCall, credentials: Credentials, signal: AbortSignal): Promise<Answer> => {
    const headers = { accept: 'application/json', 'user-agent': agent, ...credentials.headers, ...call.headers }
    return asking({ ...call, headers }, async (trace) => {
      const { method, body, lasts = false } = call
      const request = { method, path: `${prefix}${call.path}`, headers, body, lasts, signal }
      const way = wayOf(credentials)
      const reads = method === 'GET' && !lasts
      // A request that waits for a connection hears of its end only then: whoever asked does not wait for that.
      const answer = await unlessEnded(reads ? way.read(request) : way.send(request), signal)
      trace.answered(answer.status, answer.headers)
      passOn(warnings(answer.headers.warning))
      return answer
    })
  }

  /** Each warning of the server once. */
  const passOn = (found: readonly string[]): void => {
    for (const warning of found) {
      if (!warned.has(warning)) flags.warn?.(warning)
      warned.add(warning)
    }
  }

  const knock = (path: string, protocol: string, credentials: Credentials, signal: AbortSignal) => {
    const headers = { 'user-agent': agent, ...credentials.headers }
    return asking({ method: 'GET', path, headers }, async (trace) => {
      const [{ openWebSocket }, socket] = await unlessEnded(
        Promise.all([import('./web-socket.ts'), wayOf(credentials).connect()]),
        signal,
      )
      const url = `${origin}${prefix}${path}`.replace(/^http/, 'ws')
      const opened = await openWebSocket(socket, { url, protocol, headers, signal })
      trace.answered('status' in opened ? opened.status : 101, 'status' in opened ? opened.headers : {})
      return opened
    })
  }

  return {
    traffic,
    async dial(path, protocol, caller) {
      const signal = AbortSignal.any([caller, closing.signal])
      const credentials = await unlessEnded(login.current(), signal)
      const opened = await knock(path, protocol, credentials, signal)
      if (!('status' in opened) || opened.status !== 401 || !login.renew(credentials)) return opened
      return knock(path, protocol, await unlessEnded(login.current(), signal), signal)
    },
    async send(call, caller, time = NO_LIMIT) {
      const signal = AbortSignal.any([caller, closing.signal])
      const credentials = await unlessEnded(login.current(), signal)
      time.run()
      const answer = await exchange(call, credentials, signal)
      if (answer.status !== 401 || !login.renew(credentials)) return answer
      answer.discard()
      time.stop()
      const renewed = await unlessEnded(login.current(), signal)
      time.run()
      return exchange(call, renewed, signal)
    },
    async close() {
      closing.abort(new ClusterError('Aborted', `the connections to ${origin} were closed`))
      options.sockets.destroy()
    },
  }
}

/** The texts of `Warning: 299 - "…"` headers (RFC 7234, 5.5), the way the API server warns. */
function warnings(header: string | readonly string[] | undefined): readonly string[] {
  return [header ?? []]
    .flat()
    .flatMap((line) =>
      [...line.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = '']) =>
        printable(quoted.replace(/\\(.)/g, '$1')),
      ),
    )
}

/** Others may wait for the same login: it goes on, only this caller leaves. */
function unlessEnded<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const leave = (): void => reject(signal.reason)
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  return Promise.race([promise, ended]).finally(() => signal.removeEventListener('abort', leave))
}
