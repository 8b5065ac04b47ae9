import type { Move } from '../actions/step.ts'
import { type CheckContext, isAborted, isWaiting } from '../checks/context.ts'
import { backFirst, kubectl, listed, ours, say } from '../checks/say.ts'
import { type Finding, findingKey, rowOf } from '../findings/finding.ts'
import { VERBS } from '../intent.ts'
import { called, type Member, type RevisionId } from '../group/member.ts'
import { scaleDownDelayOf } from '../objects/strategy.ts'
import type { Violation } from '../trace/violations.ts'
import { meet } from '../trace/words.ts'
import type { Call } from '../findings/remedy.ts'
import { isWayBackOpen } from './way-out.ts'
import type { Skipped } from './plan.ts'
import type { Round } from './gates-ahead.ts'

/** In modern mode: the members that have trouble of their own, which is no reason to refuse another's promotion. */
export function heldBack({ group, acting }: CheckContext, findings: readonly Finding[]): Map<string, Skipped> {
  if (group.mode === 'legacy') return new Map()
  const names = new Set(acting.map((each) => each.name))
  const holding = findings.filter((each) => rowOf(each.code).holds)
  return new Map(
    holding.flatMap(({ members, sentence, severity }) =>
      members
        .filter((each) => names.has(each))
        .map((member): [string, Skipped] => [
          member,
          { member, why: sentence, ...(severity === 'error' && { refused: true }) },
        ]),
    ),
  )
}

export function resting(context: CheckContext): { member: string; why: string }[] {
  return context.group.members
    .filter((each) => !context.acting.includes(each))
    .map((each) => ({ member: each.name, why: whyResting(context, each) }))
}

function whyResting({ verb, options }: CheckContext, { name, live, next, status }: Member): string {
  const { on } = VERBS[verb]
  if (next === undefined && on !== 'all') return `it is on ${live?.version.text ?? 'no version'} and nothing waits`
  return on === 'aborted' && !status.abort && options.only?.includes(name) !== false
    ? 'it was not aborted'
    : 'it is not named in --only'
}

export function unsafeStep(
  context: CheckContext,
  wave: readonly Move[],
  violation: Parameters<typeof meet>[0],
): Finding {
  const names = wave.map((each) => each.member).join(', ')
  return say(context, violation.kind === 'mixed' ? 'mixed-window' : 'dead-end', {
    member: violation.root.member,
    sentence: `while ${names} ${wave.length === 1 ? 'is' : 'are'} under way, users ${meet(violation)}`,
    remedy:
      backFirst(context) ??
      (violation.kind === 'dead'
        ? 'bring pods behind that Service, or point its callers elsewhere'
        : comesBack(violation)
          ? 'on a circle no order is safe with role-named Services: ' +
            'give each release of these a Service of its own, which selects its version'
          : 'wire each version to its own version only (preview Service, or a ' +
            'Service per version), and include every member in between in the release'),
  })
}

/** Whether a request comes back to a member that it has passed: right wires alone do not help there. */
function comesBack({ path }: Pick<Violation, 'path'>): boolean {
  return new Set(path.map(({ revision }) => revision.member)).size < path.length
}

/** Each finding once. */
export function distinct(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (each, index) => findings.findIndex((other) => findingKey(other) === findingKey(each)) === index,
  )
}

/** How one goes back while that is possible: what users are on first, then what waits. */
function goesBack(context: CheckContext, before: readonly string[]): readonly (string | Call)[] {
  const { group, releases, graph } = context
  const users = group.members.filter((each) => each.next === undefined && each.live !== undefined)
  const done = users.filter((each) => releases.of.get(each.live!.id) === 'new').map((each) => each.name)
  const promoted = graph.layers.flat().filter((each) => before.includes(each) || done.includes(each))
  if (promoted.length === 0)
    return isWayBackOpen(context)
      ? ['until then this goes back: ', ours(context, 'abort-all')]
      : ['go back before that']
  const undo = promoted.flatMap((each) => [kubectl(context, 'argo', 'rollouts', 'undo', each), ', '])
  const alone = 'each promoted alone (--only) where it then waits at its gate, and then abort-all'
  return ['until then these go back, one after the other: ', ...undo, alone]
}

