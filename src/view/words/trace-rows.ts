import { phaseOf } from '../../domain/objects/phase.ts'
import { transition } from '../../domain/actions/actions.ts'
import { isWaiting } from '../../domain/checks/context.ts'
import { type Graph, takenForEntries } from '../../domain/group/call-graph.ts'
import { called, type Member, memberNamed, type Revision } from '../../domain/group/member.ts'
import type { Group } from '../../domain/group/read-group.ts'
import { whyUnknown } from '../../domain/group/unknown-calls.ts'
import { configMapsOf } from '../../domain/objects/pod-template.ts'
import { isFirst, sharesOf } from '../../domain/trace/doors.ts'
import { splitByMesh } from '../../domain/trace/meshed.ts'
import { type Moment, momentOf } from '../../domain/trace/moments.ts'
import type { Releases } from '../../domain/trace/releases.ts'
import { versionsMet } from '../../domain/trace/versions-met.ts'
import { byUse, memberOf, whoIs } from './who-comes.ts'
import { type Hop, reached, roots, type Scene, targets, visitsFrom, wayTo } from '../../domain/trace/requests.ts'
import { unconnectedIn } from '../../domain/trace/unconnected.ts'
import { type Violation, violations } from '../../domain/trace/violations.ts'

/** One way a request goes now, in words. */
export interface TraceRow {
  /** What users have, or what waits. */
  readonly side: 'LIVE' | 'NEXT'
  /**
   * Who goes this way: `users`, `20% of users`, `users with a header`, `copies of requests`, `users on old pods`; empty
   * where nobody does yet.
   */
  readonly who: string
  readonly hops: readonly string[]
  readonly verdict: /** Each version works with each other's: all that counts is that pods answer. */
    | 'reachable'
    | 'one version'
    | 'one release'
    | 'versions differ'
    | 'mixed'
    | 'empty service'
    | 'no pods'
    | 'starting'
    | 'unknown'
  /** What is wrong with it; empty where nothing is. */
  readonly detail: string
}

/** What of a group a trace is made of. */
export interface Traced {
  readonly group: Group
  readonly graph: Graph
  readonly releases: Releases
}

/** The ways of requests through a group as it is at this moment: first those of users, then those that wait. */
export function traceRows({ group, graph, releases }: Traced): TraceRow[] {
  const state = new Map(group.members.map((member) => [member.name, [momentOf(member, group)]]))
  const taken = takenForEntries(group, graph)
  const scene: Scene = { group, entries: [...graph.entries, ...taken], releases, state }
  const unproved = new Map(
    graph.edges
      .filter((each) => !each.wired)
      .map((each) => [each.consumer, 'a dependency is declared, but no address leads there']),
  )
  const alone = group.mode === 'modern' ? [] : unconnectedIn(group, graph, releases)
  const ahead = new Map([
    ...alone.map(({ name }) => [name, `nothing says whom ${name} calls, or who calls it`] as const),
    ...unproved,
  ])
  // Of a guess one way is enough: that of what is live.
  const live = byUse(group, roots(scene)).filter(({ member, role }) => role === 'live' || !taken.includes(member))
  const faults = violations(scene)
  const rows = [
    ...live.flatMap((root) =>
      waysOf(scene, root).map((way) => {
        const row = toRow(scene, 'LIVE', way, whoIs(group, root), faults, unproved)
        return taken.includes(root.member) ? { ...row, ...takenFor(root) } : row
      }),
    ),
    ...strangers({ group, graph, releases }),
  ]
  let coming: Scene | undefined
  const seen = new Set(live.flatMap((root) => reached(scene, root).map(({ id }) => id)))
  for (const name of graph.layers.flat()) {
    const { next, status } = memberNamed(group.members, name)!
    // What was aborted waits for nothing, and its Services may be elsewhere by now.
    if (
      next === undefined ||
      status.abort ||
      seen.has(next.id) ||
      (rows.some((each) => each.side === 'NEXT') && !graph.entries.includes(name))
    )
      continue
    const promoted = { ...(coming ??= afterPromotion(scene)), entries: [name] }
    const faults = violations(promoted).filter((each) => each.root.id === next.id)
    for (const { id } of reached(promoted, next)) seen.add(id)
    rows.push(...waysOf(promoted, next).map((way) => toRow(promoted, 'NEXT', way, '', faults, ahead)))
  }
  return rows
}

/**
 * The scene in which users are on what waits: what they would meet if they were on it now, with the Services of
 * canaries where they will be once the first pods are available. Old connections to pods that are leaving are those of
 * others: users come to it when these are gone. In modern mode they will have the others as these stand when everything
 * is promoted, whichever Service they call.
 */
function afterPromotion(scene: Scene): Scene {
  const { group } = scene
  const state = new Map(
    group.members.map((member) => {
      const { name, next } = member
      const then =
        group.mode === 'modern' && isWaiting(member)
          ? [transition(group, member, momentOf(member, group), 'promote').rest]
          : scene.state.get(name)!
      const users = { carrying: new Set(next && [next.id]), held: new Set<string>() }
      return [name, then.map((each) => ({ ...each, selects: followed(member, each.selects), ...users }))] as const
    }),
  )
  return { ...scene, state }
}

function followed({ strategy, next, status }: Member, selects: Moment['selects']): Moment['selects'] {
  const starts = strategy.kind === 'Canary' && next !== undefined && next.desired > 0 && !status.abort
  return starts && strategy.canaryService !== undefined
    ? new Map([...selects, [strategy.canaryService, [next.id]]])
    : selects
}

