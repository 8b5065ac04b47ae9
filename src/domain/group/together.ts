import { LIVE_SINCE, LIVE_UNTIL, RELEASE, WITHDRAWN } from '../objects/labels.ts'
import type { Member, Revision, RevisionId } from './member.ts'
import { bareVersion, comparable, spelled } from './version.ts'

/** A revision that settles a release, `2.0-s1`, belongs to it. */
export const SETTLES = /-s\d+$/

/** When users came to a revision, milliseconds since the epoch, where a run has said so. */
export function liveSince({ annotations }: Revision): number | undefined {
  const at = Date.parse(annotations.get(LIVE_SINCE) ?? '')
  return Number.isNaN(at) ? undefined : at
}

/** When users were on it for the last time that a run has told of, milliseconds since the epoch. */
export function lastHad({ annotations }: Revision): number | undefined {
  const told = ([LIVE_SINCE, LIVE_UNTIL] as const).map((key) => Date.parse(annotations.get(key) ?? ''))
  const known = told.filter((each) => !Number.isNaN(each))
  return known.length === 0 ? undefined : Math.max(...known)
}

/** Whether anything tells that users were on it, who are not any more. */
export function hadUsers(revision: Revision): boolean {
  return liveSince(revision) !== undefined || revision.annotations.has(LIVE_UNTIL) || revision.role === 'lingering'
}

/** Whether it was withdrawn before users came to it, and nothing tells that they have come since. */
export function isWithdrawn(revision: Revision): boolean {
  return revision.role === 'old' && revision.annotations.has(WITHDRAWN) && !hadUsers(revision)
}

/**
 * The release that each revision belongs to, as its label or its version says, or else by who was live when. A
 * revision without a label is of no release that a later one of its member has in its label.
 */
export function releasesOf(members: readonly Member[]): ReadonlyMap<RevisionId, string> {
  const named = new Map<RevisionId, string>()
  const written = spellings(members)
  const known = new Set<string>()
  for (const member of members) {
    const later = (each: Revision, name: string | undefined) =>
      member.revisions.some((one) => one.revision > each.revision && !settles(one) && labelOf(one) === name)
    for (const each of member.revisions) {
      const version = written.get(bareVersion(versionOf(each, member) ?? ''))
      const name = labelOf(each) ?? (later(each, version) ? undefined : version)
      if (name !== undefined) named.set(each.id, name)
      if (name !== undefined && !settles(each)) known.add(name)
    }
  }
  const settling = members.flatMap((member) =>
    member.revisions.filter((each) => settles(each) && !known.has(named.get(each.id)!)),
  )
  for (const each of settling) named.delete(each.id)
  const rest = members.flatMap(({ revisions }) => revisions.filter((each) => !named.has(each.id) && !settles(each)))
  for (const set of sets(rest)) for (const each of set) named.set(each.id, nameOf(set))
  for (const each of settling.toSorted((a, b) => a.revision - b.revision)) {
    const settled = earlierOf(members, each)
    named.set(each.id, (settled && named.get(settled.id)) ?? labelOf(each)!)
  }
  return named
}

function versionOf({ version }: Revision, { independent }: Member): string | undefined {
  return comparable(version) && !independent ? version.value : undefined
}

/** How each version is written, by its bare form: as a release is labelled, or else as its members write it. */
function spellings(members: readonly Member[]): ReadonlyMap<string, string> {
  const all = members.flatMap((member) => member.revisions.map((each) => [labelOf(each), versionOf(each, member)]))
  const by = (index: 0 | 1) =>
    Map.groupBy(
      all.flatMap((each) => each[index] ?? []),
      bareVersion,
    )
  return new Map([...by(1), ...by(0)].map(([bare, names]) => [bare, spelled(names)]))
}

function labelOf({ template }: Revision): string | undefined {
  return template.labels.get(RELEASE)?.replace(SETTLES, '')
}

/** Whether a revision does nothing but point its member back to live Services. */
export function settles({ template }: Revision): boolean {
  return SETTLES.test(template.labels.get(RELEASE) ?? '')
}

/** What users of its member were on before it. */
function earlierOf(members: readonly Member[], { member, revision }: Revision): Revision | undefined {
  const all = members.find((each) => each.name === member)?.revisions ?? []
  return all
    .filter((each) => each.revision < revision && (hadUsers(each) || each.role === 'live'))
    .toSorted((a, b) => b.revision - a.revision)[0]
}

/**
 * Revisions that no name holds together. What waits does so together. What came to users one after the other was one
 * release where it waited when the first of it came. What users were on before any run is one; of the rest nothing
 * tells.
 */
function sets(revisions: readonly Revision[]): readonly (readonly Revision[])[] {
  const since = (each: Revision) => liveSince(each)!
  const came = revisions.filter((each) => liveSince(each) !== undefined).toSorted((a, b) => since(a) - since(b))
  const releases: Revision[][] = []
  const waited = (set: readonly Revision[], each: Revision) =>
    each.created <= since(set[0]!) && set.every((one) => one.member !== each.member)
  for (const each of came) {
    const last = releases.at(-1)
    if (last !== undefined && waited(last, each)) last.push(each)
    else releases.push([each])
  }
  const last = releases.at(-1)
  const waits: Revision[] = []
  const before: Revision[] = []
  const alone: Revision[][] = []
  for (const each of revisions
    .filter((one) => liveSince(one) === undefined)
    .toSorted((a, b) => b.revision - a.revision))
    if (each.role === 'next' && !hadUsers(each)) {
      if (last !== undefined && waited(last, each)) last.push(each)
      else waits.push(each)
    } else if ((each.role === 'live' || hadUsers(each)) && before.every((one) => one.member !== each.member))
      before.push(each)
    else alone.push([each])
  return [...releases, waits, before, ...alone].filter((each) => each.length > 0)
}

/** `my-backend-rev-2`: one that can be typed, and be a label's value. */
function nameOf(set: readonly Revision[]): string {
  const [first] = set.toSorted((a, b) => (a.member < b.member ? -1 : 1)) as [Revision]
  return `${first.member}-${first.version.text}`.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/-+$/, '')
}
