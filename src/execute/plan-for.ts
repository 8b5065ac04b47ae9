import { planDeploy } from '../domain/deploy/plan-deploy.ts'
import type { Group } from '../domain/group/read-group.ts'
import { makePlan } from '../domain/plan/make-plan.ts'
import type { Plan } from '../domain/plan/plan.ts'
import type { RunContext } from './context.ts'

/** What a run would do to a group, as it is now. */
export function planFor(
  { verb, options: own, deployment }: Pick<RunContext, 'verb' | 'options' | 'deployment'>,
  group: Group,
  options = own,
): Plan {
  return deployment === undefined ? makePlan(group, verb, options) : planDeploy(group, deployment.desired, options)
}
