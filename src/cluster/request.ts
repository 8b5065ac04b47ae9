import type { Attempt } from './attempt.ts'
import { type Addressee, cancelled, malformed, refusal, unanswered, unreachable } from './errors.ts'
import type { Answer } from './conversation.ts'
import { ClusterError } from './port.ts'
import { type Repeat, waitBefore } from './retry.ts'
import type { HttpCall, RequestTime, Transport } from './transport.ts'
import { traceBody, type TraceFlags } from './trace.ts'
import type { Tuning } from './tuning.ts'
import type { WebSocket } from 'ws'

/** What every request of one cluster needs. */
export interface Line {
  readonly transport: Transport
  readonly to: Addressee
  readonly tuning: Tuning
  readonly requestTimeoutMs: number | undefined
  /** Answers come as they are. */
  readonly uncompressed?: boolean
  /** How much is told of each answer. */
  readonly traced?: TraceFlags
  /** Told once of a request that it is tried again, where that takes a while. */
  readonly say?: ((sentence: string) => void) | undefined
  /** Objects of a list in one answer; 0: all. */
  readonly chunkSize?: number | undefined
  /** The server has answered a request. */
  known: boolean
}

export interface Request {
  /** What the answer is; default JSON. */
  readonly answers?: 'text'
  readonly call: HttpCall
  readonly attempt: Attempt
  readonly repeat: Repeat
  readonly signal: AbortSignal | undefined
}

/** Sends a request, again where that is safe, and reads what it is answered with. @throws ClusterError */
export function ask(line: Line, request: Request): Promise<unknown> {
  return repeated(line, request, () => once(line, request))
}

/** Does it, and once more as often as that is safe. @throws ClusterError */
export async function repeated<T>(
  line: Line,
  { repeat, attempt, signal }: Pick<Request, 'repeat' | 'attempt' | 'signal'>,
  does: () => Promise<T>,
): Promise<T> {
  let waited = 0
  let told = false
  for (let tried = 1; ; tried += 1) {
    try {
      return await does()
    } catch (error) {
      const wait =
        error instanceof ClusterError ? waitBefore(repeat, error, tried, line.known, line.tuning.random) : undefined
      if (wait === undefined) throw error
      waited += wait
      if (waited >= NOTICED && !told) line.say?.(`${(error as ClusterError).message}; trying again`)
      told ||= waited >= NOTICED
      await rest(line, attempt, signal, wait)
    }
  }
}

/** Milliseconds of waiting that a person notices, and wants to know what for. */
const NOTICED = 1000

async function rest(
  line: Line,
  attempt: Attempt,
  signal: AbortSignal | undefined,
  milliseconds: number,
): Promise<void> {
  try {
    await line.tuning.pause(milliseconds, signal)
  } catch (error) {
    throw signal?.aborted ? cancelled(attempt, signal.reason) : error
  }
}

const COMPRESSED = { 'accept-encoding': 'gzip' }
const UNCOMPRESSED = { 'accept-encoding': 'identity' }

async function once(line: Line, { call, attempt, signal, answers }: Request): Promise<unknown> {
  return bounded(line, attempt, signal, async (both, time) => {
    const encoding = line.uncompressed ? UNCOMPRESSED : COMPRESSED
    const bounds = line.requestTimeoutMs ? timeLimit(call.path, line.requestTimeoutMs) : {}
    const sent = { ...call, ...bounds, headers: { ...encoding, ...call.headers } }
    const answer = await line.transport.send(sent, both, time)
    const body = await readWhole(line, attempt, answer)
    if (line.traced !== undefined) traceBody(line.traced, 'Response', body)
    if (answer.status < 200 || answer.status > 299) throw refusal(attempt, line.to, answer.status, answer.headers, body)
    return answers === 'text' ? body : parse(line, attempt, body)
  })
}

/** The server, too, is to end a request by then (client-go, rest/request.go). */
function timeLimit(path: string, milliseconds: number): Pick<HttpCall, 'path'> {
  return { path: `${path}${path.includes('?') ? '&' : '?'}timeout=${milliseconds / 1000}s` }
}

/**
 * Opens a watch: resolves once the server has accepted it; its lifetime is not bounded by the request timeout. @throws
 * ClusterError
 */
