import type { Graph } from './call-graph.ts'
import { callsOf, type Member, memberNamed, type Revision } from './member.ts'

/** What a member that stays as it is has to do with revisions that come. */
export interface Ties {
  /** They call it, over others that stay if need be. */
  readonly called: boolean
  /** It calls them. */
  readonly calls: boolean
}

/**
 * What a member that stays has to do with those that come; one of whom it is only said that it calls, or is called, may
 * be.
 * @param coming the revisions that come, by their member
 */
export function tiesOf(
  members: readonly Member[],
  { edges }: Graph,
  coming: ReadonlyMap<string, Revision>,
  name: string,
): Ties {
  const unseen = edges.filter((each) => !each.wired)
  return {
    called: unseen.some((each) => each.dependency === name) || reached(members, coming, coming.keys()).has(name),
    calls:
      unseen.some((each) => each.consumer === name) ||
      [...reached(members, coming, [name])].some((each) => coming.has(each)),
  }
}

function reached(
  members: readonly Member[],
  coming: ReadonlyMap<string, Revision>,
  from: Iterable<string>,
): ReadonlySet<string> {
  const found = new Set(from)
  for (const name of found) {
    const revision = coming.get(name) ?? memberNamed(members, name)?.live
    for (const each of revision === undefined ? [] : callsOf(revision)) found.add(each)
  }
  return found
}
