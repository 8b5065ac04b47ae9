import type { Member } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { aborted } from './goal-aborted.ts'
import { atGate } from './goal-at-gate.ts'
import { deployed } from './goal-deployed.ts'
import { gate } from './goal-gate.ts'
import { live } from './goal-live.ts'
import { paused } from './goal-paused.ts'
import { restarted } from './goal-restarted.ts'
import type { GoalRule } from './goal-rule.ts'
import { stable } from './goal-stable.ts'
import type { Progress } from './progress.ts'
import type { Expectation, Goal, Step } from './step.ts'

/** Everything that a step can lead to: the one place that knows what a goal is. */
export const GOALS: { readonly [Kind in Goal['kind']]: GoalRule<Kind> } = {
  deployed,
  live,
  gate,
  aborted,
  stable,
  'at-gate': atGate,
  restarted,
  paused,
}

/** The rule of a goal, or of what a step leads to. */
export function ruleOf(goal: Goal): GoalRule<Goal['kind']> {
  return GOALS[goal.kind] as GoalRule<Goal['kind']>
}

/** What the cluster shows of a goal; `expect` as in its rule. */
export function progressOf(goal: Goal, member: Member, group: Group, expect?: Expectation): Progress {
  return ruleOf(goal).progress(goal, member, group, expect)
}

/** What a step waits for, in words. */
export function untilWords(step: Step): string {
  return ruleOf(step.until).words.until(step)
}
