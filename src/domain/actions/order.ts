import type { Graph } from '../group/call-graph.ts'
import type { Action } from './action.ts'

export type Direction = 'consumers-first' | 'dependencies-first'

/**
 * The rule of order: scale up dependencies first, switch users over consumers first, withdraw consumers first.
 * `advance` is a canary's promotion to a gate that is not its last.
 */
export const ORDER: Record<'advance' | Action, { readonly direction: Direction; readonly reason: string }> = {
  advance: { direction: 'dependencies-first', reason: 'the pods its consumers will call must be there first' },
  promote: {
    direction: 'consumers-first',
    reason: 'a consumer brings its users to the version of the dependency that waits; nobody is left on the old one',
  },
  'promote-full': {
    direction: 'consumers-first',
    reason: 'a consumer brings its users to the version of the dependency that waits; nobody is left on the old one',
  },
  abort: { direction: 'consumers-first', reason: 'who is called must not go before its caller' },
  'restore-stable': { direction: 'consumers-first', reason: 'who is called must not go before its caller' },
}

/** The members to act on, in waves: members of one wave do not call each other. */
export function wavesOf(graph: Graph, names: ReadonlySet<string>, direction: Direction): string[][] {
  const layers = graph.layers.map((layer) => layer.filter((each) => names.has(each))).filter((each) => each.length > 0)
  return direction === 'consumers-first' ? layers : layers.reverse()
}
