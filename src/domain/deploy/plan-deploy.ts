import { type Group, readGroup } from '../group/read-group.ts'
import type { PlanOptions } from '../intent.ts'
import { bySeverity } from '../findings/finding.ts'
import { makePlan } from '../plan/make-plan.ts'
import { planLine } from '../plan/plan-line.ts'
import type { Plan } from '../plan/plan.ts'
import { deployFindings } from './findings.ts'
import type { Desired } from './desired.ts'
import { overlay } from './overlay.ts'

/**
 * What deploying a person's files would do to a group, proved or refused together with the promotion that follows; pure
 * and total. The same files planned for a group in which a part of them is in give what is left.
 */
export function planDeploy(group: Group, desired: Desired, options: PlanOptions = {}): Plan {
  const ground = groundOf(group, desired)
  const plan = makePlan(ground, 'deploy-all', options, group)
  const files = new Set(desired.objects.filter(({ kind }) => kind === 'Rollout').map(({ name }) => name))
  return {
    ...plan,
    skipped: plan.skipped.map((each) =>
      files.has(each.member) ? each : { ...each, why: `it is not in the files: ${each.why}` },
    ),
    findings: bySeverity([...plan.findings, ...deployFindings(group, ground, desired)]),
    then: planLine(makePlan(ground, 'promote-all', options)),
  }
}

/** The group as it will stand once the files are in and every new revision is at its gate. */
export function groundOf(group: Group, desired: Desired): Group {
  return readGroup(overlay(group.snapshot, desired), group.name, group.mode)
}
