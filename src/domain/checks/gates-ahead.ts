import { ACTIONS } from '../actions/actions.ts'
import { wavesOf } from '../actions/order.ts'
import { atLastGate, gateCount, gateNumber } from '../group/gate.ts'
import type { Member } from '../group/member.ts'
import { gates } from '../objects/strategy.ts'
import type { CheckContext } from './context.ts'

/** One gate of the whole group: who passes it, in waves; members of one wave at the same time. */
export interface Round {
  /** Counted from 1. */
  readonly gate: number
  /** Gates that the release has in all. */
  readonly of: number
  /** All users are on the next revision after it. */
  readonly cutover: boolean
  readonly waves: readonly (readonly string[])[]
  /** The members where they stand when it begins. */
  readonly changing: readonly Member[]
}

/**
 * Gate after gate to the end: while a canary is not at its last gate, those furthest behind advance, dependencies
 * first; then everybody cuts over, consumers first. In modern mode members do not wait for each other.
 */
export function roundsOf({ changing: start, graph, group, options }: CheckContext): Round[] {
  const rounds: Round[] = []
  for (let changing = start; ; ) {
    const cutover = options.full === true || changing.every(atLastGate)
    const lowest = Math.min(...changing.filter((each) => !atLastGate(each)).map(gateNumber))
    const moving = cutover ? changing : changing.filter((each) => !atLastGate(each) && gateNumber(each) === lowest)
    const names = new Set(moving.map((each) => each.name))
    const waves =
      group.mode === 'modern'
        ? names.size === 0
          ? []
          : [[...names].sort()]
        : wavesOf(graph, names, ACTIONS[cutover ? 'promote' : 'advance'].order)
    const of = Math.max(1, ...changing.map(gateCount))
    rounds.push({ gate: cutover ? of : lowest + 1, of, cutover, waves, changing })
    if (cutover) return rounds
    changing = changing.map((each) => (names.has(each.name) ? atNextGate(each) : each))
  }
}

function atNextGate(member: Member): Member {
  const { strategy, status } = member
  if (strategy.kind !== 'Canary') return member
  return { ...member, status: { ...status, stepIndex: gates(strategy)[gateNumber(member) + 1]! } }
}
