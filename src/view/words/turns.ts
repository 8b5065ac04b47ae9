import { callsFrom, callsTo, type Graph } from '../../domain/group/call-graph.ts'
import type { Group } from '../../domain/group/read-group.ts'
import type { PlanOptions } from '../../domain/intent.ts'
import { judge } from '../../domain/plan/judge.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Cell } from '../draw/theme.ts'

/** When a member is promoted: the first wave and the last that it may be in, counted from 1. */
export interface PromotionTurn {
  readonly first: number
  readonly last: number
}

/**
 * When each member's turn comes. Where nobody has looked at Ingresses and routes, users may come in at more members
 * than are known, and what is one wave may be as many as there are layers: then it is known between which it comes.
 * @param plan the promotion, as it is where they come in nowhere else
 */
export function turnsIn(
  group: Group,
  plan: Plan,
  graph: Graph,
  options: PlanOptions,
): ReadonlyMap<string, PromotionTurn> {
  // Of two layers the upper one is entered, and the lower one calls nobody; in one wave everybody is met at any moment.
  const isKnown = group.fronts !== undefined || group.mode === 'modern'
  const isSure = isKnown || graph.layers.length < 3 || plan.waves.length < 2
  const places = placesIn(plan.waves.map((wave) => wave.map(({ member }) => member)))
  const last = isSure ? places : placesIn(judge(group, options).layered)
  return new Map([...places].map(([name, first]) => [name, { first, last: last.get(name) ?? first }]))
}

function placesIn(waves: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(waves.flatMap((wave, index) => wave.map((member) => [member, index + 1] as const)))
}

/** The order of a promotion in words: the last to go where there is little room. */
export function turnWords(
  name: string,
  turns: ReadonlyMap<string, PromotionTurn>,
  { mode }: Group,
  graph: Graph,
): Cell | undefined {
  const turn = turns.get(name)
  if (turn === undefined) return undefined
  if (mode === 'modern' && turn.first === 1) return { text: 'promote at any time', shorter: ['at any time', 'any'] }
  const near = [
    ...callsTo(graph, name).map((each) => each.consumer),
    ...callsFrom(graph, name).map((each) => each.dependency),
  ]
  const after = [...new Set(near)].filter((each) => (turns.get(each)?.last ?? Infinity) < turn.first)
  const words = `${placeOf(turn)}${after.length === 0 ? '' : `, after ${after.join(', ')}`}`
  return { text: `promote ${words}`, shorter: [words, placeOf(turn)] }
}

/** `2nd`, `2nd or 3rd`, `2nd to 4th`. */
function placeOf({ first, last }: PromotionTurn): string {
  if (first === last) return ordinal(first)
  return `${ordinal(first)} ${last === first + 1 ? 'or' : 'to'} ${ordinal(last)}`
}

function ordinal(number: number): string {
  const ending = number % 100 >= 11 && number % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${ending}`
}
