import { ClusterError } from '../cluster/port.ts'
import type { Group } from '../domain/group.ts'
import type { Member } from '../domain/member.ts'
import type { Outcome, Report } from '../domain/outcome.ts'
import { at, text } from '../domain/parse.ts'
import { patchFor } from '../domain/patches.ts'
import { expectation, type Step } from '../domain/plan.ts'
import { progressOf, standingOf, type Progress } from '../domain/progress.ts'
import { Interrupted, tell, TimedOut, type RunContext } from './context.ts'
import { readNow } from './read.ts'
import { onChange, until, type Bounds } from './waiting.ts'
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
  let sent = false
  const report = (outcome: Outcome, detail: string): Report => ({ member: step.member, outcome, detail })
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const answer = await send(stage, step, member)
      if (typeof answer !== 'string') return answer
      sent = true
      if (tries === 0) tell(context, { type: 'patched', wave: stage.wave, member: step.member, action: step.action })
      const end = await verified(stage, step, answer, say)
      if (end.state === 'done') return report('done', doneWords(step))
      if (end.state !== 'lost') return report(end.state, end.why)
      if (member.paused) return report('lost', end.why)
      say(`${end.why}; it is sent again once that is over`)
      await atGate(stage, step)
    }
    return report('lost', `the controller put ${step.member} back to its gate ${MOST_TRIES} times`)
  } catch (error) {
    const so = sent ? 'the request is in, but its effect was not seen yet' : 'nothing was sent'
    if (error instanceof TimedOut) return report('timed-out', `${so} when the time was up; run the same command again to go on`)
    if (error instanceof Interrupted) return report('cancelled', `${error.message}: ${so}; run the same command again to go on`)
    if (error instanceof ClusterError) return report(error.reason === 'Aborted' ? 'cancelled' : 'failed', error.message)
    throw error
  }
}

/** The resourceVersion the write left, or a report where nothing was written. */
async function send(stage: Stage, step: Step, member: Member, tries = 0): Promise<string | Report> {
  const { context, bounds } = stage
  bounds.check()
  const patch = patchFor(step, member)
  if (typeof patch === 'string') return { member: step.member, outcome: 'failed', detail: patch }
  const ref = { namespace: member.namespace, name: patch.name }
  try {
    const answer = await context.cluster.patch(patch.resource, ref, patch.operations, {
      ...(patch.subresource !== undefined && { subresource: patch.subresource }), signal: context.stopped,
    })
    return patch.resource === 'rollouts' ? (text(at(answer, 'metadata', 'resourceVersion')) ?? '') : ''
  } catch (error) {
    if (!(error instanceof ClusterError) || (error.reason !== 'Invalid' && error.reason !== 'NotFound')) throw error
    const group = await readNow(context)
    const found = refusedBy(step, group)
    if (found !== undefined) return found
    // All that matters is as it was; something beside it moved (an autoscaler's replicas bump the generation).
    const now = group.members.find((each) => each.name === step.member)!
    return tries < MOST_TRIES
      ? send(stage, { ...step, expect: expectation(now) }, now, tries + 1)
      : { member: step.member, outcome: 'changed', detail: `${error.message}; run the same command again to see what is there now` }
  }
}

/** A refused patch says only that something differs; what it is, the cluster tells. */
function refusedBy(step: Step, group: Group): string | Report | undefined {
  const standing = standingOf(step, group)
  const member = group.members.find((each) => each.name === step.member)
  if (standing.state === 'already-done') return { member: step.member, outcome: 'already-done', detail: `${step.member} is there already` }
  if (standing.state === 'changed') return { member: step.member, outcome: 'changed', detail: standing.why }
  // The gate is not there any more: somebody passed it, perhaps we did and the answer was lost. What comes of it is waited for.
  return step.action === 'promote' && member?.status.pauses.length === 0 ? member.resourceVersion : undefined
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

async function atGate({ context, store, bounds }: Stage, step: Step): Promise<void> {
  await until(context, store, bounds, (group) => {
    const standing = standingOf(step, group)
    return standing.state === 'not-yet' ? undefined : standing
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
