import { callsFrom, callsTo, type Graph } from '../group/call-graph.ts'
import { isChanging, type Member } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import type { Releases } from './releases.ts'

/** Members of a release of several of which nothing tells whom they call or who calls them. */
export function unconnectedIn(group: Group, graph: Graph, releases: Releases): Member[] {
  const released = group.members.filter(
    (each) => isChanging(each) || (each.live !== undefined && releases.of.get(each.live.id) === 'new'),
  )
  if (released.length < 2) return []
  return released.filter(
    ({ name, dependsOn }) =>
      dependsOn === undefined && callsFrom(graph, name).length === 0 && callsTo(graph, name).length === 0,
  )
}
