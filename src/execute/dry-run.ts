import { ClusterError } from '../cluster/port.ts'
import type { Group } from '../domain/group/read-group.ts'
import { exitOf, type Report } from '../domain/run/outcome.ts'
import { writeFor } from '../domain/actions/actions.ts'
import type { Step } from '../domain/actions/step.ts'
import type { Plan } from '../domain/plan/plan.ts'
import type { RunContext } from './context.ts'
import { send } from './send.ts'
import { conclude, ended, NOTHING, type Result } from './result.ts'

/** `--dry-run=server`: every patch is validated by the server, none is stored. */
export async function tryOnServer(context: RunContext, plan: Plan, group: Group, signal: AbortSignal): Promise<Result> {
  const reports = await Promise.all(plan.waves.flat().map((step) => tryStep(context, step, group, signal)))
  return conclude(plan, reports, exitOf(reports.filter((each) => each.outcome !== 'done')))
}

async function tryStep(context: RunContext, step: Step, group: Group, signal: AbortSignal): Promise<Report> {
  const write = writeFor(
    step,
    group.members.find((each) => each.name === step.member),
  )
  if (typeof write === 'string') return { member: step.member, outcome: 'failed', detail: write }
  try {
    await send(context, write, { dryRun: true, signal })
    return { member: step.member, outcome: 'done', detail: `${step.action} accepted (server dry run)` }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    if (error.reason === 'Aborted') return ended(error, [step], NOTHING)[0]!
    return { member: step.member, outcome: error.reason === 'Invalid' ? 'changed' : 'failed', detail: error.message }
  }
}
