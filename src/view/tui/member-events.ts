import { eventOf } from '../../domain/group/why-not-ready.ts'
import type { Member } from '../../domain/group/member.ts'
import { resultOf } from '../../domain/objects/analysis.ts'
import { at, list, text, whole } from '../../domain/objects/fields.ts'
import type { Cell } from '../draw/theme.ts'
import type { Extra } from './state.ts'
import { clock } from './time-words.ts'

/** More events than these are not shown. */
const MOST = 20

/** The last Events of a member, the newest first. */
export function eventLines(events: Extra['events']): Cell[] {
  if (events === undefined) return [{ text: 'being read…', tone: 'dim' }]
  if (typeof events === 'string') return [{ text: events, tone: 'dim' }]
  const told = events.map(eventOf).toSorted((a, b) => b.when - a.when)
  if (told.length === 0) return [{ text: 'none', tone: 'dim' }]
  return told.slice(0, MOST).map(
    ({ when, reason, message, count, warns }): Cell => ({
      text: `${clock(when)}  ${warns ? '⚠ ' : ''}${reason}${count > 1 ? ` (${count} times)` : ''}: ${message}`,
      tone: warns ? 'warn' : undefined,
    }),
  )
}

/** The analyses that a member's status speaks of, each with what its metrics measured where that was read. */
export function analysisLines({ status }: Member, runs: Extra['analysisRuns']): Cell[] {
  const kinds = [
    ['pre-promotion', status.prePromotion],
    ['post-promotion', status.postPromotion],
    ['step', status.stepAnalysis],
    ['background', status.backgroundAnalysis],
  ] as const
  return kinds.flatMap(([kind, analysis]): Cell[] => {
    if (analysis === undefined) return []
    const raw =
      typeof runs === 'object' ? runs.find((each) => at(each, 'metadata', 'name') === analysis.name) : undefined
    return [
      {
        text:
          `${kind}  ${analysis.name}  ` +
          `${analysis.phase || 'not begun'}${analysis.message === '' ? '' : `: ${analysis.message}`}`,
        tone: ({ passed: 'good', failed: 'bad', open: 'wait' } as const)[resultOf(analysis)],
      },
      ...list(at(raw, 'status', 'metricResults')).map((each): Cell => ({ text: `  ${metricWords(each)}` })),
      ...(typeof runs === 'string' ? [{ text: `  ${runs}`, tone: 'dim' } as const] : []),
    ]
  })
}

function metricWords(raw: unknown): string {
  const counted = (['successful', 'failed', 'inconclusive', 'error'] as const).flatMap((field) => {
    const number = whole(at(raw, field))
    return number === undefined || number === 0 ? [] : [`${number} ${field}`]
  })
  const last = at(list(at(raw, 'measurements')).at(-1), 'value')
  return (
    `${text(at(raw, 'name')) ?? ''}  ${text(at(raw, 'phase')) ?? ''}  ` +
    `${[...counted, ...(typeof last === 'string' ? [`last value ${last}`] : [])].join(', ')}`
  ).trimEnd()
}
