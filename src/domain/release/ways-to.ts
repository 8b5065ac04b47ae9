import { contextOf, isWaiting } from '../checks/context.ts'
import { type Graph, graphOf } from '../group/call-graph.ts'
import { called, memberNamed } from '../group/member.ts'
import { type PastRelease, pastReleases, wholeOf } from '../group/past-releases.ts'
import type { Group } from '../group/read-group.ts'
import { tiesOf } from '../group/ties.ts'
import { commonVersion, sameVersion } from '../group/version.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { isStruckBack } from '../plan/promoted.ts'
import { isSettling } from './settle.ts'
import { undoing } from './undo.ts'

/** How users come back to a release of the past, as things stand. */
export type WayTo =
  /** They are on it, or it waits for them. */
  | { readonly state: 'none' }
  | { readonly state: 'lost'; readonly lacks: readonly string[] }
  /** These stay, and would meet it. */
  | { readonly state: 'barred'; readonly by: readonly string[] }
  /** Each as it is typed, one after the other. */
  | { readonly state: 'open'; readonly verbs: readonly string[] }

/** The releases of a group, the newest first, each with the way to it. */
export const waysTo = madeOnce((group: Group): readonly { readonly release: PastRelease; readonly way: WayTo }[] => {
  const all = pastReleases(group)
  const waiting = group.members.filter((each) => isWaiting(each) && !isSettling(each))
  const waits = all.find(({ revisions }) => waiting.some(({ next }) => revisions.includes(next!)))
  const isStruck = waits?.state === 'in-part' && isStruckBack(contextOf(group, 'abort-all', {}))
  const given = undoing(group, undefined, [])
  const graph = graphOf(group)
  /**
   * | as things stand | undo-all |
   * |---|---|
   * | it is what undo-all goes back to, or on to, by itself | does |
   * | nothing waits, or blue/green does | does, and takes the place of what waits, where it is named |
   * | users are on a part of what waits | follows: deployed over, what they are on would lose its pods |
   * | the same, and that part cannot go back alone | follows the whole of it |
   * | canaries wait | follows, since it would take their users' pods away |
   */
  const verbsTo = ({ name, revisions }: PastRelease): readonly string[] => {
    if (given.state === 'found' && given.release.name === name) return ['undo-all']
    const to = `undo-all --to=${name}`
    if (isStruck) return ['promote-all', to]
    if (waits?.state === 'in-part')
      return waiting.some(({ live }) => live !== undefined && revisions.includes(live))
        ? ['abort-all --undo-promoted']
        : ['abort-all --undo-promoted', to]
    return waiting.some(({ strategy }) => strategy.kind === 'Canary') ? ['abort-all', to] : [to]
  }
  const wayTo = (release: PastRelease): WayTo => {
    // Of one whose members were not changed since, those beside it may have been.
    const isOn = release.state === 'live' && release.beside.every((each) => each.role === 'live')
    if (isOn || release === waits || undoing(group, release.name, []).state === 'there') return { state: 'none' }
    if (release.lacks.length > 0) return { state: 'lost', lacks: release.lacks }
    const by = barring(group, graph, release)
    return by.length > 0 ? { state: 'barred', by } : { state: 'open', verbs: verbsTo(release) }
  }
  return all.map((release) => ({ release, way: wayTo(release) }))
})

/** Members that stay on the version that users leave, and would meet a release that comes back. */
function barring({ members }: Group, graph: Graph, release: PastRelease): string[] {
  const moving = wholeOf(release).filter((each) => each.role !== 'live')
  const coming = new Map(moving.map((each) => [each.member, each]))
  const left = commonVersion(moving.flatMap((each) => memberNamed(members, each.member)?.live?.version ?? []))
  const own = new Set(release.revisions.map((each) => each.member))
  return members.flatMap(({ name, live, independent }) => {
    const stays = !own.has(name) && !coming.has(name) && !independent
    if (!stays || live === undefined || left === undefined || !sameVersion(live.version, left)) return []
    const { called: isCalled, calls } = tiesOf(members, graph, coming, name)
    return isCalled || calls ? [called(live)] : []
  })
}
