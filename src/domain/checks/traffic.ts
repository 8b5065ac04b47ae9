import type { Code, Finding } from '../findings/finding.ts'
import { memberNamed, type Revision } from '../group/member.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { type Violation, violationKey, violations } from '../trace/violations.ts'
import type { CheckContext } from './context.ts'
import { madeAnew } from './gone-service.ts'
import { OWN_AFFAIR, ours, say } from './say.ts'
import { meet, meetAll, strikingNow } from '../trace/words.ts'
import { isYetToFill } from '../trace/doors.ts'
import { momentOf, withScaleDowns } from '../trace/moments.ts'
import type { Scene } from '../trace/requests.ts'

/** What users meet now, and will meet when scale-downs that are scheduled happen; the cure for that is not refused. */
export function traffic(context: CheckContext): Finding[] {
  // What comes up for the first time, or is refused, is told as that.
  const now = strikingNow(context.now).filter(
    ({ kind, service }) => kind === 'mixed' || !isYetToFill(context.now.group, service),
  )
  const known = new Set(now.map(violationKey))
  const coming = violations(onceScaledDown(context.now)).filter(
    (each) => each.kind === 'dead' && !known.has(violationKey(each)) && !isYetToFill(context.now.group, each.service),
  )
  return [
    ...struck(context, now, 'mixed'),
    ...struck(context, now, 'dead'),
    ...coming.map((each) => soonEmpty(context, each)),
  ]
}

/**
 * Pods that users still reach are about to go. Users of a consumer that is promoted leave them in time, or sooner than
 * if nothing were done.
 */
function soonEmpty(context: CheckContext, each: Violation): Finding {
  const { member } = each.root
  const leave = leavesIt(context, each)
  return say(
    context,
    'scale-down-window',
    {
      member,
      sentence: `users will ${meet(each)} when the pods behind it are scaled down${when(context, each)}`,
      remedy: leave
        ? ['before that, take users to what waits: ', ours(context, 'promote-all')]
        : [
            'this puts the stable version behind the Service: ',
            ours(context, 'abort-all'),
            '; or point the caller at the active Service',
          ],
    },
    context.towards === 'stable' || (context.towards === 'next' && leave) ? 'warning' : 'error',
  )
}

/** Whether users are on a consumer that calls the Service, and a version of it waits that does not. */
function leavesIt({ group }: CheckContext, { root, service }: Violation): boolean {
  const { live, next, status } = memberNamed(group.members, root.member) ?? {}
  const calls = (revision: Revision) => revision.wires.some((wire) => wire.service === service)
  return live?.id === root.id && calls(root) && next !== undefined && status?.abort === false && !calls(next)
}

/** The findings about what users meet now, and of which kind that is. */
export const STRUCK = { 'already-mixed': 'mixed', 'already-dead': 'dead' } as const satisfies Partial<
  Record<Code, Violation['kind']>
>

function struck(context: CheckContext, now: readonly Violation[], kind: Violation['kind']): Finding[] {
  const found = now.filter((each) => each.kind === kind)
  if (found.length === 0) return []
  return [
    say(context, kind === 'mixed' ? 'already-mixed' : 'already-dead', {
      members: [...new Set(found.map((each) => each.root.member))],
      sentence: `users ${meetAll(found)}`,
      remedy:
        kind === 'dead'
          ? (madeAnew(context, found) ?? 'bring pods behind the Service, or point the caller elsewhere')
          : context.group.mode === 'modern'
            ? OWN_AFFAIR
            : 'wire each version to its own version only',
    }),
  ]
}

/** The users there are now, and every moment that scale-downs lead to. */
const onceScaledDown = madeOnce(
  (scene: Scene): Scene => ({
    ...scene,
    state: new Map(scene.group.members.map((each) => [each.name, withScaleDowns(each, momentOf(each, scene.group))])),
  }),
)

function when(context: CheckContext, violation: Violation): string {
  const behind: Revision[] = (context.present.owners.get(violation.service ?? '') ?? []).flatMap(
    (name) =>
      context.present.members
        .find((each) => each.name === name)
        ?.revisions.filter((each) => each.deadline !== undefined && each.pods > 0) ?? [],
  )
  const soonest = Math.min(...behind.map((each) => each.deadline!))
  return Number.isFinite(soonest) ? ` (at ${new Date(soonest).toISOString().slice(11, 19)} UTC)` : ''
}
