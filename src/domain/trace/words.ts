import { called } from '../group/member.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { withoutMeshed } from './meshed.ts'
import { momentOf } from './moments.ts'
import { type Hop, type Scene } from './requests.ts'
import { type Violation, violations } from './violations.ts'

/** What users meet at this very moment, before any scale-down that is pending. */
export const strikingNow = madeOnce((scene: Scene) => violations(withoutMeshed(atThisMoment(scene))))

/** The scene without the scale-downs that are pending. */
export const atThisMoment = madeOnce(
  (scene: Scene): Scene => ({
    ...scene,
    state: new Map(scene.group.members.map((member) => [member.name, [momentOf(member, scene.group)]])),
  }),
)

/** A violation in words, as the rest of a sentence that begins with who meets it. */
export function meet(violation: Violation): string {
  if (violation.kind === 'dead') {
    return violation.path.length === 0
      ? `find no pod behind Service ${violation.service}`
      : `reach Service ${violation.service} with no ready endpoint (${way(violation.path)})`
  }
  return `meet two versions in one request (${mixedWays(violation).join('; ')})`
}

function mixedWays({ path, other }: Violation): string[] {
  return [path, ...(other === undefined ? [] : [other])].map(way)
}

/** Violations of one kind in words, each way once, and no more than a person reads. */
export function meetAll(found: readonly Violation[]): string {
  const words = [...new Set(found.flatMap((each) => (each.kind === 'mixed' ? mixedWays(each) : [meet(each)])))]
  const told = [...words.slice(0, MOST), ...(words.length > MOST ? [`and ${words.length - MOST} more`] : [])].join('; ')
  return found[0]!.kind === 'mixed' ? `meet two versions in one request (${told})` : told
}

const MOST = 3

/** `my-frontend 2.0 → my-backend 1.0 (via backend-active)`. */
export function way(path: readonly Hop[]): string {
  return path.map((hop) => called(hop.revision) + (hop.via === undefined ? '' : ` (via ${hop.via})`)).join(' → ')
}
