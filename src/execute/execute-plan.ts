import type { Confirmed } from '../domain/run/confirmed.ts'
import { isBad, type Report } from '../domain/run/outcome.ts'
import { leftAsItIs } from '../domain/actions/actions.ts'
import type { Step } from '../domain/actions/step.ts'
import type { Plan } from '../domain/plan/plan.ts'
import type { GroupStore } from '../watch/current-store.ts'
import type { Audit } from './audit.ts'
import { baked, promotedBefore, promotedNow } from './bake.ts'
import { type RunContext, tell } from './context.ts'
import type { LiveSince } from './live-since.ts'
import { mark } from './marks.ts'
import { type End, perform } from './perform.ts'
import { atOnce, inTurn } from './turns.ts'
import { prepared } from './prepare.ts'
import { readNow } from './read.ts'
import { ended, NOTHING } from './result.ts'
import type { Bounds } from './waiting.ts'

/** A step that is not taken more often than this is given up. */
const MOST_TRIES = 5

/** What the waves of one run share. */
export interface Execution {
  readonly context: RunContext
  readonly plan: Plan
  /** The members the plan was confirmed for. */
  readonly confirmed: Confirmed
  readonly store: GroupStore
  readonly bounds: Bounds
  readonly audit: Audit
  /** None where nobody is brought to a next revision. */
  readonly liveSince?: LiveSince
}

/**
 * Carries out a plan wave by wave; every step of the plan gets a report. A write that was lost, or refused because
 * something beside it moved, goes through all that is looked at before a wave once more. A wave in which a step fails
 * is the last.
 */
export async function executePlan(execution: Execution): Promise<Report[]> {
  const { context, plan } = execution
  const reports: Report[] = []
  const cutovers: number[] = []
  let baking = context.bake !== undefined
  for (const index of plan.waves.keys()) {
    const { promoted, bad } = baking ? await afterBake(execution, index, reports) : { promoted: false, bad: [] }
    baking &&= index === 0 && !promoted
    reports.push(...bad)
    if (bad.length > 0) break
    const { ended: found, sentAt } = await waveOf(execution, index)
    reports.push(...found)
    if (sentAt !== undefined) cutovers.push(sentAt)
    if (found.some(isBad)) break
  }
  tellWindow(context, plan, cutovers)
  const missing = plan.waves.flat().filter((step) => !reports.some((each) => each.member === step.member))
  return [
    ...reports,
    ...missing.map(
      (step): Report => ({
        member: step.member,
        outcome: 'not-started',
        detail: `${leftAsItIs(step)}: the run ended before its turn`,
      }),
    ),
  ]
}

/**
 * Between the first cutover and the wave that follows, which is the first one of a run that goes on: whether anything
 * was promoted, and the reports of that wave where it must not follow.
 */
async function afterBake(
  { context, plan, bounds }: Execution,
  index: number,
  reports: readonly Report[],
): Promise<{ readonly promoted: boolean; readonly bad: readonly Report[] }> {
  const next = plan.waves[index]!
  try {
    const { promoted, end } =
      index === 0
        ? promotedBefore(context, await readNow(context, bounds))
        : promotedNow(context, plan.waves[0]!, reports)
    const why = await baked(context, bounds, index + 1, promoted, end)
    const detail = (step: Step) => `${why}: ${leftAsItIs(step)}`
    const failed = next.map(
      (step): Report => ({ member: step.member, outcome: 'failed', detail: detail(step), leadsBack: true }),
    )
    return { promoted: promoted.length > 0, bad: why === undefined ? [] : failed }
  } catch (error) {
    return { promoted: true, bad: ended(error, next, NOTHING) }
  }
}

/** One wave: its reports in the order in which they came, and when its first write was sent. */
async function waveOf(
  execution: Execution,
  index: number,
): Promise<{ readonly ended: readonly Report[]; readonly sentAt: number | undefined }> {
  const { context, plan, confirmed, store, bounds, audit, liveSince } = execution
  const steps = plan.waves[index]!
  const started = context.clock.now()
  const reports: Report[] = []
  let sentAt: number | undefined
  const finish = (report: Report) => {
    reports.push(report)
    tell(context, { type: 'finished', wave: index + 1, ...report, after: context.clock.now() - started })
  }
  const outstanding = () => steps.filter((step) => !reports.some((each) => each.member === step.member))
  const sent = new Set<string>()
  // Of each step: one that waits for its turn has tried nothing.
  const tried = new Map<string, number>()
  while (outstanding().length > 0 && !reports.some(isBad)) {
    const reported = new Set(steps.filter((step) => !outstanding().includes(step)).map((step) => step.member))
    const { ready, reports: over } = await prepared({ context, plan, confirmed, index, store, bounds }, reported).catch(
      (error) => ({ ready: [], reports: ended(error, outstanding(), NOTHING) }),
    )
    over.forEach(finish)
    if (ready.length === 0) break
    sentAt ??= context.clock.now()
    if (ready.some((each) => tried.has(each.step.member))) mark(context, 'sent-again')
    const turns = plan.mode === 'legacy' ? inTurn(ready.length) : []
    const ends = await Promise.all(
      ready.map(async (each, place) => {
        const turn = turns[place] ?? atOnce
        const tries = (tried.get(each.step.member) ?? 0) + 1
        const end = await perform({ context, store, bounds, wave: index + 1, sent, tries, turn }, each)
        if (end.report.outcome !== 'not-started') tried.set(each.step.member, tries)
        if (end.again && tries < MOST_TRIES) return end
        if (end.again) mark(context, 'given-up')
        const report = lastOf(end, tries)
        finish(report)
        await Promise.all([
          audit(plan.verb, each.step, each.member, report),
          liveSince?.(each.step, each.member, report),
        ])
        return undefined
      }),
    )
    if (reports.some(isBad)) ends.forEach((end) => end === undefined || finish(end.report))
  }
  return { ended: reports, sentAt }
}

/** The report of a step that is not tried again. */
function lastOf({ report, again }: End, tries: number): Report {
  return again && report.outcome === 'lost' ? { ...report, detail: `${report.detail} (sent ${tries} times)` } : report
}

/** Says for how long versions may have mixed, where that was allowed. */
function tellWindow(context: RunContext, plan: Plan, cutovers: readonly number[]): void {
  const allowed = plan.findings.some(({ code }) => code === 'wire-follows-role' || code === 'mixed-window')
  if (cutovers.length < 2 || !allowed) return
  const seconds = ((context.clock.now() - cutovers[0]!) / 1000).toFixed(1)
  tell(context, {
    type: 'warning',
    sentence: `for up to ${seconds}s users may have met two versions in one request (--allow-mixed-window)`,
  })
}
