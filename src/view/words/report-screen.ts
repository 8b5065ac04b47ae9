import type { ReachedGate } from '../../domain/actions/step.ts'
import { callOn } from '../../domain/findings/remedy.ts'
import { VERBS } from '../../domain/intent.ts'
import { type Plan, refused } from '../../domain/plan/plan.ts'
import { type Exit, EXIT, type Report } from '../../domain/run/outcome.ts'
import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { hanging } from '../draw/hanging.ts'
import { SIGNS } from '../draw/theme.ts'
import { elapsed } from '../draw/time.ts'
import { wrap } from '../draw/width.ts'
import { nextLines } from './finding.ts'
import { onceEach } from './once-each.ts'
import { callTo, type LeadsOn, OUTCOMES } from './outcomes.ts'

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
  leads: (next: LeadsOn) => string[] = (next) =>
    nextLines(next === 'again' ? callOn(plan, plan.verb) : callTo(plan, next), drawing),
): string[] {
  const time = milliseconds === undefined ? '' : elapsed(milliseconds)
  const title = (text: string) => wrap(printable(text), drawing.width ?? Infinity)
  if (exit !== EXIT.done)
    return [
      ...title(endedEarly(plan, reports, exit, time)),
      ...reportTable(reports, drawing),
      ...[leadsOn(plan, reports, exit)].flatMap((next) => (next === undefined ? [] : leads(next))),
    ]
  if (plan.waves.length === 0)
    return [...title(`Group ${plan.group}: ${VERBS[plan.verb].words.none}.`), ...reasons(reports, drawing)]
  const { said, goesOn } = cameToItsEnd(plan, reports, time)
  if (goesOn === 'rest') return [...title(said), ...nextLines(callOn(plan, plan.verb), drawing)]
  return [...title(said), ...(goesOn === 'again' ? leads('again') : [])]
}

/** Several runs that are one to whoever asked for them. */
export interface Whole {
  /** `undo-all` */
  readonly name: string
  /** The release to go back to, where it was chosen. */
  readonly to?: string
  /** Users who were promoted come back first. */
  readonly undoPromoted?: true
  /** `undone` */
  readonly done: string
  /** What was said before it was confirmed. */
  readonly said: readonly string[]
}

/** How the last of several runs ended. */
export interface WholeEnd {
  readonly plan: Plan
  readonly reports: readonly Report[]
  readonly exit: Exit
  /** Why it ended otherwise than by its reports. */
  readonly failure?: string
  /** Steps that the runs before it have done. */
  readonly before?: number
}

/** What all of them came to; where they did not come to their end, with what leads on of them all. */
export function wholeScreen(
  { plan, reports, exit, failure, before = 0 }: WholeEnd,
  { done, said, ...wanted }: Whole,
  milliseconds: number,
  drawing: Drawing,
  leads: (next: LeadsOn) => string[] = (next) =>
    nextLines(next === 'again' ? callOn(plan, wanted.name, ...optionsOf(wanted)) : callTo(plan, next), drawing),
): string[] {
  const { width = Infinity, paint } = drawing
  const told = (words: string) => wrap(printable(words), width)
  const after = elapsed(milliseconds)
  if (exit === EXIT.done)
    return [
      ...told(`Group ${plan.group} ${done} in ${after}.`),
      ...said.flatMap((each) => wrap(printable(each), width - 2)).map((line) => `  ${line}`),
    ]
  const steps = before + reports.filter((each) => each.outcome === 'done').length
  const far = steps === 0 ? `not ${done}` : `partly ${done}: ${steps} step${steps === 1 ? '' : 's'} done`
  const how = exit === EXIT.interrupted ? 'interrupted' : 'ended'
  return [
    ...told(`Group ${plan.group} ${far}, ${how} after ${after}${steps === 0 ? '' : '; what was done stays'}.`),
    ...(failure === undefined ? [] : told(failure).map((text) => paint({ text, tone: 'bad' }))),
    ...reportTable(reports, drawing),
    ...[leadsOn(plan, reports, exit)].flatMap((next) => (next === undefined ? [] : leads(next))),
  ]
}

/** What is typed after the verb. */
export function optionsOf({ to, undoPromoted }: Pick<Whole, 'to' | 'undoPromoted'>): string[] {
  return [...(undoPromoted === true ? ['--undo-promoted'] : []), ...(to === undefined ? [] : [`--to=${to}`])]
}

/** How a run ended that did all it set out to do, and what is left: for the same again, or for the verb without --only. */
function cameToItsEnd(
  plan: Plan,
  reports: readonly Report[],
  time: string,
): { readonly said: string; readonly goesOn: 'again' | 'rest' | undefined } {
  const { done } = VERBS[plan.verb].words
  const moves = plan.waves.flat()
  if (plan.findings.some((each) => each.code === 'half-way' && each.severity === 'warning')) {
    const names = moves.map((each) => each.member).join(', ')
    return {
      said: `Group ${plan.group} half ${done}: ${names}${time && ` in ${time}`}; the others still wait.`,
      goesOn: 'rest',
    }
  }
  const gate = gateReached(plan)
  const deed = gate === undefined ? done : `at gate ${gate.number} of ${gate.count}, ${gate.weight} %`
  const said = reports.every((each) => each.outcome === 'already-done')
    ? `Group ${plan.group} already ${deed}; nothing was left to do.`
    : `Group ${plan.group} ${deed}: ${moves.length} of ${moves.length}${time && ` in ${time}`}.`
  return { said, goesOn: gate === undefined ? undefined : 'again' }
}

/** How far a run came that did not do all it set out to do, and how it ended. */
function endedEarly({ group, verb, waves }: Plan, reports: readonly Report[], exit: Exit, time: string): string {
  const { done } = VERBS[verb].words
  const acted = reports.filter((each) => each.outcome === 'done').length
  const far = acted === 0 ? `not ${done}` : `partly ${done}: ${acted} of ${waves.flat().length}`
  const ended = exit === EXIT.interrupted ? 'interrupted' : 'ended'
  const how = time !== '' ? `, ${ended} after ${time}` : ended === 'interrupted' ? ', interrupted' : ''
  return `Group ${group} ${far}${how}.`
}

/**
 * What leads on of a run that did not come to its end: from the first outcome from which something does. A check sees
 * nothing of a person's files, and says nothing of a refused plan that has not been said with its remedy.
 */
export function leadsOn(plan: Plan, reports: readonly Report[], exit: Exit): LeadsOn | undefined {
  if (reports.some((each) => each.leadsBack)) return 'back'
  const nexts = reports.flatMap((each) => OUTCOMES[each.outcome].next ?? [])
  const next = nexts[0] ?? (exit === EXIT.refused ? 'check' : 'again')
  if (next !== 'check' || plan.objects !== undefined) return next === 'check' ? 'again' : next
  return refused(plan) && exit === EXIT.refused ? undefined : next
}

/** A line a member, and why nothing was to be done. */
function reasons(reports: readonly Report[], { width, paint }: Drawing): string[] {
  return hanging(
    reports.map((each) => ({ head: [{ text: `${SIGNS.note} ${each.member}` }], said: [each.detail] })),
    width,
    paint,
  )
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
  const details = onceEach(reports.map((each) => each.detail))
  return hanging(
    reports.map(({ member, outcome }, index) => {
      const { sign, tone, words } = OUTCOMES[outcome]
      return { head: [{ text: member }, { text: `${sign} ${words}`, tone }], said: [details[index]!] }
    }),
    width,
    paint,
  )
}
