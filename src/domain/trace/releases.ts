import { broughtBack } from '../group/brought-back.ts'
import { isChanging, labelOf, type Member, type Revision, type RevisionId } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { settles } from '../group/together.ts'
import { commonVersion, sameVersion, type Version } from '../group/version.ts'
import type { PlanOptions } from '../intent.ts'
import { nextService } from '../objects/strategy.ts'

/**
 * The release a revision belongs to, whatever its role is by now. `either`: it works in both, so it disturbs neither.
 */
export type Release = 'old' | 'new' | 'either'

/** Which revision belongs to which release: that does not change from moment to moment. */
export interface Releases {
  readonly of: ReadonlyMap<RevisionId, Release>
  /** The common version of the changing members' live and next revisions, where versions compare. */
  readonly old: Version | undefined
  readonly new: Version | undefined
  /** Changing members, by name, whose next revision works in either release. */
  readonly either: ReadonlySet<string>
  /** Changing members, by name, that go back to where the others come from. */
  readonly back: readonly string[]
  /** Members at rest, by name, that call what waits, and lack the label of its release: whoever calls it was to change. */
  readonly behind: ReadonlySet<string>
  /** Members that were promoted already or left on the preview Service by the last release: nobody can tell which. */
  readonly doubtful: readonly { readonly member: string; readonly dependency: string; readonly service: string }[]
}

/**
 * | revision | release |
 * |---|---|
 * | live or next of a member that works in either release | either |
 * | live of a changing member | old; of one that goes back, or came to users in the release that waits, new |
 * | next of a changing member | new; of one that goes back old |
 * | of a member that does not change, its version the common next one | new |
 * | of a member that does not change, its version the common live one | old |
 * | any other of a member that does not change | either |
 * | any other of a member that does not change, and calls what waits in a release of a label | new with it, else old |
 * | lingering, its version not the common next one | old |
 */
export function releasesOf(
  group: Group,
  { assume, settingsOnly }: Pick<PlanOptions, 'assume' | 'settingsOnly'>,
): Releases {
  const changing = group.members.filter(isChanging)
  const either = eitherOf(group.members, settingsOnly)
  const dependent = changing.filter((each) => !either.has(each.name) && !each.independent)
  const back = goingBack(dependent)
  const ahead = aheadOf(changing.filter((each) => !either.has(each.name) && !back.has(each)))
  const telling = dependent.filter((each) => !back.has(each) && !ahead.has(each))
  const next = commonVersion(telling.map((each) => each.next!.version))
  const live = next === undefined ? undefined : commonVersion(liveVersions(telling))
  // One version on both sides says nothing about a member that does not change.
  const told =
    live !== undefined && next !== undefined && sameVersion(live, next)
      ? { old: undefined, new: undefined }
      : { old: live, new: next }
  const onNext = callersOfNext(group, either, (version) => byVersion(version, told) !== 'either')
  const doubtful = onNext.filter((each) => each.release === undefined)
  const assumed = assume === undefined ? undefined : assume === 'leak' ? 'old' : 'new'
  const labelled = callersByLabel(group.members, either)
  const resting = new Map([...labelled, ...onNext.map((each) => [each.member, each.release ?? assumed] as const)])
  const release = (member: Member, revision: Revision): Release => {
    if (either.has(member.name) && (revision === member.live || revision === member.next)) return 'either'
    if (ahead.has(member) && revision === member.live) return 'new'
    if (isChanging(member)) return revision.role === (back.has(member) ? 'live' : 'next') ? 'new' : 'old'
    const versioned = member.independent ? 'either' : byVersion(revision.version, told)
    if (revision.role === 'lingering') return versioned === 'new' ? 'new' : 'old'
    return versioned === 'either' ? (resting.get(member.name) ?? 'either') : versioned
  }
  return {
    of: new Map(
      group.members.flatMap((member) => member.revisions.map((each) => [each.id, release(member, each)] as const)),
    ),
    old: live,
    new: next,
    either,
    back: [...back].map((each) => each.name),
    behind: new Set([...labelled].flatMap(([name, of]) => (of === 'old' ? [name] : []))),
    doubtful,
  }
}

/**
 * The members whose next revision is the live version with other settings, which the rest of the release need not know.
 * What several members change beside that may be one thing on which they must agree, such as a protocol; one that has
 * come to users since then, and waits no more, may be among these.
 */
function eitherOf(members: readonly Member[], settingsOnly = false): ReadonlySet<string> {
  const changing = members.filter(isChanging)
  const own = ({ settings }: Member) => settings !== undefined && (settingsOnly || settings.every((each) => each.own))
  const others = changing.filter((each) => !own(each))
  const alone = ({ live }: Member) =>
    others.length === 1 && members.every((each) => isChanging(each) || !isNewer(each.live, live))
  return new Set(
    changing.filter((each) => own(each) || (each.settings !== undefined && alone(each))).map((each) => each.name),
  )
}

/**
 * Changing members that go back to where the others come from, such as one that was promoted and is undone past its
 * delay: what waits of them is an earlier ReplicaSet, or one that brings an earlier release back, of the version that
 * users of another changing member are on. Where the other's brings one back, too, as in an undo that is itself taken
 * back, it is the one that came to users in the release that waits for the other.
 */
