import type { Action } from '../actions/action.ts'
import { ACTIONS } from '../actions/actions.ts'
import { wavesOf } from '../actions/order.ts'
import type { CheckContext } from '../checks/context.ts'
import { gateOf } from '../group/gate.ts'
import { called, isChanging, type Member, memberNamed } from '../group/member.ts'
import { namedServices } from '../objects/strategy.ts'
import type { Moment } from '../trace/moments.ts'
import type { Scene } from '../trace/requests.ts'
import type { Draft } from './draft.ts'

/**
 * How a group becomes what the files say. What users come to only by a promotion comes all at once; a canary, and a
 * first revision, which have users as soon as they are ready, once what they call is there.
 */
export function deployment(context: CheckContext): Draft {
  const { graph, options } = context
  const coming = context.group.members.filter(
    (each) => options.only?.includes(each.name) !== false && isComing(context, each),
  )
  const named = (members: readonly Member[]) => new Set(members.map((each) => each.name))
  const hidden = options.oneByOne === true ? [] : coming.filter((each) => !meetsUsers(each))
  const others = coming.filter((each) => !hidden.includes(each))
  const waves = [
    ...(hidden.length === 0 ? [] : [[...named(hidden)].sort()]),
    ...wavesOf(graph, named(others), ACTIONS.deploy.order),
  ]
  return {
    waves: waves.map((wave) => wave.map((member) => ({ member, action: actionOf(context, member) }))),
    later: [],
    rounds: [],
    skipped: context.changing
      .filter((each) => !coming.includes(each))
      .map((each) => ({ member: each.name, why: whyLeft(each) })),
    findings: [],
  }
}

function whyLeft({ next, status }: Member): string {
  return `${called(next!)} ${status.abort ? 'was aborted, and stays so' : 'waits there already'}`
}

/** Whether applying the files gives a member another current revision, or has, and it is on its way to its gate. */
function isComing({ present }: CheckContext, member: Member): boolean {
  const was = memberNamed(present.members, member.name)
  if (was?.status.currentPodHash !== member.status.currentPodHash) return true
  if (was?.status.abort === true) return !member.status.abort
  return isChanging(member) && !member.status.abort && gateOf(member).state === 'under-way'
}

/** What was aborted is there already, and only tried again. */
function actionOf({ present, group }: CheckContext, name: string): Action {
  const [was, is] = [present, group].map(({ members }) => memberNamed(members, name)?.status)
  return was?.abort === true && was.currentPodHash === is?.currentPodHash ? 'retry' : 'deploy'
}

/** Whether users come to a revision without a promotion. */
function meetsUsers(member: Member): boolean {
  return !isChanging(member) || member.strategy.kind === 'Canary'
}

/** The group as it will be wired, in the state that it is in. */
export function beforeDeploy({ scene, now, group }: CheckContext): Scene {
  return {
    ...scene,
    state: new Map(group.members.map((each) => [each.name, now.state.get(each.name) ?? [notYetThere(each)]])),
  }
}

function notYetThere({ strategy }: Member): Moment {
  const named = namedServices(strategy)
  const none = new Set<never>()
  return {
    selects: new Map(named.map((each) => [each, []])),
    present: none,
    ready: none,
    carrying: none,
    held: none,
    roles: new Map(),
    shut: undefined,
  }
}
