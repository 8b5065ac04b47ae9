import { type Answer, type Conversation, HttpError, type HttpRequest } from './conversation.ts'
import { authorityOf, type ClientCertificate } from './material.ts'
import type { RouteOptions } from './route.ts'
import { heard, silence } from './silence.ts'

/** What Bun's fetch takes of TLS (bun.com/docs/runtime/networking/fetch); Node's takes none. */
export interface FetchTls extends Partial<ClientCertificate> {
  readonly ca?: Buffer | undefined
  readonly rejectUnauthorized: boolean
}

/** What it depends on whether requests may go by fetch. */
export type FetchOptions = Pick<RouteOptions, 'cluster' | 'env' | 'onBun'>

/** By which Bun's fetch would go another way than kubectl. */
const PROXIES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()])

/**
 * What fetch is told, or undefined where it cannot do what the kubeconfig asks for: Node's takes no certificates, and
 * there may be a proxy, another name, the certificates of the system.
 * @throws ClusterError, reason Configuration
 */
export function tlsForFetch(
  { cert, key }: ClientCertificate,
  { cluster, env, onBun }: FetchOptions,
): FetchTls | undefined {
  if (!onBun || cluster.proxyUrl || cluster.tlsServerName || PROXIES.some((name) => env[name])) return undefined
  const rejectUnauthorized = !cluster.skipTLSVerify
  if (new URL(cluster.server).protocol !== 'https:') return { rejectUnauthorized }
  const ca = authorityOf(cluster)
  return ca === undefined && rejectUnauthorized ? undefined : { ca, cert, key, rejectUnauthorized }
}

/** Milliseconds in which a server that can be reached has begun to answer, unless it has very much to do. */
const SOON = 10_000

/** Requests at a time, for each of which fetch may need a connection; the others go the other way. */
const FEW = 8

/**
 * Reads by the runtime's own fetch, for which Bun needs a fifth of the time that Node's parts take under it. As soon as
 * it fails, or does not answer soon, requests go the other way: what a failure is, how long a server is waited for, and
 * what is said of it, is the same on each runtime.
 * @param otherwise by which all else goes
 * @param soonMs after which a request goes the other way, too
 */
export function fetching(
  origin: string,
  tls: FetchTls,
  otherwise: Conversation['send'],
  silenceMs: number,
  soonMs = SOON,
): Conversation['send'] {
  let failed = false
  let underWay = 0
  return async (request) => {
    if (failed || underWay >= FEW || !isSentAsItIs(origin, request)) return otherwise(request)
    let other: Promise<Answer> | undefined
    const turnAway = (): Promise<Answer> => {
      failed = true
      return (other ??= otherwise(request))
    }
    const { promise: late, resolve } = Promise.withResolvers<Answer>()
    const clock = setTimeout(() => resolve(turnAway()), soonMs)
    const own = new AbortController()
    let isUnderWay = true
    underWay += 1
    const done = (isFailure: boolean): void => {
      if (isUnderWay) underWay -= 1
      isUnderWay = false
      if (isFailure && !request.signal.aborted) failed = true
    }
    let fetched: Answer | undefined
    const answered = fetchOf(origin, tls, request, silenceMs, own, done).then(
      (answer) => (fetched = answer),
      () => {
        done(false)
        request.signal.throwIfAborted()
        return turnAway()
      },
    )
    let taken: Answer | undefined
    try {
      return (taken = await Promise.race([answered, late]))
    } finally {
      clearTimeout(clock)
      // Of two that are under way one is enough.
      if (taken === undefined || taken !== fetched) own.abort()
      other?.then(
        (answer) => answer !== taken && answer.discard(),
        () => undefined,
      )
    }
  }
}

/** Of a header's several values fetch would make one, and of a path with dots in it another. */
function isSentAsItIs(origin: string, { path, headers }: HttpRequest): boolean {
  const url = new URL(`${origin}${path}`)
  return `${url.pathname}${url.search}` === path && Object.values(headers).every((value) => typeof value === 'string')
}

/** @param done is told that nothing more is heard of it, and whether its body has failed */
async function fetchOf(
  origin: string,
  tls: FetchTls,
  { method, path, headers, signal }: HttpRequest,
  silenceMs: number,
  own: AbortController,
  done: (isFailure: boolean) => void,
): Promise<Answer> {
  const ended = AbortSignal.any([signal, own.signal])
  ended.addEventListener('abort', () => done(false), { once: true })
  // Of what it cannot unpack Bun would write to standard error itself.
  const answer = await fetch(`${origin}${path}`, {
    method,
    headers: headers as Record<string, string>,
    signal: ended,
    redirect: 'manual',
    ...{ tls, timeout: false, decompress: false },
  })
  const waiting = silence(silenceMs, (error) => own.abort(error))
  const body = async function* (): AsyncGenerator<Buffer> {
    let isFailure = false
    try {
      for await (const piece of heard((answer.body ?? []) as unknown as AsyncIterable<Buffer>, waiting))
        yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    } catch (error) {
      isFailure = true
      ended.throwIfAborted()
      throw new HttpError('connection lost', 'CONNECTION_LOST', error as Error)
    } finally {
      done(isFailure)
    }
  }
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: body(),
    discard: () => own.abort(),
  }
}
