import type { Member } from '../group/member.ts'
import { RELEASE } from '../objects/labels.ts'
import { type Changing, isAsCurrent } from './changing.ts'
import { bareVersion, spelled } from '../group/version.ts'
import { digest } from '../objects/digest.ts'
import { labelValue } from '../objects/release-names.ts'
import type { ManifestGroup, Surrounding } from './reading.ts'
import { canonical } from '../objects/canonical.ts'
import type { Working } from './working.ts'

/** What a release is called by itself: the version that all its members have, else a hash of what they are. */
export function ownName({ given }: ManifestGroup, { own }: Changing): string {
  const members = [...given.values()].filter(({ name }) => own.size === 0 || own.has(name))
  const versions = members.map(({ revision }) => revision.version.value)
  const isTold = members.every(({ revision }) => revision.version.source !== 'revision')
  if (new Set(versions.map(bareVersion)).size === 1 && isTold) return labelValue(spelled(versions))
  return `r-${digest(canonical(members.map(({ revision }) => revision.rawTemplate))).slice(0, 5)}`
}

/**
 * The first of `2.0`, `2.0-2`, `2.0-3` … that no other pod template of the group carries: the same label on another
 * template would lead users to it before its gate.
 * @param wired the manifests as they are with a name
 */
export function freshRelease(
  name: string,
  { all }: Changing,
  reading: ManifestGroup,
  around: Surrounding,
  wired: (release: string) => Working,
): string {
  const { cluster } = around
  if (cluster === undefined) return name
  for (let number = 1; ; number++) {
    const release = number === 1 ? name : `${name.slice(0, 63 - 1 - String(number).length)}-${number}`
    if (
      carriersOf(release, cluster.group.members).length === 0 ||
      isOwn(release, { all }, reading, around, wired(release))
    )
      return release
  }
}

/**
 * The release that waits in a cluster and is made of these very manifests, and who changes in it: whoever has come to
 * users with it changes no more, and still is a part of it. Undefined where there is none.
 * @param named what it is to be called @param wired the manifests as they are with a name and who changes
 */
export function begunRelease(
  named: string | undefined,
  changing: Changing,
  reading: ManifestGroup,
  around: Surrounding,
  wired: (release: string, changing: Changing) => Working,
): { readonly release: string; readonly changing: Changing } | undefined {
  const members = around.cluster?.group.members ?? []
  const waiting = new Set(
    members.flatMap(({ next, status }) => (status.abort ? [] : (next?.template.labels.get(RELEASE) ?? []))),
  )
  for (const release of waiting) {
    if (named !== undefined && release.replace(/-\d+$/, '') !== named && release !== named) continue
    const part = members.flatMap((each) => (each.live?.template.labels.get(RELEASE) === release ? [each.name] : []))
    const grown = { own: changing.own.union(new Set(part)), all: changing.all.union(new Set(part)) }
    if (isOwn(release, grown, reading, around, wired(release, grown))) return { release, changing: grown }
  }
  return undefined
}

/** Whether whoever carries a name has the very pod template that these manifests give it. */
function isOwn(
  release: string,
  { all }: Pick<Changing, 'all'>,
  reading: ManifestGroup,
  around: Surrounding,
  working: Working,
): boolean {
  return carriersOf(release, around.cluster?.group.members ?? []).every(({ member, role, current }) =>
    all.has(member) ? current && isAsCurrent(member, working, reading, around) : role === 'live',
  )
}

function carriersOf(release: string, members: readonly Member[]) {
  return members.flatMap((member) =>
    member.revisions
      .filter((each) => each.template.labels.get(RELEASE) === release)
      .map(({ role, hash }) => ({
        member: member.name,
        role,
        // One that was aborted comes to no gate any more: what is applied again must be another.
        current: hash === member.status.currentPodHash && !(role === 'next' && member.status.abort),
      })),
  )
}
