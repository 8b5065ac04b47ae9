import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { widthOf, wrap } from '../draw/width.ts'
import { progressLines } from '../words/progress-line.ts'
import { clock } from './time-words.ts'
import type { Logged, Model, Requested, ScreenState } from './state.ts'

/** Columns of the time. */
const TIME = 10

/**
 * What all runs of the session told, and each request that was sent with what came back, with the time: of one that
 * writes its body, too.
 */
export function logLines(
  { log }: Pick<ScreenState, 'log'>,
  { requests }: Pick<Model, 'requests'>,
  { paint, width = Infinity }: Drawing,
): string[] {
  const names = Math.max(0, ...log.map(({ row }) => widthOf(printable(row.member))))
  const drawn = [
    ...log.map(({ at, row }: Logged) => ({ at, lines: progressLines(row, names, paint, width - TIME) })),
    ...requests.map((each) => ({ at: each.at, lines: requestLines(each, { paint, width: width - TIME }) })),
  ]
  return drawn
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ at, lines }) =>
      lines.map((line, index) => `${index === 0 ? paint({ text: clock(at), tone: 'dim' }) : ' '.repeat(8)}  ${line}`),
    )
}

function requestLines(
  { method, url, body, result, took }: Requested,
  { paint, width }: Pick<Drawing, 'paint'> & { readonly width: number },
): string[] {
  const { pathname, search } = new URL(url)
  const good = /^[23]/.test(result)
  const writes = method !== 'GET'
  const words = `${method} ${pathname}${search}  ${result}, ${took}ms`
  const told = [...wrap(printable(words), width), ...(writes && body !== undefined ? bodyLines(body, width) : [])]
  return told.map((text) => paint({ text, tone: good ? (writes ? undefined : 'dim') : 'bad' }))
}

/** Longer bodies are cut: what counts of a patch stands at its beginning. */
const MOST = 600

function bodyLines(body: string, width: number): string[] {
  const cut = body.length > MOST ? `${body.slice(0, MOST)}…` : body
  return wrap(printable(cut), Math.max(1, width - 2)).map((line) => `  ${line}`)
}
