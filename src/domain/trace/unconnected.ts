import { callsFrom, callsTo, type Graph } from '../group/call-graph.ts'
import { isChanging, type Member, type Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import type { Releases } from './releases.ts'

/**
 * Members of a release of several of which nothing tells whom they call or who calls them; what was promoted in it has
 * told it before, where it calls them no more.
 */
export function unconnectedIn(group: Group, graph: Graph, releases: Releases): Member[] {
  const released = group.members.filter(
    (each) => isChanging(each) || (each.live !== undefined && releases.of.get(each.live.id) === 'new'),
  )
  if (released.length < 2) return []
  const before = released.flatMap((each) => (isChanging(each) ? [] : (replacedBy(each) ?? [])))
  return released.filter(
    ({ name, dependsOn }) =>
      dependsOn === undefined &&
      callsFrom(graph, name).length === 0 &&
      callsTo(graph, name).length === 0 &&
      !before.some(({ member, wires }) => (member === name ? wires.length > 0 : wires.some(({ to }) => to === name))),
  )
}

/** The revision that users had before the live one. */
function replacedBy({ live, revisions }: Member): Revision | undefined {
  return revisions.find((each) => live !== undefined && each.revision < live.revision)
}
