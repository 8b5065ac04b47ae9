import type { Action } from '../actions/action.ts'
import { ACTIONS } from '../actions/actions.ts'
import { wavesOf } from '../actions/order.ts'
import type { CheckContext } from '../checks/context.ts'
import type { Member } from '../group/member.ts'
import type { Draft } from './draft.ts'

/**
 * The draft of a verb that does one thing to each of its members.
 * @param leaves why a member needs none of it; undefined where it does
 */
export function oneAction(
  action: Action,
  leaves: (member: Member) => string | undefined,
): (context: CheckContext) => Draft {
  return ({ acting, graph, group }) => {
    const names = new Set(acting.filter((each) => leaves(each) === undefined).map((each) => each.name))
    const waves = group.mode === 'modern' ? [[...names].sort()] : wavesOf(graph, names, ACTIONS[action].order)
    return {
      waves: waves.filter((each) => each.length > 0).map((wave) => wave.map((member) => ({ member, action }))),
      later: [],
      rounds: [],
      skipped: acting.flatMap((each) => {
        const why = leaves(each)
        return why === undefined ? [] : [{ member: each.name, why }]
      }),
      findings: [],
    }
  }
}
