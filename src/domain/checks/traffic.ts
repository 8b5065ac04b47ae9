import type { Finding } from '../findings/finding.ts'
import type { Revision } from '../group/member.ts'
import { type Violation, violationKey, violations } from '../trace/violations.ts'
import type { CheckContext } from './context.ts'
import { OWN_AFFAIR, ours, say } from './say.ts'
import { meet, strikingNow } from '../trace/words.ts'

/** What users meet now, and will meet when scale-downs that are scheduled happen; the cure for that is not refused. */
export function traffic(context: CheckContext): Finding[] {
  const { scene } = context
  const now = strikingNow(context.scene)
  const known = new Set(now.map(violationKey))
  const coming = violations(scene).filter((each) => each.kind === 'dead' && !known.has(violationKey(each)))
  return [
    ...now.map((each) =>
      say(context, each.kind === 'mixed' ? 'already-mixed' : 'already-dead', {
        member: each.root.member,
        sentence: struck(each),
        remedy:
          each.kind === 'mixed'
            ? context.group.mode === 'modern'
              ? OWN_AFFAIR
              : 'wire each version to its own version only'
            : 'bring pods behind the Service, or point the caller elsewhere',
      }),
    ),
    ...coming.map((each) =>
      say(
        context,
        'scale-down-window',
        {
          member: each.root.member,
          sentence: `users will ${meet(each)} when the pods behind it are scaled down${when(context, each)}`,
          remedy: [
            'this puts the stable version behind the Service: ',
            ours(context, 'abort-all'),
            '; or point the caller at the active Service',
          ],
        },
        context.towards === 'stable' ? 'warning' : 'error',
      ),
    ),
  ]
}

/** What users meet now, as a sentence. */
export function struck(violation: Violation): string {
  return `users ${meet(violation)}`
}

function when(context: CheckContext, violation: Violation): string {
  const behind: Revision[] = (context.group.owners.get(violation.service ?? '') ?? []).flatMap(
    (name) =>
      context.group.members
        .find((each) => each.name === name)
        ?.revisions.filter((each) => each.deadline !== undefined && each.pods > 0) ?? [],
  )
  const soonest = Math.min(...behind.map((each) => each.deadline!))
  return Number.isFinite(soonest) ? ` (at ${new Date(soonest).toISOString().slice(11, 19)} UTC)` : ''
}
