/** The type of the condition that tells how an update goes. */
export const PROGRESSING = 'Progressing'

/** A condition before its times are put on it. */
export interface ConditionSaid {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
}

interface Condition extends ConditionSaid {
  readonly lastUpdateTime: string
  readonly lastTransitionTime: string
}

export type Conditions = readonly Condition[]

/**
 * The conditions with one said anew: nothing changes where status and reason are the same (utils/conditions
 * SetRolloutCondition).
 */
export function conditionSet(conditions: Conditions, said: ConditionSaid, now: string, anew = false): Conditions {
  const current = conditions.find((each) => each.type === said.type)
  if (!anew && current?.status === said.status && current.reason === said.reason) return conditions
  const lastTransitionTime = current?.status === said.status ? current.lastTransitionTime : now
  return [...conditions.filter((each) => each.type !== said.type), { ...said, lastUpdateTime: now, lastTransitionTime }]
}

/** The condition of a type. */
export function find(conditions: Conditions | undefined, type: string): Condition | undefined {
  return conditions?.find((each) => each.type === type)
}