/** Ways from a revision that together take every call once; where two meet, what follows is shown with the first. */
function waysOf(scene: Scene, root: Revision): (readonly Hop[])[] {
  const visits = visitsFrom(scene, [root])
  const lines = [...visits.values()].flatMap((visit) =>
    callsFrom(scene, visit.hop.revision)
      .filter(({ revision }) => visits.get(revision.id)!.before !== visit || callsFrom(scene, revision).length === 0)
      .map((hop): readonly Hop[] => [...wayTo(visit), hop]),
  )
  return lines.length > 0 ? lines : [wayTo(visits.get(root.id)!)]
}

/** Whom a revision calls now, each once. */
function callsFrom(scene: Scene, from: Revision): Hop[] {
  const hops = new Map<Revision, Hop>()
  for (const wire of from.wires)
    for (const revision of targets(scene, from, wire))
      if (!hops.has(revision)) hops.set(revision, { revision, via: wire.service })
  return [...hops.values()]
}

function toRow(
  { group, releases }: Scene,
  side: TraceRow['side'],
  way: readonly Hop[],
  who: string,
  faults: readonly Violation[],
  unproved: ReadonlyMap<string, string>,
): TraceRow {
  const own = faults.filter((each) => each.root === way[0]!.revision)
  const met = new Set(way.map((hop) => releases.of.get(hop.revision.id)))
  const [older, newer] = [met.has('old'), met.has('new')]
  // Where no single way meets both releases, those that meet one of them do so together.
  const apart = own.some((each) => each.kind === 'mixed' && each.other !== undefined)
  const mixed = (older && newer) || (apart && (older || newer))
  const dead = own.find((each) => each.kind === 'dead' && (each.path.length === 0 || isPart(each.path, way)))
  const hops = way.map(
    (hop) =>
      called(hop.revision) + (mixed && group.mode === 'legacy' && hop.via !== undefined ? ` (via ${hop.via})` : ''),
  )
  const row = (verdict: TraceRow['verdict'], detail = ''): TraceRow => ({ side, who, hops, verdict, detail })
  const split = way.flatMap(({ via }) => (via === undefined ? [] : (splitByMesh(group, via) ?? [])))[0]
  if (split !== undefined && group.mode === 'legacy')
    return row('unknown', `${split.name} is split by a traffic router, which selectors do not show`)
  if (mixed && group.mode === 'legacy') return row('mixed')
  const empty = way.filter((hop) => hop.revision.available === 0)
  const starting = empty.find(({ revision }) => side === 'NEXT' && revision.role === 'next')
  if (starting !== undefined && memberOf(group, starting.revision).replicas === 0)
    return row('no pods', `${starting.revision.member} is to have none (replicas: 0)`)
  const coming = starting ?? empty.find(({ revision }) => isFirst(memberOf(group, revision)))
  if (coming !== undefined && phaseOf(memberOf(group, coming.revision)).name === 'Degraded')
    return row('no pods', `no pod of ${called(coming.revision)} is available, and it is degraded`)
  if (coming !== undefined) return row('starting', `no pod of ${called(coming.revision)} is available yet`)
  if (dead !== undefined) return row('empty service', `no pod behind ${dead.service}`)
  const unproven = way.flatMap((hop) => unproved.get(hop.revision.member) ?? [])[0]
  if (unproven !== undefined) return row('unknown', unproven)
  const unread = way.flatMap((hop) => unreadOf(group, hop.revision))[0]
  if (unread !== undefined) return row('unknown', unread)
  if (group.mode === 'modern') return row('reachable')
  const versions = versionsMet(
    way.map((hop) => hop.revision),
    group.members,
  )
  return versions.kind === 'apart'
    ? row('versions differ', versions.revisions.map((each) => each.version.text).join(' with '))
    : row(versions.kind)
}

/** Nothing is claimed of users who may come in elsewhere. */
function takenFor({ member }: Revision): Pick<TraceRow, 'verdict' | 'detail'> {
  return { verdict: 'unknown', detail: `${member} is taken for an entry` }
}

/** Why nobody can say whom a revision calls. */
function unreadOf({ configs }: Group, revision: Revision): string[] {
  const unknown = whyUnknown(revision)
  const denied = configMapsOf(revision.template)
    .filter(({ name }) => configs.get(name) === 'forbidden')
    .map(({ name }) => `ConfigMap ${name}`)
  return [
    ...(unknown === undefined ? [] : [`whom ${called(revision)} calls: ${unknown}`]),
    ...denied.map((each) => `whom ${called(revision)} calls: ${each} may not be read`),
  ]
}

/** Whether all of a path lies on a way, in order from its start. */
function isPart(path: readonly Hop[], way: readonly Hop[]): boolean {
  return path.every((hop, index) => way[index]?.revision === hop.revision)
}

/** Pods that users come to, and that belong to no revision. */
function strangers({ group, graph }: Traced): TraceRow[] {
  return graph.entries.flatMap((name) => {
    const member = memberNamed(group.members, name)!
    const { strangers: share } = sharesOf(group, member)
    const detail = 'they are of no revision: of an experiment, or of a workload that was not scaled down'
    return share === 0
      ? []
      : [
          {
            side: 'LIVE',
            who: `${share}% of users`,
            hops: [`other pods of ${name}`],
            verdict: 'unknown',
            detail,
          } as const,
        ]
  })
}