export async function open(line: Line, call: HttpCall, attempt: Attempt, signal: AbortSignal): Promise<Answer> {
  const ready = new AbortController()
  const lifetime = AbortSignal.any([signal, ready.signal])
  return bounded(line, attempt, signal, async (both, time) => {
    const giveUp = (): void => ready.abort(both.reason)
    both.addEventListener('abort', giveUp, { once: true })
    const answer = await line.transport.send({ ...call, lasts: true }, lifetime, time)
    if (answer.status === 200) {
      both.removeEventListener('abort', giveUp)
      return answer
    }
    throw refusal(attempt, line.to, answer.status, answer.headers, await readWhole(line, attempt, answer))
  })
}

/** Opens a WebSocket, whose lifetime is the signal's. @throws ClusterError */
export async function dialled(
  line: Line,
  path: string,
  protocol: string,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<WebSocket> {
  return bounded(line, attempt, signal, async (both, time) => {
    time.run()
    const opened = await line.transport.dial(path, protocol, both)
    if ('status' in opened) throw refusal(attempt, line.to, opened.status, opened.headers, opened.body)
    signal.addEventListener('abort', () => opened.terminate(), { once: true })
    return opened
  })
}

/**
 * Runs one exchange under the caller's signal and the request timeout, and tells their ends from the network's
 * failures.
 */
async function bounded<T>(
  line: Line,
  attempt: Attempt,
  signal: AbortSignal | undefined,
  exchange: (both: AbortSignal, time: RequestTime) => Promise<T>,
): Promise<T> {
  const timeout = new AbortController()
  const limit = line.requestTimeoutMs
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => clearTimeout(timer)
  const run = (): void => {
    stop()
    if (limit) timer = setTimeout(() => timeout.abort(), limit)
  }
  try {
    if (signal?.aborted) throw signal.reason
    const both = signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal])
    const result = await exchange(both, { run, stop })
    line.known = true
    return result
  } catch (error) {
    throw classified(line, attempt, error, signal, timeout.signal.aborted)
  } finally {
    stop()
  }
}

/** Any failure of an exchange as a ClusterError. */
export function classified(
  line: Line,
  attempt: Attempt,
  error: unknown,
  signal: AbortSignal | undefined,
  timedOut: boolean,
): ClusterError {
  if (signal?.aborted) return cancelled(attempt, signal.reason)
  if (timedOut) return unanswered(attempt, line.to, line.requestTimeoutMs)
  if (error instanceof ClusterError) {
    if (error.status !== undefined) line.known = true
    return error
  }
  return unreachable(attempt, line.to, error)
}

async function readWhole(line: Line, attempt: Attempt, answer: Answer): Promise<string> {
  const { maxBodyBytes } = line.tuning
  const packed: Buffer[] = []
  const isPacked = answer.headers['content-encoding'] === 'gzip'
  // Where nothing is to be unpacked, each piece is read as it comes: no answer is in memory twice.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  let size = 0
  for await (const chunk of answer.body) {
    size += chunk.length
    if (size > maxBodyBytes) throw malformed(attempt, line.to, `is larger than ${maxBodyBytes} bytes`)
    if (isPacked) packed.push(chunk)
    else text += decoder.decode(chunk, { stream: true })
  }
  return isPacked ? unpacked(line, attempt, Buffer.concat(packed, size)) : text + decoder.decode()
}

/** Bytes that are unpacked in one piece. */
const PIECE = { least: 64 * 1024, most: 8 * 1024 * 1024 } as const

/**
 * In as few pieces as may be: what comes in many, one after the other from another thread, takes three times as long.
 * Small answers come as they are: what unpacks is loaded where one does not.
 */
function unzip(raw: Buffer, maxOutputLength: number): Buffer {
  // How long it is unpacked stands at its end (RFC 1952, ISIZE); whoever says otherwise is unpacked as well.
  const told = raw.length < 4 ? 0 : raw.readUInt32LE(raw.length - 4) + 1
  const chunkSize = Math.min(Math.max(told, PIECE.least), PIECE.most)
  return process.getBuiltinModule('node:zlib').gunzipSync(raw, { maxOutputLength, chunkSize })
}

function unpacked(line: Line, attempt: Attempt, raw: Buffer): string {
  try {
    return unzip(raw, line.tuning.maxBodyBytes).toString('utf8')
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw malformed(
      attempt,
      line.to,
      tooLarge ? `is larger than ${line.tuning.maxBodyBytes} bytes` : 'cannot be unpacked',
      error,
    )
  }
}

function parse(line: Line, attempt: Attempt, body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    const what = /^\s*</.test(body)
      ? 'is a web page, not JSON: is this an API server, or a login page before it?'
      : `is not whole JSON (${body.length} characters)`
    throw malformed(attempt, line.to, what, error)
  }
}
