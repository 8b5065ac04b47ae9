import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { SIGNS } from '../draw/theme.ts'
import { fit, truncate, widthOf } from '../draw/width.ts'
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

/** Columns of what was asked, of what came back, and of how long that took. */
const [METHOD, STATUS, TOOK] = [7, 5, 8]

/** A line a request, and below one that writes its body: what does not fit is there to be copied. */
function requestLines(
  { method, url, body, result, took }: Requested,
  { paint, width }: Pick<Drawing, 'paint'> & { readonly width: number },
): string[] {
  const writes = method !== 'GET'
  // What has no status has a reason.
  const [status, reason] = /^\d+$/.test(result) ? [result, ''] : [SIGNS.bad, `${result}: `]
  const begin = fit(method, METHOD) + fit(status, STATUS) + fit(`${took}ms`, TOOK) + reason
  const told = begin + pathIn(new URL(url), width - widthOf(begin))
  const lines = writes && body !== undefined ? [told, `  ${short(body)}`] : [told]
  const tone = !/^[23]/.test(result) ? 'bad' : writes ? undefined : 'dim'
  return lines.map((text) => paint({ text: truncate(printable(text), width), tone }))
}

/** A path of which the end is kept, what was asked for; its query goes first. */
function pathIn({ pathname, search }: URL, columns: number): string {
  const from = [...pathname].length - columns + 1
  return from > 1 && columns > 0 ? `…${[...pathname].slice(from).join('')}` : pathname + search
}

/** What counts of a patch stands at its beginning; a file of `--log` has all. */
function short(body: string): string {
  return body.length > 600 ? `${body.slice(0, 600)}…` : body
}
