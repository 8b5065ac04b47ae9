import type { Graph } from '../group/call-graph.ts'

/** Who is first where one calls the other. */
export type Direction = 'consumers-first' | 'dependencies-first'

/** In which direction an action goes through a group, and why. */
export interface Order {
  readonly direction: Direction
  readonly reason: string
}

/** The rule of order: scale up dependencies first, switch users over consumers first, withdraw consumers first. */
export const ORDER: Record<'scale-up' | 'switch-over' | 'withdraw', Order> = {
  'scale-up': { direction: 'dependencies-first', reason: 'the pods its consumers will call must be there first' },
  'switch-over': {
    direction: 'consumers-first',
    reason: 'a consumer brings its users to the version of the dependency that waits; nobody is left on the old one',
  },
  withdraw: { direction: 'consumers-first', reason: 'who is called must not go before its caller' },
}

/** The members to act on, in waves: members of one wave do not call each other. */
export function wavesOf(graph: Graph, names: ReadonlySet<string>, { direction }: Order): string[][] {
  const layers = graph.layers.map((layer) => layer.filter((each) => names.has(each))).filter((each) => each.length > 0)
  return direction === 'consumers-first' ? layers : layers.reverse()
}
