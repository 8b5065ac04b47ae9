import type { Member } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import type { Moment } from '../trace/moments.ts'
import { abort } from './abort.ts'
import type { Action } from './action.ts'
import type { ActionRule } from './action-rule.ts'
import { advance } from './advance.ts'
import { sameRevisions, type StepWrite } from './patch.ts'
import { deploy } from './deploy.ts'
import { pause } from './pause.ts'
import { promote } from './promote.ts'
import { promoteFull } from './promote-full.ts'
import { restart } from './restart.ts'
import { restoreStable } from './restore-stable.ts'
import { resume } from './resume.ts'
import { retry } from './retry.ts'
import type { Step } from './step.ts'
import type { Transition } from './transition.ts'
import { undo } from './undo.ts'

/** Everything that can be done to one member: the one place that knows what an action is. */
export const ACTIONS: Record<Action, ActionRule> = {
  deploy,
  promote,
  advance,
  'promote-full': promoteFull,
  abort,
  'restore-stable': restoreStable,
  retry,
  restart,
  pause,
  resume,
  undo,
}

/** The one write of a step, or why it cannot be made. */
export function writeFor(step: Step, member: Member | undefined): StepWrite | string {
  const { restsOn, write, begins } = ACTIONS[step.action]
  if (member === undefined)
    return begins === true ? { kind: 'apply', member: step.member } : `rollout/${step.member} is not there`
  return write(step, member, [...sameRevisions(step.expect), ...restsOn(step.expect)])
}

/** The moments a member passes through after an action, and where it rests; one without two revisions stays. */
export function transition(group: Group, member: Member, from: Moment, action: Action): Transition {
  const rule = ACTIONS[action]
  const first = rule.begins === true && member.live !== undefined && !from.roles.has(member.live.id)
  const { live, next = first || rule.alone === true ? live : undefined } = member
  return live === undefined || next === undefined
    ? { passing: [], rest: from }
    : rule.transition({ group, member, from, live, next })
}

/** What a member is left with whose step was not taken. */
export function leftAsItIs({ action, from }: Step): string {
  switch (ACTIONS[action].towards) {
    case 'next':
    case 'earlier':
      return `it stays on ${from.version.text}`
    case 'stable':
      return `${from.version.text} is not withdrawn`
    case 'same':
      return 'it stays as it is'
  }
}
