import type { Finding } from '../findings.ts'
import { called, type Revision } from '../member.ts'
import { momentOf } from '../state.ts'
import { violationKey, violations, type Hop, type Violation } from '../trace.ts'
import { say, type CheckContext } from './context.ts'

/** What users meet now, and will meet when scale-downs that are scheduled happen; the cure for that is not refused. */
export function traffic(context: CheckContext): Finding[] {
  const { group, scene } = context
  const now = violations({ ...scene, state: new Map(group.members.map((member) => [member.name, [momentOf(member, group)]])) })
  const known = new Set(now.map(violationKey))
  const coming = violations(scene).filter((each) => each.kind === 'dead' && !known.has(violationKey(each)))
  return [
    ...now.map((each) => say(context, each.kind === 'mixed' ? 'already-mixed' : 'already-dead', {
      member: each.root.member, sentence: `users already ${meet(each)}`,
      remedy: each.kind === 'mixed' ? 'wire each version to its own version only; a plan that makes it better may run' : 'bring pods behind the Service, or point the caller elsewhere',
    })),
    ...coming.map((each) => say(context, 'scale-down-window', {
      member: each.root.member, sentence: `users will ${meet(each)} when the pods behind it are scaled down${when(context, each)}`,
      remedy: 'abort-all puts the stable version behind the Service; or point the caller at the active Service',
    }, context.verb === 'abort-all' ? 'warning' : 'error')),
  ]
}

/** A violation in words, as the rest of a sentence that begins with who meets it. */
export function meet(violation: Violation): string {
  if (violation.kind === 'dead') {
    return violation.path.length === 0
      ? `find no pod behind Service ${violation.service}`
      : `reach Service ${violation.service} with no ready endpoint (${way(violation.path)})`
  }
  const ways = [violation.path, ...(violation.other === undefined ? [] : [violation.other])].map(way)
  return `meet two versions in one request (${ways.join('; ')})`
}

/** `my-frontend 2.0 → my-backend 1.0 (via backend-active)`. */
export function way(path: readonly Hop[]): string {
  return path.map((hop) => called(hop.revision) + (hop.via === undefined ? '' : ` (via ${hop.via})`)).join(' → ')
}

function when(context: CheckContext, violation: Violation): string {
  const behind: Revision[] = (context.group.owners.get(violation.service ?? '') ?? []).flatMap((name) =>
    context.group.members.find((each) => each.name === name)?.revisions.filter((each) => each.deadline !== undefined && each.pods > 0) ?? [])
  const soonest = Math.min(...behind.map((each) => each.deadline!))
  return Number.isFinite(soonest) ? ` (at ${new Date(soonest).toISOString().slice(11, 19)} UTC)` : ''
}
