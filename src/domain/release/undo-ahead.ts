import { contextOf, isWaiting } from '../checks/context.ts'
import { roundsOf, unsettledCalls } from '../checks/settle-rounds.ts'
import { graphOf } from '../group/call-graph.ts'
import { labelOf, memberNamed } from '../group/member.ts'
import { wholeOf } from '../group/past-releases.ts'
import type { Group } from '../group/read-group.ts'
import { isSettling } from './settle.ts'
import { type Undoing, wiringOf } from './undo.ts'

/** The runs of several that are told apart by what they are for. */
export type RunPhase = 'settle' | 'deploy' | 'promote'

/** One of several runs before it is planned: whom it is expected to move, as far as that is known from what is there. */
export interface PhaseAhead {
  readonly name: RunPhase
  readonly moves: readonly MoveAhead[]
}

export interface MoveAhead {
  readonly member: string
  /** `2.0 → 1.0`; of a member that keeps its version, that one. */
  readonly versions: string
}

/** What brings a release of the past back, phase after phase; what is done already is left out. */
export function undoAhead(group: Group, { release, id }: Extract<Undoing, { state: 'found' }>): PhaseAhead[] {
  const graph = graphOf(group)
  const consumersFirst = graph.layers.flat()
  const back = new Map(
    consumersFirst.flatMap((name) => {
      const { live, next } = memberNamed(group.members, name)!
      const to = wholeOf(release).find((each) => each.member === name)
      if (to === undefined || live === undefined || live.id === to.id || labelOf(live) === id) return []
      const isThere = next !== undefined && labelOf(next) === id
      return [[name, { from: live.version.text, to: to.version.text, isThere }] as const]
    }),
  )
  const moved = (names: readonly string[]): MoveAhead[] =>
    names.flatMap((member) => {
      const move = back.get(member)
      return move === undefined ? [] : [{ member, versions: `${move.from} → ${move.to}` }]
    })
  const undeployed = consumersFirst.filter((name) => back.get(name)?.isThere === false).toReversed()
  const onPreview = graph.edges.flatMap(({ consumer, dependency }) =>
    back.has(consumer) && back.has(dependency) ? [consumer] : [],
  )
  const settled = wiringOf(group) === 'preview' ? consumersFirst.filter((name) => onPreview.includes(name)) : []
  const phases: PhaseAhead[] = [
    { name: 'settle', moves: toSettle(group) },
    { name: 'deploy', moves: moved(undeployed) },
    { name: 'promote', moves: moved(consumersFirst) },
    { name: 'settle', moves: settled.map((member) => ({ member, versions: back.get(member)!.to })) },
  ]
  return phases.filter((each) => each.moves.length > 0)
}

/** Consumers that are on Services in front of next versions; not while another release waits. */
function toSettle(group: Group): MoveAhead[] {
  if (group.members.some((each) => isWaiting(each) && !isSettling(each))) return []
  return roundsOf(unsettledCalls(contextOf(group, 'deploy-all', {})))
    .rounds.flat()
    .map((member) => ({ member, versions: memberNamed(group.members, member)?.live?.version.text ?? '' }))
}
