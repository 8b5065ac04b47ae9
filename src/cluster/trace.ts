import { printable } from '../text/printable.ts'
import type { ConnectionFlags } from './flags.ts'

/** One request as it is about to be sent. */
export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: string | undefined
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** What is told of one exchange as it goes on. */
export interface Exchange {
  answered(status: number, headers: Headers): void
  failed(why: string): void
}

/** From which -v on what is shown, as for kubectl (k8s.io/client-go/transport/round_trippers.go). */
const LEVEL = { line: 6, request: 7, answer: 8, curl: 9 } as const

/** Tells of a request what -v asks for, never who may send it. */
export function traceRequest(flags: ConnectionFlags, { method, url, headers, body }: Sent): Exchange {
  const { verbosity = 0 } = flags
  const say = (level: number, lines: readonly string[]): void => {
    if (verbosity >= level) for (const line of lines) flags.trace?.(line)
  }
  // Node loads its clock when it is first asked for.
  const now = (): number => (verbosity >= LEVEL.line || flags.hear !== undefined ? performance.now() : 0)
  const started = now()
  const took = (): number => Math.round(now() - started)
  if (verbosity >= LEVEL.curl) say(LEVEL.curl, [curl(method, url, headers)])
  else say(LEVEL.request, [`${method} ${url}`, 'Request Headers:', ...listed(headers)])
  if (body !== undefined) traceBody(flags, 'Request', body)
  const heard = (result: string): void => flags.hear?.({ method, url, body, result, took: took() })
  const line = (what: string | number) => `${method} ${url} ${what} in ${took()} ms`
  return {
    answered(status, answered) {
      heard(String(status))
      say(LEVEL.line, [line(status)])
      say(LEVEL.answer, ['Response Headers:', ...listed(answered)])
    },
    failed(why) {
      heard(printable(why))
      say(LEVEL.line, [line(printable(why))])
    },
  }
}

/** Tells of a body, cut as kubectl cuts it. */
export function traceBody({ verbosity = 0, trace }: TraceFlags, of: 'Request' | 'Response', body: string): void {
  if (verbosity < LEVEL.answer) return
  const most = verbosity >= 10 ? Number.POSITIVE_INFINITY : verbosity >= LEVEL.curl ? 10_240 : 1024
  const cut = body.length > most ? ` [truncated ${body.length - most} chars]` : ''
  trace?.(`${of} Body: ${printable(body.slice(0, most))}${cut}`)
}

/** Tells what -v=6 says beside the requests. */
export function traceNote({ verbosity = 0, trace }: TraceFlags, note: () => string): void {
  if (verbosity >= LEVEL.line) trace?.(printable(note()))
}

export type TraceFlags = Pick<ConnectionFlags, 'verbosity' | 'trace'>

function listed(headers: Headers): readonly string[] {
  return pairs(headers).map(([name, value]) => `    ${name}: ${value}`)
}

function curl(method: string, url: string, headers: Headers): string {
  return `curl -v -X${method} ${pairs(headers)
    .map(([name, value]) => `-H "${name}: ${value.replaceAll('"', '\\"')}" `)
    .join('')}'${url}'`
}

/** Each value of each header, and of what lets one in the kind alone. */
function pairs(headers: Headers): readonly (readonly [name: string, value: string])[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => [name, printable(SECRET.has(name) ? masked(value) : value)] as const),
  )
}

const SECRET: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie'])

function masked(value: string): string {
  const [, kind = ''] = /^(Bearer|Basic|Negotiate) /i.exec(value) ?? []
  return `${kind} <masked>`.trim()
}
