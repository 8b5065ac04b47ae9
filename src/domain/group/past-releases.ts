import { LIVE_BY } from '../objects/labels.ts'
import { configMapsOf } from '../objects/pod-template.ts'
import { liveService } from '../objects/strategy.ts'
import { goneFor } from './gone-services.ts'
import { lostServices } from './lost-services.ts'
import { callsOf, type Member, memberNamed, type Revision, type RevisionId } from './member.ts'
import type { Group } from './read-group.ts'
import { hadUsers, isWithdrawn, liveSince, releasesOf } from './together.ts'

/** Revisions of a group that belong together: users had, have, or may get them at the same time. */
export interface PastRelease {
  /** The label of the release, else the version that its members share, else made of the first member's revision. */
  readonly name: string
  /** One a member, by name; a member that it did not change is not among them. */
  readonly revisions: readonly Revision[]
  /** What users had of the members that it did not change, when they had come to it. */
  readonly beside: readonly Revision[]
  /**
   * `live`: users are on all of it. `in-part`: on some of it. `waits`: not promoted yet. `withdrawn`: aborted before
   * they were on all of it. `past`: users were. `maybe`: nothing tells whether they were; it may have been withdrawn.
   */
  readonly state: 'live' | 'in-part' | 'waits' | 'withdrawn' | 'past' | 'maybe'
  /** Since when users were on all of it, milliseconds since the epoch, and who brought them there, where runs say so. */
  readonly since: number | undefined
  readonly by: string | undefined
  /** When its newest revision was made, milliseconds since the epoch. */
  readonly made: number
  /** All pods that it needs still run, until then where they are about to go (milliseconds since the epoch). */
  readonly pods: { readonly until: number | undefined } | undefined
  /** What it had and is not there any more: it cannot come back as it was. */
  readonly lacks: readonly string[]
}

/** The release that each revision belongs to, by its name. */
type ReleaseNames = ReturnType<typeof releasesOf>

/** The releases of a group as far as their ReplicaSets are there, the newest first. */
export function pastReleases(group: Group): PastRelease[] {
  const releases = releasesOf(group.members)
  const revisions = group.members.flatMap((member) => member.revisions)
  const sets = Map.groupBy(revisions, (each) => releases.get(each.id)!)
  const all = [...sets].map(([name, found]) => releaseOf(group, releases, name, oneOfEach(group, found)))
  return all
    .map((each) => (isToldOfAnother(each, all) ? { ...each, beside: [], pods: podsOf(each.revisions) } : each))
    .toSorted((a, b) => b.made - a.made || (a.name < b.name ? -1 : 1))
}

/** What users had of all members: of those that it did not change what was there beside it. */
export function wholeOf({ revisions, beside }: Pick<PastRelease, 'revisions' | 'beside'>): readonly Revision[] {
  return [...revisions, ...beside]
}

/** Whether what users had with a release that they are on still is told of the one that they have left since. */
function isToldOfAnother(release: PastRelease, all: readonly PastRelease[]): boolean {
  const isSame = (each: PastRelease) => new Set(wholeOf(each)).symmetricDifference(new Set(wholeOf(release))).size === 0
  return release.state === 'live' && all.some((each) => each.state !== 'live' && isSame(each))
}

/** A version may have had several revisions, as where only settings changed. */
function oneOfEach(group: Group, revisions: readonly Revision[]): Revision[] {
  const byMember = Map.groupBy(revisions, (each) => each.member)
  const stand = [...byMember.values()].map(
    (found) => found.toSorted((a, b) => rank(a, group) - rank(b, group) || b.revision - a.revision)[0]!,
  )
  const came = stand.filter(hadUsers).flatMap((each) => liveSince(each) ?? [])
  // What was tried under the same version, once users were on the rest of it, they have never had with it.
  const isLater = (each: Revision) => came.length > 0 && isWithdrawn(each) && each.created > Math.max(...came)
  return stand.filter((each) => !isLater(each)).toSorted((a, b) => (a.member < b.member ? -1 : 1))
}

/**
 * Which of a member's revisions of one version stands for it, the first of these, and of two such the newer one:
 *
 * | | revision |
 * |---|---|
 * | 0 | live |
 * | 1 | waits |
 * | 2 | users were on it |
 * | 3 | nothing tells |
 * | 4 | no user has come to it: aborted, marked as withdrawn, or replaced before it was promoted |
 */
function rank(revision: Revision, { members }: Group): number {
  const { role } = revision
  if (role === 'live') return 0
  const { live, status } = memberNamed(members, revision.member)!
  if (role === 'next' && !status.abort) return 1
  if (hadUsers(revision)) return 2
  const isReplaced = live !== undefined && revision.revision > live.revision
  return role === 'next' || isReplaced || isWithdrawn(revision) ? 4 : 3
}

function releaseOf(group: Group, releases: ReleaseNames, name: string, revisions: readonly Revision[]): PastRelease {
  const since = revisions.map(liveSince)
  const known = since.filter((each) => each !== undefined)
  const last = revisions.find((each) => liveSince(each) !== undefined && liveSince(each) === Math.max(...known))
  const beside = besideOf(group, releases, revisions, known)
  const whole = wholeOf({ revisions, beside })
  return {
    name,
    revisions,
    beside,
    state: stateOf(group, revisions),
    since: known.length === revisions.length ? Math.max(...known) : undefined,
    by: known.length === revisions.length ? last?.annotations.get(LIVE_BY) : undefined,
    made: Math.max(...revisions.map((each) => each.created)),
    pods: podsOf([...revisions, ...beside.filter((each) => each.role !== 'live')]),
    lacks: lacksOf(group, whole),
  }
}

