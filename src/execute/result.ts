import { ClusterError } from '../cluster/port.ts'
import { EXIT, type Exit, exitOf, type Outcome, type Report } from '../domain/run/outcome.ts'
import { leftAsItIs } from '../domain/actions/actions.ts'
import { reasonOf } from '../domain/findings/finding.ts'
import type { Step } from '../domain/actions/step.ts'
import { type Plan, refusing } from '../domain/plan/plan.ts'
import { Interrupted, Locked, TimedOut } from './context.ts'

/** What a verb came to. */
export interface Result {
  /** The plan that was carried out last; it holds the findings of a refusal. */
  readonly plan: Plan
  /** One for every member. */
  readonly reports: readonly Report[]
  readonly exit: Exit
  /** A saved plan was held against the group, and nothing is to be carried out: it is over, or out of date. */
  readonly settled?: boolean
}

/** A result in which the members that the plan leaves alone have their reports too. */
export function conclude(plan: Plan, acted: readonly Report[], exit?: Exit): Result {
  const resting = plan.skipped.filter((each) => !acted.some(({ member }) => member === each.member))
  const reports = [
    ...acted,
    ...resting.map(
      ({ member, why, refused }): Report => ({ member, outcome: refused ? 'refused' : 'already-done', detail: why }),
    ),
  ]
  return { plan, reports, exit: exit ?? exitOf(reports) }
}

/** Nothing was done, for one reason. */
export function concludeAll(plan: Plan, outcome: Outcome, detail: string, exit?: Exit): Result {
  return conclude(
    plan,
    plan.waves.flat().map((step) => ({ member: step.member, outcome, detail })),
    exit,
  )
}

/** The findings of the plan forbid it. */
export function refusal(plan: Plan): Result {
  const [why] = refusing(plan)
  return conclude(
    plan,
    plan.waves
      .flat()
      .map((step) => ({ member: step.member, outcome: 'refused', detail: `${leftAsItIs(step)}: ${reasonOf(why!)}` })),
    EXIT.refused,
  )
}

/**
 * What steps come to that ended early: how far they had come. What leads on is said once, of the whole run.
 * @param so e.g. `this step was not sent` @throws the error itself, where it is none that a run expects
 */
export function ended(error: unknown, steps: readonly Pick<Step, 'member'>[], so: string): Report[] {
  const [outcome, detail] = endOf(error, so)
  return steps.map((step) => ({ member: step.member, outcome, detail }))
}

/** How far a step has come that has not begun. */
export const NOTHING = 'this step was not sent'

function endOf(error: unknown, so: string): [Outcome, string] {
  if (error instanceof TimedOut)
    return ['timed-out', `${so} when the time was up${error.why === undefined ? '' : `: ${error.why}`}`]
  if (error instanceof Interrupted) return ['cancelled', `interrupted: ${so}`]
  if (error instanceof Locked) return ['changed', `${error.message}: ${so}`]
  if (!(error instanceof ClusterError)) throw error
  // What cut a request off is the reason of its signal: the time was up, or else somebody interrupts.
  if (error.reason === 'Aborted')
    return endOf(error.cause instanceof TimedOut ? error.cause : new Interrupted('interrupted', { cause: error }), so)
  return ['failed', so === NOTHING ? error.message : `${error.message}; ${so}`]
}
