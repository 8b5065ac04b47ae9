import type { Member, Revision } from '../group/member.ts'
import { bareVersion, comparable, type Source } from '../group/version.ts'

/** What the versions of revisions that meet in a request say of it. */
export type Met =
  | { readonly kind: 'one version' }
  /** Members that are numbered apart are among them: what belongs together is a release. */
  | { readonly kind: 'one release' }
  /** The revisions that one source calls differently, one for each version. */
  | { readonly kind: 'apart'; readonly source: Source; readonly revisions: readonly Revision[] }

/**
 * Compares the versions of revisions that one request meets: only those of one source, and of members numbered alike.
 */
export function versionsMet(revisions: readonly Revision[], members: readonly Member[]): Met {
  const apart = new Set(members.filter((each) => each.independent).map((each) => each.name))
  const told = revisions.filter(
    ({ member, version, unsure }) => comparable(version) && !apart.has(member) && !unsure.some((each) => each.version),
  )
  for (const [source, all] of Map.groupBy(told, (each) => each.version.source)) {
    const different = [...Map.groupBy(all, (each) => bareVersion(each.version.value)).values()].map((each) => each[0]!)
    if (different.length > 1) return { kind: 'apart', source, revisions: different }
  }
  return {
    kind: revisions.length > 1 && revisions.some((each) => apart.has(each.member)) ? 'one release' : 'one version',
  }
}