/** What the prompt should say before the first write. */
export function notable(
  context: CheckContext,
  rounds: readonly Round[],
  points: readonly (number | undefined)[],
  drains: readonly (readonly RevisionId[])[],
): Finding[] {
  const { drain } = context.options
  const hasty = drain !== undefined && drain !== 'pods' && drains.some((each) => each.length > 0)
  const last = points.findIndex((each) => each !== undefined)
  const names = last < 0 ? [] : rounds[last]!.waves[points[last]! - 1]!
  const old = context.group.members.filter((member) => drains.flat().some((id) => id.startsWith(`${member.name}/`)))
  const endless = old.filter((member) => scaleDownDelayOf(member.strategy) === 0)
  return [
    ...(last < 0
      ? []
      : [
          say(context, 'no-way-back-after', {
            sentence:
              // Of several at once the first that is promoted parts them from what is undone.
              (names.length === 1 ? `once ${names[0]} is promoted` : `from the promotion of ${listed(names)} on`) +
              ', no member can be undone without mixing versions',
            remedy: [
              ...goesBack(context, rounds[last]!.waves.slice(0, points[last]! - 1).flat()),
              '; with a Service per version there is always a way back',
            ],
          }),
        ]),
    ...(hasty
      ? [
          say(
            context,
            'drain',
            {
              sentence:
                `--drain=${drain === 'endpoints' ? drain : `${drain / 1000}s`} goes on while old ` +
                `${old.map((each) => each.name).join(', ')} pods may still ` +
                'hold connections: requests over these may meet two versions',
              remedy: 'leave --drain out to wait until they are gone',
            },
            'warning',
          ),
        ]
      : []),
    ...(hasty ? [] : late(old, context.options.limit)).map((member) =>
      say(
        context,
        'drain',
        {
          member: member.name,
          sentence:
            `the old pods of ${member.name} run on for ${scaleDownDelayOf(member.strategy)} s after its promotion ` +
            `(scaleDownDelaySeconds), and the run ends after ${context.options.limit! / 1000} s: ` +
            'it would stop half way',
          remedy: 'give it more time with --timeout, or say --drain=endpoints',
        },
        'warning',
      ),
    ),
    ...(hasty ? [] : endless).map((member) =>
      say(
        context,
        'drain',
        {
          member: member.name,
          sentence:
            `the old pods of ${member.name} are never scaled down ` +
            '(scaleDownDelaySeconds: 0), so waiting for them to go would not end',
          remedy: 'set scaleDownDelaySeconds, or say --drain=endpoints',
        },
        'error',
      ),
    ),
  ]
}

/** Members whose old pods outlive the run that waits for them. */
function late(old: readonly Member[], limit = Infinity): Member[] {
  return old.filter((member) => 1000 * (scaleDownDelayOf(member.strategy) ?? 0) >= limit)
}

/** `--only` that leaves a part of the release where it is. */
export function halfway(context: CheckContext, waves: readonly (readonly Move[])[]): Finding[] {
  const { group, acting, verb } = context
  const { on, words } = VERBS[verb]
  if (on === 'all') return []
  const left = group.members
    .filter((each) => (on === 'aborted' ? isAborted(each) : isWaiting(each)) && !acting.includes(each))
    .map((each) => called(each.next!))
  if (waves.length === 0 || left.length === 0) return []
  const where = on === 'aborted' ? 'aborted' : left.length === 1 ? 'where it waits' : 'where they wait'
  return [
    say(context, 'half-way', {
      sentence: `--only leaves ${left.join(', ')} ${where}, ` + `and the group half ${words.done}`,
      remedy: ['then finish it: ', ours(context, verb)],
    }),
  ]
}