function goingBack(changing: readonly Member[]): ReadonlySet<Member> {
  const crosses = (one: Member, other: Member): boolean =>
    [one, other].every(({ live }) => live !== undefined && !live.unsure.some((each) => each.version)) &&
    !sameVersion(one.live!.version, one.next!.version) &&
    sameVersion(one.next!.version, other.live!.version) &&
    sameVersion(one.live!.version, other.next!.version)
  const isBack = ({ live, next }: Member) => isNewer(live, next) || broughtBack(next!) !== undefined
  const cameIn = ({ live }: Member, { next }: Member) => labelOf(live!) === labelOf(next!)
  return new Set(
    changing.filter(
      (one) => isBack(one) && changing.some((other) => crosses(one, other) && (!isBack(other) || cameIn(one, other))),
    ),
  )
}

/**
 * Changing members that came to users in the release that waits for another, and have been deployed once more since:
 * its label says so, or, where there is none, the version that it has in common with what it calls.
 */
function aheadOf(changing: readonly Member[]): ReadonlySet<Member> {
  const waiting = new Set(
    changing.flatMap(({ live, next }) => (live && byLabel(live, next!) === 'old' ? [labelOf(next!)] : [])),
  )
  const unlabelled = changing.filter(({ next }) => labelOf(next!) === undefined)
  const byService = new Map(unlabelled.map((each) => [nextService(each.strategy), each]))
  const isAhead = ({ live }: Member): boolean => {
    if (live === undefined) return false
    if (waiting.has(labelOf(live))) return true
    return live.wires.some(({ service }) => {
      const called = byService.get(service)
      return called !== undefined && isOnNext(live, called)
    })
  }
  return new Set(changing.filter(isAhead))
}

/** Whether a version is the next one of a member, and not its live one. */
function isOnNext({ version, unsure }: Revision, { live, next }: Member): boolean {
  return (
    live !== undefined &&
    ![unsure, next!.unsure].some((all) => all.some((each) => each.version)) &&
    sameVersion(version, next!.version) &&
    !sameVersion(live.version, next!.version)
  )
}

function isNewer(one: Revision | undefined, other: Revision | undefined): boolean {
  return (one?.created ?? 0) > (other?.created ?? 0)
}

/** The live versions of members, as far as they can be told. */
export function liveVersions(members: readonly Member[]): Version[] {
  return members.flatMap(({ live }) =>
    live === undefined || live.unsure.some((each) => each.version) ? [] : [live.version],
  )
}

function byVersion(version: Version, told: Pick<Releases, 'old' | 'new'>): Release {
  if (told.new !== undefined && sameVersion(version, told.new)) return 'new'
  return told.old !== undefined && sameVersion(version, told.old) ? 'old' : 'either'
}

interface CallerOfNext {
  readonly member: string
  readonly dependency: string
  readonly service: string
  /** Where labels of releases tell: it came to users in the one that waits, or was there before. */
  readonly release: 'new' | 'old' | undefined
}

/**
 * Members at rest whose live revision is wired to a changing dependency's preview or canary Service, and no version
 * decides.
 */
function callersOfNext(
  group: Group,
  either: ReadonlySet<string>,
  decided: (version: Version) => boolean,
): CallerOfNext[] {
  return group.members
    .filter((member) => !isChanging(member))
    .flatMap((member) => {
      const { live } = member
      if (live === undefined || decided(live.version)) return []
      return live.wires
        .flatMap((wire): CallerOfNext[] => {
          const dependency = group.members.find((each) => each.name === wire.to)
          if (dependency === undefined || !isChanging(dependency) || wire.role !== undefined) return []
          if (either.has(dependency.name)) return []
          return nextService(dependency.strategy) === wire.service
            ? [
                {
                  member: member.name,
                  dependency: dependency.name,
                  service: wire.service,
                  release: byLabel(live, dependency.next!),
                },
              ]
            : []
        })
        .slice(0, 1)
    })
}

/**
 * The members at rest that call what waits in a release of this tool: whoever calls what changes in it changes, too, so
 * that one without its label was not deployed yet.
 */
function callersByLabel(members: readonly Member[], either: ReadonlySet<string>): ReadonlyMap<string, 'new' | 'old'> {
  const waiting = new Map(
    members.flatMap((each) => (isChanging(each) && !either.has(each.name) ? [[each.name, each.next!]] : [])),
  )
  return new Map(
    members.flatMap((member) => {
      const { live } = member
      if (isChanging(member) || live === undefined) return []
      const found = live.wires.flatMap((wire) => {
        const next = waiting.get(wire.to)
        return next === undefined || settles(next) ? [] : (byLabel(live, next) ?? [])
      })
      return found.length === 0 ? [] : [[member.name, found.includes('old') ? 'old' : 'new'] as const]
    }),
  )
}

/** Whoever changes in a release of this tool carries its name. */
function byLabel(live: Revision, next: Revision): 'new' | 'old' | undefined {
  const [was, waits] = [live, next].map(labelOf)
  if (waits === undefined) return undefined
  return was === waits ? 'new' : 'old'
}
