import { ClusterError } from '../cluster/port.ts'
import type { Group } from '../domain/group/read-group.ts'
import type { Member } from '../domain/group/member.ts'
import type { Outcome, Report } from '../domain/run/outcome.ts'
import { ACTIONS, leftAsItIs, writeFor } from '../domain/actions/actions.ts'
import { expectation, sameExpectation, type Step } from '../domain/actions/step.ts'
import { progressOf, ruleOf } from '../domain/actions/goals.ts'
import type { Progress } from '../domain/actions/progress.ts'
import { LOOKS_AGAIN, refusalOf, stands } from '../domain/objects/refusal.ts'
import { preconditionOf } from '../domain/actions/precondition.ts'
import { type RunContext, tell } from './context.ts'
import type { Ready } from './prepare.ts'
import { mark } from './marks.ts'
import { pauseAfter } from './pause-after.ts'
import { readNow } from './read.ts'
import { ended, NOTHING } from './result.ts'
import { send } from './send.ts'
import { type Bounds, cutting, olderThan, onChange, until, within } from './waiting.ts'
import type { GroupStore } from '../watch/current-store.ts'
import type { Turn } from './turns.ts'

export interface Stage {
  readonly context: RunContext
  readonly store: GroupStore
  readonly bounds: Bounds
  /** Counted from 1. */
  readonly wave: number
  /** The members whose writes were told of. */
  readonly sent: Set<string>
  /** How often this wave was gone through, this time included. */
  readonly tries: number
  readonly turn: Turn
}

/** What a step came to. */
export interface End {
  readonly report: Report
  /** It was not taken, and may be sent again once all that a write rests on was looked at anew. */
  readonly again: boolean
}

/** Sends a step's write, once and when its turn comes, and waits until the cluster shows its goal. */
export async function perform(stage: Stage, { step, member, underWay }: Ready): Promise<End> {
  const { context, wave, sent, turn } = stage
  const say = onChange((waitingFor) => tell(context, { type: 'progress', wave, member: step.member, waitingFor }))
  const end = (outcome: Outcome, detail: string, again = false): End => ({
    report: { member: step.member, outcome, detail },
    again,
  })
  let so = NOTHING
  try {
    if (!(await turn.comes)) return end('not-started', `${leftAsItIs(step)}: what comes before it was not taken`, true)
    const answer = underWay
      ? (member?.resourceVersion ?? '')
      : await sendOnce(stage, step, member, (open) => {
          so = open
        })
    turn.pass(typeof answer === 'string' || answer.report.outcome === 'already-done')
    if (typeof answer !== 'string') return answer
    so = 'the request is in, but its effect was not seen yet'
    if (!sent.has(step.member)) tell(context, { type: 'patched', wave, member: step.member, action: step.action })
    sent.add(step.member)
    const seen = await verified(stage, step, answer, say)
    if (seen.state === 'done') return end('done', ruleOf(step.until).words.done(step))
    if (seen.state === 'lost' && seen.again) {
      mark(context, 'gate-came-back')
      say(`${seen.why}; it is sent again once that is over`)
    }
    return end(seen.state, seen.why, seen.state === 'lost' && seen.again)
  } catch (error) {
    return { report: ended(error, [step], so)[0]!, again: false }
  } finally {
    turn.pass(false)
  }
}

/**
 * The resourceVersion the write left, or what came of it where nothing was written. @param leave is told what is not
 * known from now on
 */
async function sendOnce(
  stage: Stage,
  step: Step,
  member: Member | undefined,
  leave: (so: string) => void,
): Promise<string | End> {
  const { context, bounds, tries } = stage
  bounds.check()
  const write = writeFor(step, member)
  if (typeof write === 'string')
    return { report: { member: step.member, outcome: 'failed', detail: write }, again: false }
  try {
    return await send(context, write, { once: true, signal: cutting(context, bounds) })
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    if (UNANSWERED.has(error.reason)) leave('the request was under way and may be in')
    bounds.overdue.throwIfAborted()
    if (!REFUSALS.has(error.reason)) {
      await context.clock.after(pauseAfter(error, tries), bounds.signal)
      mark(context, 'server-given-time')
    }
    return await unwritten(stage, step, error)
  }
}

