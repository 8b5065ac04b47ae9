import { ClusterError } from '../cluster/port.ts'
import type { Group } from '../domain/group.ts'
import type { Member } from '../domain/member.ts'
import type { Outcome, Report } from '../domain/outcome.ts'
import { at, text } from '../domain/parse.ts'
import { patchFor } from '../domain/patches.ts'
import { expectation, type Step } from '../domain/plan.ts'
import { progressOf, standingOf, type Progress } from '../domain/progress.ts'
import { tell, type RunContext } from './context.ts'
import { readNow } from './read.ts'
import { ended } from './result.ts'
import { onChange, until, untilSeen, type Bounds } from './waiting.ts'
import type { GroupStore } from '../live/group-store.ts'

/** A promote that the controller puts back more often than this is given up. */
const MOST_TRIES = 5

export interface Stage {
  readonly context: RunContext
  readonly store: GroupStore
  readonly bounds: Bounds
  /** Counted from 1. */
  readonly wave: number
}

/** Sends a step's patch and waits until the cluster shows its goal; a promote that was lost is sent again at its gate. */
export async function perform(stage: Stage, step: Step, member: Member): Promise<Report> {
  const { context } = stage
  const say = onChange((waitingFor) => tell(context, { type: 'progress', wave: stage.wave, member: step.member, waitingFor }))
  let so = 'nothing was sent'
  const report = (outcome: Outcome, detail: string): Report => ({ member: step.member, outcome, detail })
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const answer = await send(stage, step, member)
      if (typeof answer !== 'string') return answer
      so = 'the request is in, but its effect was not seen yet'
      if (tries === 0) tell(context, { type: 'patched', wave: stage.wave, member: step.member, action: step.action })
      const end = await verified(stage, step, answer, say)
      if (end.state === 'done') return report('done', doneWords(step))
      if (end.state !== 'lost') return report(end.state, end.why)
      if (!end.again) return report('lost', end.why)
      say(`${end.why}; it is sent again once that is over`)
      await until(context, stage.store, stage.bounds, (group) => isThere(step, group))
    }
    return report('lost', `the controller put ${step.member} back to its gate ${MOST_TRIES} times`)
  } catch (error) {
    return ended(error, [step], so)[0]!
  }
}

/** The resourceVersion the write left, or a report where nothing was written. */
async function send(stage: Stage, step: Step, member: Member): Promise<string | Report> {
  const { context, bounds } = stage
  let [expected, seen] = [step, member]
  let refusal = ''
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    bounds.check()
    const patch = patchFor(expected, seen)
    if (typeof patch === 'string') return { member: step.member, outcome: 'failed', detail: patch }
    try {
      const answer = await context.cluster.patch(patch.resource, { namespace: member.namespace, name: patch.name }, patch.operations, {
        ...(patch.subresource !== undefined && { subresource: patch.subresource }), signal: context.stopped,
      })
      return patch.resource === 'rollouts' ? (text(at(answer, 'metadata', 'resourceVersion')) ?? '') : ''
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      if (error.reason === 'Aborted') return ended(error, [step], 'the request was under way and may be in')[0]!
      if (error.reason !== 'Invalid' && error.reason !== 'NotFound') throw error
      refusal = error.message
    }
    const found = await refusedBy(stage, step)
    if (typeof found === 'string' || 'outcome' in found) return found
    // All that matters is as it was; something beside it moved (an autoscaler's replicas bump the generation).
    seen = found
    expected = { ...step, expect: expectation(seen) }
  }
  return { member: step.member, outcome: 'changed', detail: `${refusal}; run the same command again to see what is there now` }
}

/** A refused patch says only that something differs; what it is, the cluster tells, as soon as the controller has seen it too. */
async function refusedBy(stage: Stage, step: Step): Promise<Member | string | Report> {
  const { context, store, bounds } = stage
  for (;;) {
    const group = await readNow(context)
    const member = group.members.find((each) => each.name === step.member)
    if (member !== undefined && isPassed(step, member, group)) return member.resourceVersion
    const standing = standingOf(step, group)
    switch (standing.state) {
      case 'already-done': return { member: step.member, outcome: 'already-done', detail: `${step.member} is there already` }
      case 'changed': return { member: step.member, outcome: 'changed', detail: standing.why }
      case 'as-expected': return member!
      case 'not-yet': await untilSeen(context, store, bounds, (seen) => isThere(step, seen))
    }
  }
}

/** Whether somebody passed the gate; perhaps we did, and the answer was lost. What comes of it is waited for. */
function isPassed(step: Step, member: Member, group: Group): boolean {
  if (step.action !== 'promote' || progressOf(step.until, member, group).state !== 'waiting') return false
  const { stepIndex = null, pauses } = member.status
  const here = standingOf({ ...step, expect: { ...step.expect, stepIndex } }, group)
  return here.state !== 'changed' && (pauses.length === 0 || (stepIndex ?? 0) > (step.expect.stepIndex ?? 0))
}

function isThere(step: Step, group: Group): true | undefined {
  return standingOf(step, group).state === 'not-yet' ? undefined : true
}

type End = Exclude<Progress, { state: 'waiting' }>

function verified({ context, store, bounds }: Stage, step: Step, version: string, say: (sentence: string) => void): Promise<End> {
  return until(context, store, bounds, (group): End | undefined => {
    const member = group.members.find((each) => each.name === step.member)
    if (member === undefined) return { state: 'changed', why: `rollout/${step.member} was deleted or left the group` }
    if (older(member.resourceVersion, version)) return undefined
    const progress = progressOf(step.until, member, group, step.expect)
    if (progress.state !== 'waiting') return progress
    say(progress.waitingFor)
    return undefined
  })
}

/** Resource versions of one resource grow; a watch that has not come as far shows what was before the write. */
function older(seen: string, written: string): boolean {
  return /^\d+$/.test(seen) && /^\d+$/.test(written) && BigInt(seen) < BigInt(written)
}

function doneWords(step: Step): string {
  const { until: goal, from, to } = step
  switch (goal.kind) {
    case 'live': return `users on ${to.version.text}`
    case 'gate': return `${to.version.text} at its next gate`
    case 'aborted': return `${from.version.text} withdrawn, users on ${to.version.text}`
    case 'stable': return `${to.version.text} put back, users on ${to.version.text}`
  }
}
