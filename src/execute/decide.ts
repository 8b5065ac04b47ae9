import { forbids, rowOf } from '../domain/findings/finding.ts'
import type { Group } from '../domain/group/read-group.ts'
import type { Plan } from '../domain/plan/plan.ts'
import type { GroupStore } from '../watch/current-store.ts'
import type { RunContext } from './context.ts'
import { planFor } from './plan-for.ts'
import { readNow } from './read.ts'
import { type Bounds, untilSeen } from './waiting.ts'

/** A group, and what a verb would do to it. */
export interface Decided {
  readonly group: Group
  readonly plan: Plan
}

/** Reads the group and plans the verb for it. @throws ClusterError, TimedOut, Interrupted, Locked */
export async function decide(context: RunContext, bounds: Bounds): Promise<Decided> {
  const group = await readNow(context, bounds)
  return { group, plan: planFor(context, group) }
}

/**
 * Waits while only time stands in the way of a plan, then answers the plan for what is there.
 * @param say told what is waited for @throws TimedOut, Interrupted, Locked, ClusterError
 */
export async function settle(
  context: RunContext,
  store: GroupStore,
  bounds: Bounds,
  first: Decided,
  say: (sentence: string) => void,
): Promise<Decided> {
  bounds.check()
  if (!isTransient(first.plan)) return first
  await untilSeen(context, store, bounds, (group) => {
    const plan = planFor(context, group)
    if (!isTransient(plan)) return true
    say(waitedFor(plan))
    return undefined
  })
  return settle(context, store, bounds, await decide(context, bounds), say)
}

/** Whether a finding forbids the plan that no waiting will mend; what rests on a status that is not current may. */
export function isHopeless(plan: Plan): boolean {
  const stale = plan.findings.some((each) => each.code === 'stale-status')
  return plan.findings.some((each) => forbids(each) && (stale ? rowOf(each.code).final : !rowOf(each.code).passes))
}

function isTransient(plan: Plan): boolean {
  return !isHopeless(plan) && plan.findings.some((each) => rowOf(each.code).passes)
}

/** What a plan waits for, in words. */
function waitedFor(plan: Plan): string {
  return plan.findings
    .filter((each) => rowOf(each.code).passes)
    .map((each) => each.sentence)
    .join('; ')
}