/** What came of a write that was refused, or not answered: the cluster tells, as soon as it is looked at again. */
async function unwritten({ context, bounds }: Stage, step: Step, error: ClusterError): Promise<string | End> {
  const group = await readNow(context, bounds)
  const found = group.members.find((each) => each.name === step.member)
  const end = (outcome: Outcome, detail: string, again = false): End => ({
    report: { member: step.member, outcome, detail },
    again,
  })
  if (preconditionOf(step, group).state === 'already-done') {
    mark(context, 'done-though-refused')
    return end('already-done', `${step.member} is there already`)
  }
  if (found !== undefined && isPassed(step, found, group)) {
    mark(context, 'passed-though-unanswered')
    return found.resourceVersion
  }
  if (!REFUSALS.has(error.reason))
    return {
      report: ended(
        error,
        [step],
        UNANSWERED.has(error.reason) ? 'the request was under way and may be in' : NOTHING,
      )[0]!,
      again: true,
    }
  if (
    error.reason === 'Invalid' &&
    !TEST_FAILED.test(error.message) &&
    sameExpectation(step.expect, expectation(found))
  ) {
    mark(context, 'refused-in-words-of-its-own')
    return end('failed', error.message)
  }
  return end('changed', `${error.message}; run the same command again to see what is there now`, true)
}

/** Answers that say that something differs from what was seen. */
const REFUSALS: ReadonlySet<string> = new Set(['Invalid', 'NotFound'])

/** Failures after which nobody knows whether the write is in. */
const UNANSWERED: ReadonlySet<string> = new Set(['Aborted', 'Unreachable', 'Timeout', 'ServerError'])

/**
 * What an API server says of a JSON patch whose `test` does not hold, without saying which (apimachinery,
 * NewGenericServerResponse; some releases quote the patch library). Whatever else is refused with 422, by a validation
 * or an admission policy, is said in words of its own.
 */
const TEST_FAILED = /the server rejected our request due to an error in our request|testing (path|value) .* failed/

/** Whether somebody passed the gate; perhaps we did, and the answer was lost. What comes of it is waited for. */
function isPassed(step: Step, member: Member, group: Group): boolean {
  if (!ACTIONS[step.action].passesGate || progressOf(step.until, member, group).state !== 'waiting') return false
  const { stepIndex = null, pauses } = member.status
  const here = preconditionOf({ ...step, expect: { ...step.expect, stepIndex } }, group)
  return here.state !== 'changed' && (pauses.length === 0 || (stepIndex ?? 0) > (step.expect.stepIndex ?? 0))
}

type Seen = Exclude<Progress, { state: 'waiting' }>

async function verified(
  { context, store, bounds }: Stage,
  step: Step,
  version: string,
  say: (sentence: string) => void,
): Promise<Seen> {
  // What was only just created may be in nobody's watch yet.
  let isThere = step.expect.uid !== ''
  using lookedAgain = within(context, LOOKS_AGAIN, bounds.signal)
  const look = (group: Group): Seen | undefined => {
    const member = group.members.find((each) => each.name === step.member)
    if (member === undefined && !isThere) return undefined
    if (member === undefined) return { state: 'changed', why: `rollout/${step.member} was deleted or left the group` }
    isThere = true
    if (olderThan(member.resourceVersion, version)) return undefined
    const progress = progressOf(step.until, member, group, step.expect)
    if (progress.state !== 'waiting') return progress
    const refusal = refusalOf(member)
    if (refusal !== undefined && stands(refusal, member, group.services, lookedAgain.signal.aborted))
      return { state: 'failed', why: `the controller refuses it: ${refusal.sentence}` }
    say(progress.waitingFor)
    return undefined
  }
  return await until(context, store, bounds, look, lookedAgain.signal)
}
