import { ClusterError } from '../cluster/port.ts'
import type { Member } from '../domain/group/member.ts'
import type { Report } from '../domain/run/outcome.ts'
import { type Step, versionsIn } from '../domain/actions/step.ts'
import type { Verb } from '../domain/intent.ts'
import { ACTIONS } from '../domain/actions/actions.ts'
import { type RunContext, tell } from './context.ts'
import { within } from './waiting.ts'

/** Milliseconds an Event may take: nothing waits for it. */
const LONGEST = 3000

/** Writes an Event on the Rollout: who did what in which run. */
export type Audit = (verb: Verb, step: Step, member: Member | undefined, report: Report) => Promise<void>

/** The audit trail of a run. Best effort: that it cannot be written is told once, and the run goes on. */
export function openAudit(context: RunContext): Audit {
  const { cluster, clock, group, runId, user, stopped } = context
  let told = false
  return async (verb, step, member, report) => {
    const good = report.outcome === 'done' || report.outcome === 'already-done'
    if (member === undefined) return
    const now = new Date(clock.now())
    const subject = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      namespace: member.namespace,
      name: member.name,
      uid: member.uid,
    }
    using budget = within(context, LONGEST, stopped)
    try {
      await cluster.create(
        'events',
        member.namespace,
        {
          apiVersion: 'v1',
          kind: 'Event',
          metadata: {
            name: `${member.name}.${runId}.${step.action}.${now.getTime().toString(16)}`,
            namespace: member.namespace,
          },
          involvedObject: subject,
          type: good ? 'Normal' : 'Warning',
          reason: `${ACTIONS[step.action].event}${good ? '' : 'Failed'}`,
          message: (
            `${verb} of group ${group} by ${user} (run ${runId}): ` + `${versionsIn(step)}: ${report.detail}`
          ).slice(0, 1024),
          firstTimestamp: now.toISOString(),
          lastTimestamp: now.toISOString(),
          count: 1,
          source: { component: 'kubectl-rollouts-group' },
          reportingComponent: 'kubectl-rollouts-group',
          reportingInstance: user.slice(0, 128),
        },
        { signal: budget.signal },
      )
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      if (told || error.reason === 'Aborted') return
      told = true
      tell(context, { type: 'warning', sentence: `no Event was written for rollout/${member.name}: ${error.message}` })
    }
  }
}
