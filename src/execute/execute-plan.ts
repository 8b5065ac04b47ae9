import type { Confirmed } from '../domain/run/confirmed.ts'
import type { Report } from '../domain/run/outcome.ts'
import { leftAsItIs } from '../domain/actions/actions.ts'
import type { Plan } from '../domain/plan/plan.ts'
import type { GroupStore } from '../watch/current-store.ts'
import type { Audit } from './audit.ts'
import { type RunContext, tell } from './context.ts'
import { perform } from './perform.ts'
import { prepared } from './prepare.ts'
import { ended } from './result.ts'
import type { Bounds } from './waiting.ts'

/** A step that is not taken more often than this is given up. */
const MOST_TRIES = 5

/**
 * Carries out a plan wave by wave; every step of the plan gets a report. A write that was lost, or refused because
 * something beside it moved, goes through all that is looked at before a wave once more. A wave in which a step fails
 * is the last.
 * @param confirmed the members the plan was confirmed for
 */
export async function executePlan(
  context: RunContext,
  plan: Plan,
  confirmed: Confirmed,
  store: GroupStore,
  bounds: Bounds,
  audit: Audit,
): Promise<Report[]> {
  const reports: Report[] = []
  const cutovers: number[] = []
  for (const [index, steps] of plan.waves.entries()) {
    const started = context.clock.now()
    const finish = (report: Report) => {
      reports.push(report)
      tell(context, { type: 'finished', wave: index + 1, ...report, after: context.clock.now() - started })
    }
    const outstanding = () => steps.filter((step) => !reports.some((each) => each.member === step.member))
    const sent = new Set<string>()
    for (let tries = 1; outstanding().length > 0 && !reports.some(isBad); tries++) {
      const reported = new Set(steps.filter((step) => !outstanding().includes(step)).map((step) => step.member))
      const { ready, settled } = await prepared({ context, plan, confirmed, index, store, bounds }, reported).catch(
        (error) => ({ ready: [], settled: ended(error, outstanding(), 'nothing was sent') }),
      )
      settled.forEach(finish)
      if (ready.length === 0) break
      if (tries === 1) cutovers.push(context.clock.now())
      const ends = await Promise.all(
        ready.map(async (each) => {
          const end = await perform({ context, store, bounds, wave: index + 1, sent, tries }, each)
          if (end.again && tries < MOST_TRIES) return end
          const report =
            end.again && end.report.outcome === 'lost'
              ? { ...end.report, detail: `${end.report.detail} (sent ${tries} times)` }
              : end.report
          finish(report)
          await audit(plan.verb, each.step, each.member, report)
          return undefined
        }),
      )
      if (reports.some(isBad)) ends.forEach((end) => end === undefined || finish(end.report))
    }
    if (reports.some(isBad)) break
  }
  if (
    cutovers.length > 1 &&
    plan.findings.some(({ code }) => code === 'wire-follows-role' || code === 'mixed-window')
  ) {
    const seconds = ((context.clock.now() - cutovers[0]!) / 1000).toFixed(1)
    tell(context, {
      type: 'warning',
      sentence: `for up to ${seconds}s users may have met two versions in one request (--allow-mixed-window)`,
    })
  }
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

function isBad({ outcome }: Report): boolean {
  return outcome !== 'done' && outcome !== 'already-done'
}
