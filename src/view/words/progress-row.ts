import { ACTIONS } from '../../domain/actions/actions.ts'
import type { RunEvent } from '../../domain/run/event.ts'
import { SIGNS, type Tone } from '../draw/theme.ts'
import { clockTime, elapsed } from '../draw/time.ts'
import { oldPods } from './group-view.ts'
import { OUTCOMES } from './outcomes.ts'

/** One line of progress; a `passing` one is replaced by the next on a terminal. */
export interface ProgressRow {
  readonly passing: boolean
  readonly sign: string
  readonly tone: Tone | undefined
  readonly wave: string
  readonly member: string
  readonly words: string
  readonly after: string
}

/** A row that says something of the whole run. */
export function noteRow(words: string): ProgressRow {
  return { passing: false, sign: SIGNS.note, tone: undefined, wave: '', member: '', words, after: '' }
}

/**
 * Words an event; undefined where a person need not hear of it.
 * @param stops how a run that was interrupted is ended now, where that is not said elsewhere
 */
export function progressRow(
  event: RunEvent,
  patchedAt: number | undefined,
  stops = '; press Ctrl-C again to stop now',
): ProgressRow | undefined {
  const about = 'wave' in event && event.wave !== undefined ? { wave: String(event.wave) } : { wave: '' }
  const row = (words: string, more: Partial<ProgressRow> = {}): ProgressRow => ({
    ...noteRow(words),
    ...about,
    member: 'member' in event ? event.member : '',
    ...more,
  })
  const waiting = { passing: true, sign: SIGNS.wait, tone: 'wait' } as const
  switch (event.type) {
    case 'started':
    case 'ended':
      return undefined
    case 'waiting':
      return row(`waiting: ${event.waitingFor}`, waiting)
    case 'draining': {
      const at = event.deadline === undefined ? '' : `, to go at ${clockTime(event.deadline)}`
      return row(`${oldPods(event.pods)} of ${event.version} left${at}`, { ...waiting, wave: '' })
    }
    case 'drained':
      return row(`old ${event.member} pods gone`, { wave: '', member: '', after: elapsed(event.after) })
    case 'applied':
      return row(`${event.kind} ${event.name} ${event.how}`, { sign: SIGNS.good, tone: 'good' })
    case 'patched':
      return row(ACTIONS[event.action].words.sent, waiting)
    case 'progress':
      return row(event.waitingFor, waiting)
    case 'finished': {
      const { sign, tone, words } = OUTCOMES[event.outcome]
      const detail = event.outcome === 'done' ? event.detail : `${words}: ${event.detail}`
      return row(detail, { sign, tone, after: elapsed(patchedAt === undefined ? event.after : event.at - patchedAt) })
    }
    case 'disconnected':
      return row(`connection lost: ${event.reason}`, { sign: SIGNS.warn, tone: 'warn' })
    case 'connected':
      return row('connected again', { sign: SIGNS.good, tone: 'good' })
    case 'interrupted':
      return row(`interrupted: nothing new is started${stops}`, {
        sign: SIGNS.warn,
        tone: 'warn',
      })
    case 'warning':
      return row(event.sentence, { sign: SIGNS.warn, tone: 'warn' })
  }
}
