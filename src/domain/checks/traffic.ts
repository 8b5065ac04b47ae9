import type { Code, Finding } from '../findings/finding.ts'
import { memberNamed, type Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { scaleDownDelayOf } from '../objects/strategy.ts'
import { type Violation, violationKey, violations } from '../trace/violations.ts'
import type { CheckContext } from './context.ts'
import { madeAnew } from './gone-service.ts'
import { OWN_AFFAIR, ours, say } from './say.ts'
import { meet, meetAll, strikingNow } from '../trace/words.ts'
import { behind, isYetToFill } from '../trace/doors.ts'
import { momentOf, withScaleDowns } from '../trace/moments.ts'
import type { Scene } from '../trace/requests.ts'

/** What users meet now, and will meet when scale-downs that are scheduled happen; the cure for that is not refused. */
export function traffic(context: CheckContext): Finding[] {
  // What comes up for the first time, or is refused, is told as that.
  const now = strikingNow(context.now).filter(
    ({ kind, service }) => kind === 'mixed' || !isYetToFill(context.now.group, service),
  )
  return [
    ...struck(context, now, 'mixed'),
    ...struck(context, now, 'dead'),
    ...coming(context.now).map((each) => soonEmpty(context, each)),
  ]
}

/** What users will reach, who do not yet, when scale-downs that are scheduled happen. */
export const coming = madeOnce((now: Scene): readonly Violation[] => {
  const known = new Set(strikingNow(now).map(violationKey))
  return violations(onceScaledDown(now)).filter(
    (each) => each.kind === 'dead' && !known.has(violationKey(each)) && !isYetToFill(now.group, each.service),
  )
})

/**
 * Pods that users still reach are about to go. Users of a consumer that is promoted leave them in time, or sooner than
 * if nothing were done; who is on old pods leaves with these; and pods of what is tried again stay. What is proved to
 * prevent it is the remedy (plan/way-out.ts), where something is.
 */
function soonEmpty(context: CheckContext, each: Violation): Finding {
  const { member } = each.root
  const leave = leavesIt(context, each)
  const isOver = isLeaving(context, each.root)
  return say(
    context,
    'scale-down-window',
    {
      member,
      sentence: `users will ${meet(each)} when the pods behind it are scaled down${when(context, each)}`,
      remedy: leave
        ? ['before that, take users to what waits: ', ours(context, 'promote-all')]
        : isOver
          ? 'nothing: these users leave with the old pods that they are on'
          : each.root.role === 'live' && context.releases.of.get(each.root.id) === 'new'
            ? ['before that, bring users back: ', ours(context, 'abort-all', '--undo-promoted')]
            : 'before that, point the caller at a Service whose pods stay',
    },
    context.towards === 'stable' || (context.towards === 'next' && (leave || isOver)) || isKept(context, each)
      ? 'warning'
      : 'error',
  )
}

/** Whether users of a revision are on old pods that go, too. */
function isLeaving({ group }: CheckContext, { member: name, role }: Revision): boolean {
  const member = memberNamed(group.members, name)
  return role === 'lingering' && member !== undefined && scaleDownDelayOf(member.strategy) !== 0
}

/** Whether the pods that are about to go are of what was aborted and is tried again. */
function isKept(context: CheckContext, each: Violation): boolean {
  const going = goingBehind(context, each)
  const isTried = ({ id }: Revision) => context.acting.some(({ next }) => next?.id === id)
  return context.deed === 'retries' && going.length > 0 && going.every(isTried)
}

/** Whether users are on a consumer that calls the Service, and a version of it waits that does not. */
function leavesIt({ group }: CheckContext, { root, service }: Violation): boolean {
  const { live, next, status } = memberNamed(group.members, root.member) ?? {}
  const calls = (revision: Revision) => revision.wires.some((wire) => wire.service === service)
  return live?.id === root.id && calls(root) && next !== undefined && status?.abort === false && !calls(next)
}

/** Whose old pods run on for a while once users were taken from them, and call what goes before: a call may come late. */
export function outlasting({ members }: Group, ahead: readonly Violation[]): string[] {
  const going = new Set(ahead.map(({ service }) => service))
  return members
    .filter(({ live, next }) => next !== undefined && live?.wires.some((wire) => going.has(wire.service)) === true)
    .filter(({ strategy }) => (scaleDownDelayOf(strategy) ?? 0) > 0)
    .map(({ name }) => name)
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
  const soonest = Math.min(...goingBehind(context, violation).flatMap(({ deadline }) => deadline ?? []))
  return Number.isFinite(soonest) ? ` (at ${new Date(soonest).toISOString().slice(11, 19)} UTC)` : ''
}

/** The revisions behind the Service whose pods are about to go: of what was just aborted nobody has said when. */
function goingBehind({ present }: CheckContext, { service = '' }: Violation): Revision[] {
  return (present.owners.get(service) ?? []).flatMap((name) => {
    const member = memberNamed(present.members, name)
    if (member === undefined) return []
    const isGoing = (each: Revision) =>
      each.pods > 0 && (each.deadline !== undefined || (member.status.abort && each.id === member.next?.id))
    return behind(present, member, service).filter(isGoing)
  })
}
