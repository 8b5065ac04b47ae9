import { ClusterError } from '../cluster/port.ts'
import type { Member } from '../domain/member.ts'
import type { Report } from '../domain/outcome.ts'
import type { Step } from '../domain/plan.ts'
import type { Action } from '../domain/transitions.ts'
import { tell, type RunContext } from './context.ts'

const REASONS: Record<Action, string> = {
  'promote': 'GroupPromoted', 'promote-full': 'GroupPromoted', 'abort': 'GroupAborted', 'restore-stable': 'GroupRestored',
}

/** Writes an Event on the Rollout: who did what in which run. Best effort: what cannot be written is told once, and the run goes on. */
export async function record(context: RunContext, step: Step, member: Member, report: Report): Promise<void> {
  const good = report.outcome === 'done'
  const now = new Date(context.clock.now()).toISOString()
  const subject = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', namespace: member.namespace, name: member.name, uid: member.uid }
  try {
    await context.cluster.create('events', member.namespace, {
      apiVersion: 'v1', kind: 'Event',
      metadata: { name: `${member.name}.${context.runId}.${step.action}`, namespace: member.namespace },
      involvedObject: subject, type: good ? 'Normal' : 'Warning', reason: good ? REASONS[step.action] : `${REASONS[step.action]}Failed`,
      message: `${context.verb} of group ${context.group} by ${context.user} (run ${context.runId}): ${step.from.version.text} → ${step.to.version.text}: ${report.detail}`.slice(0, 1024),
      firstTimestamp: now, lastTimestamp: now, count: 1,
      source: { component: 'kubectl-rollouts-group' }, reportingComponent: 'kubectl-rollouts-group', reportingInstance: context.user.slice(0, 128),
    }, { signal: context.stopped })
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    if (error.reason !== 'AlreadyExists' && error.reason !== 'Aborted') {
      tell(context, { type: 'warning', sentence: `no Event was written for rollout/${member.name}: ${error.message}` })
    }
  }
}