/** What these had, and is not there any more. */
export function lacksOf(group: Group, revisions: readonly Revision[]): readonly string[] {
  return [...new Set([...revisions.flatMap((each) => lacking(group, each)), ...goneOf(group, revisions)])]
}

function podsOf(needed: readonly Revision[]): PastRelease['pods'] {
  if (!needed.every((each) => each.available > 0 && each.pods > 0)) return undefined
  const deadlines = needed.flatMap((each) => each.deadline ?? [])
  return { until: deadlines.length === 0 ? undefined : Math.min(...deadlines) }
}

/**
 * Of each other member what users had come to last of that which was there when they came to these: who waited then
 * came with them. What users were on before any run belongs together; beside what they never were on was nothing.
 * @param since when users came to each of the revisions, where runs say so
 */
function besideOf(
  { members }: Group,
  releases: ReleaseNames,
  revisions: readonly Revision[],
  since: readonly number[],
): Revision[] {
  const isHad = (each: Revision) => each.role === 'live' || hadUsers(each)
  if (!revisions.some(isHad)) return []
  const at = since.length === 0 ? undefined : Math.max(...since)
  const after = at === undefined ? cameAfter(members, releases, revisions) : new Set()
  const isOfNoRun = (each: Revision) => liveSince(each) === undefined && !after.has(each.id)
  const wasThere = (each: Revision) => (at === undefined ? isOfNoRun(each) : each.created <= at)
  const came = (each: Revision) => liveSince(each) ?? 0
  const beside = members
    .filter(({ name }) => revisions.every((each) => each.member !== name))
    .flatMap((member) => {
      const had = member.revisions.filter((each) => isHad(each) && wasThere(each))
      return had.toSorted((a, b) => came(b) - came(a) || b.revision - a.revision).slice(0, 1)
    })
  const dropped = droppedBy(members, revisions, beside)
  return beside.filter((each) => each.role === 'live' || !dropped.has(each))
}

/**
 * Those beside a release that have nothing to do with it: none of it calls them, or is called by them. Where somebody
 * calls them in another release, they are no entries: whichever of their revisions runs, nobody comes to it.
 */
function droppedBy(
  members: readonly Member[],
  revisions: readonly Revision[],
  beside: readonly Revision[],
): ReadonlySet<Revision> {
  const kept = new Set(revisions)
  const calls = (from: Revision, to: Revision) => from.unread.length > 0 || callsOf(from).includes(to.member)
  for (const each of kept) for (const one of beside) if (calls(each, one) || calls(one, each)) kept.add(one)
  const called = new Set(members.flatMap((each) => each.revisions.flatMap(callsOf)))
  return new Set(beside.filter((each) => !kept.has(each) && called.has(each.member)))
}

/** Revisions of the releases that these revisions' members went on to. */
function cameAfter(
  members: readonly Member[],
  releases: ReleaseNames,
  revisions: readonly Revision[],
): ReadonlySet<RevisionId> {
  const later = new Set(
    revisions.flatMap(({ member, revision }) =>
      memberNamed(members, member)!.revisions.flatMap((each) =>
        each.revision > revision ? releases.get(each.id)! : [],
      ),
    ),
  )
  return new Set([...releases].flatMap(([id, name]) => (later.has(name) ? [id] : [])))
}

/**
 * | users are on | and |
 * |---|---|
 * | all of it | `live` |
 * | a part of it | `in-part` |
 * | nothing of it, and it waits | `waits`, or `withdrawn` where all that waits of it was aborted |
 * | nothing of it, and they were on all of it | `past` |
 * | nothing of it, and were on a part at most | `withdrawn` where that stands on some of the rest, else `maybe` |
 *
 * What users were brought back from in the middle of a release they never had as a whole.
 */
function stateOf({ members }: Group, revisions: readonly Revision[]): PastRelease['state'] {
  const live = revisions.filter((each) => each.role === 'live').length
  if (live === revisions.length) return 'live'
  if (live > 0) return 'in-part'
  const waiting = members.filter(({ next }) => next !== undefined && revisions.includes(next))
  if (waiting.length > 0) return waiting.every(({ status }) => status.abort) ? 'withdrawn' : 'waits'
  return revisions.every(hadUsers) ? 'past' : revisions.some(isWithdrawn) ? 'withdrawn' : 'maybe'
}

/** The Services that these call, and behind which they would find nobody. */
function goneOf(group: Group, revisions: readonly Revision[]): string[] {
  const isThere = ([name]: readonly [string, unknown]) => !group.gone.has(name)
  const services = group.gone.size === 0 ? group.services : new Map([...group.services].filter(isThere))
  const gone = [...goneFor({ ...group, services }, revisions).keys()].map((name) => `Service ${name} is gone`)
  return [...gone, ...lostServices(group, revisions).values()]
}

function lacking(group: Group, revision: Revision): string[] {
  const configs = configMapsOf(revision.template).flatMap(({ name, optional }) =>
    group.configs.get(name) === 'missing' && !optional ? [`ConfigMap ${name} is gone`] : [],
  )
  const strategy = group.members.find((each) => each.name === revision.member)!.strategy
  const door = liveService(strategy)
  const services = door === undefined || group.services.has(door) ? [] : [`Service ${door} is gone`]
  return [...configs, ...services]
}
