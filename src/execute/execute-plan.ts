import type { Finding } from '../domain/findings.ts'
import type { Group } from '../domain/group.ts'
import { makePlan } from '../domain/make-plan.ts'
import type { Member } from '../domain/member.ts'
import type { Report } from '../domain/outcome.ts'
import { refused, sameSteps, stepsIn, type Plan, type PlanOptions, type Step } from '../domain/plan.ts'
import { standingOf } from '../domain/progress.ts'
import type { GroupStore } from '../live/group-store.ts'
import type { Audit } from './audit.ts'
import { tell, type RunContext } from './context.ts'
import { drainPods } from './drain.ts'
import { perform } from './perform.ts'
import { readNow } from './read.ts'
import { ended } from './result.ts'
import { onChange, untilSeen, type Bounds } from './waiting.ts'

/** What a wave finds when its turn comes: steps to send, and those that need or bear no sending. */
interface Prepared {
  readonly ready: readonly { readonly step: Step; readonly member: Member }[]
  readonly settled: readonly Report[]
}

/**
 * Carries out a plan wave by wave; every step of the plan gets a report. Before each wave the group is read and planned again:
 * that plan must begin with the very steps that were confirmed, and it is the one whose drains are awaited and whose
 * expectations the patches carry. A wave in which a step fails is the last.
 */
export async function executePlan(context: RunContext, plan: Plan, store: GroupStore, bounds: Bounds, audit: Audit): Promise<Report[]> {
  const reports: Report[] = []
  const cutovers: number[] = []
  for (const [index, steps] of plan.waves.entries()) {
    const wave = index + 1
    const started = context.clock.now()
    const finish = (report: Report) => {
      reports.push(report)
      tell(context, { type: 'finished', wave, ...report, after: context.clock.now() - started })
    }
    const { ready, settled } = await prepared(context, plan, index, store, bounds).catch((error) => ({ ready: [], settled: ended(error, steps, 'nothing was sent') }))
    settled.forEach(finish)
    if (ready.length > 0) cutovers.push(context.clock.now())
    await Promise.all(ready.map(async ({ step, member }) => {
      const report = await perform({ context, store, bounds, wave }, step, member)
      finish(report)
      await audit(plan.verb, step, member, report)
    }))
    if (reports.some((each) => each.outcome !== 'done' && each.outcome !== 'already-done')) break
  }
  if (cutovers.length > 1 && plan.findings.some(({ code }) => code === 'wire-follows-role' || code === 'mixed-window')) {
    const seconds = ((context.clock.now() - cutovers[0]!) / 1000).toFixed(1)
    tell(context, { type: 'warning', sentence: `for up to ${seconds}s users may have met two versions in one request (--allow-mixed-window)` })
  }
  const missing = plan.waves.flat().filter((step) => !reports.some((each) => each.member === step.member))
  return [...reports, ...missing.map((step): Report => ({ member: step.member, outcome: 'not-started', detail: `it stays on ${step.from.version.text}: the run ended before its turn` }))]
}

async function prepared(context: RunContext, plan: Plan, index: number, store: GroupStore, bounds: Bounds): Promise<Prepared> {
  const wave = index + 1
  const steps = plan.waves[index]!
  const { drain, allow } = context.options
  const say = onChange((sentence) => tell(context, { type: 'waiting', wave, member: steps[0]!.member, waitingFor: sentence }))
  let drained = drain === 'endpoints' || allow?.has('mixed-window') === true
  for (;;) {
    bounds.check()
    const group = await readNow(context)
    const standing = steps.map((step) => ({ step, now: standingOf(step, group) }))
    const settled = standing.flatMap(({ step, now }): Report[] => {
      if (now.state === 'already-done') return [{ member: step.member, outcome: 'already-done', detail: `it is on ${step.to.version.text} already` }]
      return now.state === 'changed' ? [{ member: step.member, outcome: 'changed', detail: now.why }] : []
    })
    if (settled.some((each) => each.outcome === 'changed')) return { ready: [], settled }
    const todo = standing.filter(({ now }) => now.state !== 'already-done').map(({ step }) => step)
    if (todo.length === 0) return { ready: [], settled }
    const notYet = standing.flatMap(({ step, now }) => (now.state === 'not-yet' ? [`${step.member}: ${now.waitingFor}`] : []))
    const again = makePlan(group, plan.verb, laterOptions(context.options, index))
    if (notYet.length > 0 || staleIn(again) !== undefined) {
      say(notYet.join('; ') || staleIn(again)!.sentence)
      await untilSeen(context, store, bounds, (seen) => (steps.some((step) => standingOf(step, seen).state === 'not-yet') || staleIn(makePlan(seen, plan.verb, laterOptions(context.options, index))) !== undefined ? undefined : true))
      continue
    }
    const why = drift(plan, index, again, group)
    if (why !== undefined) return { ready: [], settled: [...settled, ...todo.map((step): Report => ({ member: step.member, outcome: 'changed', detail: why }))] }
    const fresh = again.waves[0]!
    const lingering = [...new Map(fresh.flatMap((step) => step.drain).map((each) => [`${each.member}/${each.hash}`, each])).values()]
    if (!drained && lingering.length > 0) {
      await drainPods(context, store, bounds, wave, lingering)
      drained = typeof drain === 'number'
      continue
    }
    return { settled, ready: fresh.map((step) => ({ step, member: group.members.find((each) => each.name === step.member)! })) }
  }
}

/** Once a wave of ours is over, a member on its next revision that waits for the rest was promoted by us: that is no doubt any more. */
function laterOptions(options: PlanOptions, index: number): PlanOptions {
  return index === 0 || options.assume !== undefined ? options : { ...options, assume: 'half-promoted' }
}

function staleIn(plan: Plan): Finding | undefined {
  return plan.findings.find((each) => each.code === 'stale-status')
}

/** Why what would be planned now is not what was confirmed; undefined where it is. */
function drift(plan: Plan, index: number, again: Plan, group: Group): string | undefined {
  if (refused(again)) return again.findings.find((each) => each.severity === 'error')!.sentence
  const outstanding = plan.waves.slice(index)
    .map((wave) => wave.filter((step) => standingOf(step, group).state !== 'already-done'))
    .filter((wave) => wave.length > 0)
  return sameSteps(outstanding, again.waves) ? undefined
    : `what would be done now is not what was confirmed: ${stepsIn(again.waves) || 'nothing'}; was: ${stepsIn(outstanding)}`
}
