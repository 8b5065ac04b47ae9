import { finding, type Finding } from '../findings/finding.ts'
import { contextOf, isWaiting } from '../checks/context.ts'
import { listed, ours } from '../checks/say.ts'
import { broughtBack } from '../group/brought-back.ts'
import { graphOf } from '../group/call-graph.ts'
import { type PastRelease, pastReleases, wholeOf } from '../group/past-releases.ts'
import { hadUsers, lastHad } from '../group/together.ts'
import { callsOf, labelOf, type Member, memberNamed, type Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { RELEASE } from '../objects/labels.ts'
import { nextService } from '../objects/strategy.ts'
import { isStruckBack } from '../plan/promoted.ts'
import { isAlike } from './alike.ts'
import { manifestsOf, withTemplate } from './applied.ts'
import { isSettling } from './settle.ts'

/** What brings a release back: the pod templates it had, as a release of its own. */
export type Undoing =
  | { readonly state: 'none'; readonly why: string }
  /** Another release waits; `inPart`: users are on a part of it, which is led to its end where it cannot go back alone. */
  | { readonly state: 'under-way'; readonly name: string; readonly inPart: boolean; readonly toItsEnd: boolean }
  /**
   * Users are on it; where nothing else was asked for, with the release that they were on before that. `waits`: another
   * one does.
   */
  | {
      readonly state: 'there'
      readonly name: string
      readonly origin: string
      readonly before?: string | undefined
      readonly waits?: string | undefined
    }
  | { readonly state: 'lost'; readonly release: PastRelease }
  | {
      readonly state: 'found'
      readonly release: PastRelease
      /** What it was called before it was ever brought back. */
      readonly origin: string
      /** What it is called when it is back. */
      readonly id: string
      /** Users are on all that it had, wired otherwise at most: there may be nothing to bring back. */
      readonly alike: boolean
      readonly manifests: readonly Manifest[]
    }

function originOf({ name, revisions }: PastRelease): string {
  return revisions.map(broughtBack).find((each) => each !== undefined) ?? name
}

/**
 * The manifests of a release of the past: what is applied of each member now, with the pod template that it had then.
 * Put back unchanged some of these would go live without a gate, so that they get a fresh name. Asked again once users
 * are on it, there is nothing more to do: the same command made again does not go forth.
 * @param to its name; absent: the one that is coming back already, else the one before the release that users are on
 */
export function undoing(group: Group, to: string | undefined, workloads: readonly unknown[]): Undoing {
  const all = pastReleases(group)
  const waiting = group.members.filter((each) => isWaiting(each) && !isSettling(each)).map(({ next }) => next!)
  const begun = waiting.find((each) => broughtBack(each) !== undefined)
  const wanted = to ?? (begun && broughtBack(begun))
  const underWay = all.find(({ revisions }) => revisions.some((each) => waiting.includes(each)))
  if (wanted === undefined && underWay !== undefined) {
    const inPart = underWay.state === 'in-part'
    const toItsEnd = inPart && isStruckBack(contextOf(group, 'abort-all', {}))
    return { state: 'under-way', name: underWay.name, inPart, toItsEnd }
  }
  const live = all.find((each) => each.state === 'live')
  const there = live && ({ state: 'there', name: live.name, origin: originOf(live), waits: underWay?.name } as const)
  if (there !== undefined && wanted !== undefined && [there.name, there.origin].includes(wanted)) return there
  const left = all
    .filter((each) => isBefore(each) && (there === undefined || originOf(each) !== there.origin))
    .toSorted((a, b) => leftAt(b) - leftAt(a))
  // Of two that differ in their wiring alone users had the same: to leave the later one for the other changes nothing.
  const before = left.find((each) => !isAlike(group, each)) ?? left[0]
  if (there !== undefined && wanted === undefined && there.origin !== there.name)
    return { ...there, before: before?.name }
  const others = all.filter(({ revisions }) => begun === undefined || !revisions.includes(begun))
  const release =
    wanted === undefined
      ? before
      : (all.find((each) => each.name === wanted) ?? others.find((each) => originOf(each) === wanted))
  if (release === undefined) return { state: 'none', why: whyNone(all, to) }
  if (release.lacks.length > 0) return { state: 'lost', release }
  const had = new Map(wholeOf(release).map((each) => [each.member, each]))
  const manifests = group.members.flatMap((member) =>
    manifestsOf(member, group, workloads).flatMap((each) => withTemplate(each, member, had.get(member.name))),
  )
  const id = begun !== undefined && broughtBack(begun) === originOf(release) ? labelOf(begun)! : freshId(group, release)
  return { state: 'found', release, origin: originOf(release), id, manifests, alike: isAlike(group, release) }
}

/** Whether users were on it before they came to the one that they are on: members that stayed are in both. */
function isBefore(release: PastRelease): boolean {
  const left = wholeOf(release).filter((each) => each.role !== 'live')
  const isLeft = (each: Revision) => each.role !== 'next' && hadUsers(each)
  return release.state === 'past' || (left.length > 0 && left.every(isLeft))
}

/**
 * When users left the first part of it, or were last known to be on that. What somebody brought them back from is newer
 * than what they came back to, and still not what they were on before the next release.
 */
function leftAt(release: PastRelease): number {
  const left = wholeOf(release).filter((each) => each.role !== 'live')
  const known = left.flatMap((each) => lastHad(each) ?? [])
  return known.length === 0 ? release.made : Math.min(...known)
}

function whyNone(all: readonly PastRelease[], to: string | undefined): string {
  const names = all.filter(({ state }) => !['live', 'waits', 'withdrawn'].includes(state)).map((each) => each.name)
  const known = names.length === 0 ? 'no other release is there any more' : `there are ${listed(names)}`
  return to === undefined
    ? `nothing tells which release users were on before; ${names.length === 0 ? known : `${known}: say --to=NAME`}`
    : `there is no release ${to}; ${known}`
}

/** Whom a release that comes back moves: `my-frontend 2.0 → 1.0`. */
export function movesBack({ members }: Group, release: PastRelease): string {
  const moves = wholeOf(release).flatMap((each) => {
    const live = memberNamed(members, each.member)?.live
    return live === undefined || live.id === each.id
      ? []
      : [`${each.member} ${live.version.text} → ${each.version.text}`]
  })
  return moves.join(', ')
}

/** `1.0-u1`, or the first such name that no revision has. */
export function freshId({ members }: Group, release: PastRelease): string {
  const base = originOf(release).slice(0, 50)
  const taken = new Set(members.flatMap(({ revisions }) => revisions.map(labelOf)))
  for (let number = 1; ; number++) if (!taken.has(`${base}-u${number}`)) return `${base}-u${number}`
}

/**
 * How consumers of a group find what changes: by the Services of a release, or else by preview Services, where all that
 * are called have one. On a circle of these nobody could be pointed back.
 */
export function wiringOf(group: Group): 'pinned' | 'preview' {
  const { members, services } = group
  const byRelease = members.some(({ live, next }) =>
    [live, next].some((each) => each?.wires.some(({ service }) => services.get(service)?.base.has(RELEASE))),
  )
  const { edges, cycles } = graphOf(group)
  // What comes back may call others than what users are on.
  const called = new Set([
    ...edges.map(({ dependency }) => dependency),
    ...members.flatMap(({ revisions }) => revisions.flatMap(callsOf)),
  ])
  const hasNext = ({ name, strategy }: Member) => !called.has(name) || nextService(strategy) !== undefined
  const canPreview = cycles.length === 0 && members.every(hasNext)
  return byRelease || !canPreview ? 'pinned' : 'preview'
}

/** What is gone of a release that is to come back. */
export function lostParts(group: Group, { name, lacks }: PastRelease): Finding {
  const said = {
    sentence: `release ${name} cannot come back as it was: ${listed(lacks)}`,
    remedy: ['apply what is missing again, or go back to another release: ', ours({ group }, 'history')],
  } as const
  return finding(group.mode, 'missing-config', said, 'error')
}
