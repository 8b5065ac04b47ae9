import { ACTIONS } from '../../domain/actions/actions.ts'
import type { ReachedGate } from '../../domain/actions/step.ts'
import { callOn } from '../../domain/findings/remedy.ts'
import { VERBS } from '../../domain/intent.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { RunEvent } from '../../domain/run/event.ts'
import { type Exit, EXIT, type Outcome, type Report } from '../../domain/run/outcome.ts'
import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { hanging } from '../draw/hanging.ts'
import { SIGNS, type Tone } from '../draw/theme.ts'
import { clockTime, elapsed } from '../draw/time.ts'
import { wrap } from '../draw/width.ts'
import { nextLines } from './finding.ts'
import { oldPods } from './group-view.ts'

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

/**
 * What leads on from a run that did not come to its end: the same verb, or a look at what is in the way, or at what is
 * there.
 */
export type LeadsOn = 'again' | 'check' | 'get-group'

/** Every outcome: its sign, the word for it, and what leads on from it. */
export const OUTCOMES: Record<
  Outcome,
  { readonly sign: string; readonly tone: Tone; readonly words: string; readonly next: LeadsOn | undefined }
> = {
  done: { sign: SIGNS.good, tone: 'good', words: 'done', next: undefined },
  'already-done': { sign: SIGNS.good, tone: 'dim', words: 'nothing to do', next: undefined },
  refused: { sign: SIGNS.bad, tone: 'bad', words: 'refused', next: 'check' },
  changed: { sign: SIGNS.bad, tone: 'bad', words: 'changed', next: 'get-group' },
  lost: { sign: SIGNS.bad, tone: 'bad', words: 'lost', next: 'get-group' },
  failed: { sign: SIGNS.bad, tone: 'bad', words: 'failed', next: 'check' },
  'timed-out': { sign: SIGNS.bad, tone: 'bad', words: 'timed out', next: 'again' },
  'not-started': { sign: SIGNS.note, tone: 'dim', words: 'not started', next: undefined },
  cancelled: { sign: SIGNS.bad, tone: 'warn', words: 'cancelled', next: 'again' },
}

/** A row that says something of the whole run. */
export function noteRow(words: string): ProgressRow {
  return { passing: false, sign: SIGNS.note, tone: undefined, wave: '', member: '', words, after: '' }
}

/**
 * Words an event; undefined where a person need not hear of it.
 * @param stops the key that stops a run
 */
export function progressRow(event: RunEvent, patchedAt: number | undefined, stops = 'Ctrl-C'): ProgressRow | undefined {
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
      return row(`interrupted: nothing new is started; press ${stops} again to stop now`, {
        sign: SIGNS.warn,
        tone: 'warn',
      })
    case 'warning':
      return row(event.sentence, { sign: SIGNS.warn, tone: 'warn' })
  }
}

/**
 * What a run came to: one line where all went well, otherwise the state of every member and what leads on.
 * @param leads the lines of what leads on; a command, unless something else is at hand
 */
export function reportScreen(
  plan: Plan,
  reports: readonly Report[],
  exit: Exit,
  milliseconds: number | undefined,
  drawing: Drawing,
  leads: (next: LeadsOn) => string[] = (next) => nextLines(callOn(plan, next === 'again' ? plan.verb : next), drawing),
): string[] {
  const { done, none } = VERBS[plan.verb].words
  const meant = plan.waves.flat().length
  const title = (text: string) => wrap(printable(text), drawing.width ?? Infinity)
  if (exit === EXIT.done && meant === 0) {
    return [
      ...title(`Group ${plan.group}: ${none}.`),
      ...hanging(
        reports.map((each) => ({ head: [{ text: `${SIGNS.note} ${each.member}` }], said: [each.detail] })),
        drawing.width,
        drawing.paint,
      ),
    ]
  }
  const time = milliseconds === undefined ? '' : elapsed(milliseconds)
  const half = plan.findings.some((each) => each.code === 'half-way' && each.severity === 'warning')
  if (exit === EXIT.done && half) {
    const names = plan.waves
      .flat()
      .map((each) => each.member)
      .join(', ')
    return [
      ...title(`Group ${plan.group} half ${done}: ${names}${time && ` in ${time}`}; the others still wait.`),
      ...nextLines(callOn(plan, plan.verb), drawing),
    ]
  }
  const gate = gateReached(plan)
  const deed = gate === undefined ? done : `at gate ${gate.number} of ${gate.count}, ${gate.weight} %`
  const next = gate === undefined ? [] : nextLines(callOn(plan, plan.verb), drawing)
  if (exit === EXIT.done && reports.every((each) => each.outcome === 'already-done'))
    return [...title(`Group ${plan.group} already ${deed}; nothing was left to do.`), ...next]
  if (exit === EXIT.done)
    return [...title(`Group ${plan.group} ${deed}: ${meant} of ${meant}${time && ` in ${time}`}.`), ...next]
  const acted = reports.filter((each) => each.outcome === 'done').length
  const first =
    acted === 0 ? `Group ${plan.group} not ${done}` : `Group ${plan.group} partly ${done}: ${acted} of ${meant}`
  const ended = exit === EXIT.interrupted ? 'interrupted' : 'ended'
  return [
    ...title(`${first}${time === '' ? (ended === 'ended' ? '' : `, ${ended}`) : `, ${ended} after ${time}`}.`),
    ...reportTable(reports, drawing),
    ...leads(
      reports.map((each) => OUTCOMES[each.outcome].next).find((each) => each !== undefined) ??
        (exit === EXIT.refused ? 'check' : 'again'),
    ),
  ]
}

/** The gate a plan leads to, where it does not lead to the end. */
function gateReached({ waves }: Plan): ReachedGate | undefined {
  return waves.flat().flatMap(({ until }) => (until.kind === 'gate' ? [until.gate] : []))[0]
}

/** What the server said of a plan it was only asked about. */
export function dryRunScreen(plan: Plan, reports: readonly Report[], exit: Exit, drawing: Drawing): string[] {
  if (plan.waves.length === 0) return []
  return exit === EXIT.done
    ? [`  ${SIGNS.good} the server accepts every write; nothing was stored`]
    : [
        ...wrap(
          'The server does not accept every write; nothing was stored.',
          drawing.width ? drawing.width - 2 : Infinity,
        ).map((line) => `  ${line}`),
        ...reportTable(reports, drawing),
      ]
}

/** A line a member, its outcome, and why: the reason is never cut. */
function reportTable(reports: readonly Report[], { width, paint }: Drawing): string[] {
  return hanging(
    reports.map(({ member, outcome, detail }) => {
      const { sign, tone, words } = OUTCOMES[outcome]
      return { head: [{ text: member }, { text: `${sign} ${words}`, tone }], said: [detail] }
    }),
    width,
    paint,
  )
}
