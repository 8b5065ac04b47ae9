import { isAborted, isWaiting } from '../../domain/checks/context.ts'
import type { Member } from '../../domain/group/member.ts'
import { type KeyedVerb, type Verb, VERBS } from '../../domain/intent.ts'
import { judge } from '../../domain/plan/judge.ts'
import { type Plan, refused } from '../../domain/plan/plan.ts'
import type { GroupView } from '../words/group-view.ts'
import { type KeyRow, OPEN } from './key-row.ts'
import { opened } from './moves.ts'
import { keysOn } from './run-pane.ts'
import { deedOf, dialogOf } from './running.ts'
import { currentGroup, isRunning, keyOf, type Model, type ScreenState, type Reduced } from './state.ts'

/** The key of a verb that writes: it shows its plan. */
export function opening(verb: KeyedVerb, keep: number): KeyRow {
  const { key, on } = VERBS[verb]
  return {
    keys: [key],
    shown: key,
    does: verb,
    pages: ['groups', ...OPEN],
    keep,
    named: (state, model) =>
      canWrite(state, model) && (keysOn(state).includes(key) || membersOf(state, model).some(ON[on])),
    blocked: noWrite,
    act: (state, model) => planned(state, model, verb),
  }
}

/** Members for whom the last line names the key of a verb; help names it always. */
const ON: Readonly<Record<(typeof VERBS)[Verb]['on'], (member: Member) => boolean>> = {
  changing: isWaiting,
  aborted: isAborted,
  all: () => true,
}

export function membersOf(state: ScreenState, model: Model): readonly Member[] {
  return currentGroup(state, model)?.group.members ?? []
}

/** Whether a key may be named that writes: not where it is taken away, nor while it must wait for a run. */
export function canWrite(state: ScreenState, model: Model): boolean {
  return !model.readOnly && (!model.guarded || state.unlocked) && !isRunning(state)
}

/** Why nothing can be written now. */
export function noWrite(state: ScreenState, model: Model): string | undefined {
  if (model.readOnly) return 'nothing can be written here: --read-only'
  if (model.guarded && !state.unlocked) return 'this is production, and for reading; W allows writing'
  if (isRunning(state)) return `${state.run.deed.name} of ${state.run.plan.group} goes on: x stops it`
  if (state.asking !== undefined) return `${state.asking.deed.name} is being worked out`
  if (model.lost !== undefined) return 'the connection is lost, and what is shown may be old; wait until it is back'
  return currentGroup(state, model) === undefined ? 'there is no group' : undefined
}

/** Opens the plan of a verb, or says why there is nothing to do, and what can be done. */
function planned(state: ScreenState, model: Model, verb: Verb): Reduced {
  const view = currentGroup(state, model)!
  const plan = planOf(view, verb)
  // What is confirmed runs on the page of its group.
  const there = state.page === 'groups' ? opened(state, model) : state
  if (plan.waves.length > 0 || refused(plan))
    return {
      state: { ...there, dialog: dialogOf({ group: keyOf(view), deed: deedOf(verb), said: [] }, plan, model.guarded) },
    }
  const waiting = plan.findings.find((each) => each.code === 'not-at-gate' || each.code === 'preview-not-ready')
  return { state: { ...state, notice: [waiting?.sentence ?? VERBS[verb].words.idle, ...ways(view, verb)].join('; ') } }
}

/** What a verb would do to a group as it is seen now. */
export function planOf(view: GroupView, verb: Verb): Plan {
  return view.plan.verb === verb ? view.plan : judge(view.group).plan(verb)
}

/** The keys whose verbs have something to do. */
export function ways(view: GroupView, not: Verb | undefined): string[] {
  return Object.entries(VERBS).flatMap(([name, { key, on, words }]) => {
    // What can be done to every group at any time leads nowhere from here.
    if (key === undefined || on === 'all' || name === not) return []
    const plan = planOf(view, name as Verb)
    return plan.waves.length > 0 && !refused(plan) ? [`${key} shows ${words.shows}`] : []
  })
}

/** Once: nothing new is started. Twice: now. */
export function stop(state: ScreenState): Reduced {
  const run = state.run!
  return {
    state: { ...state, run: { ...run, state: run.state === 'running' ? 'stopping' : 'ending' } },
    effect: { type: 'stop' },
  }
}
