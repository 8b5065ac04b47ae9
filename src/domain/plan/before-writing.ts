import type { CheckContext } from '../checks/context.ts'
import { listed, ours, say } from '../checks/say.ts'
import type { Finding } from '../findings/finding.ts'
import type { Call } from '../findings/remedy.ts'
import type { Member, RevisionId } from '../group/member.ts'
import { scaleDownDelayOf } from '../objects/strategy.ts'
import type { Round } from '../checks/gates-ahead.ts'
import { isStruckBack, promotedIn } from './promoted.ts'
import { isWayBackOpen } from './way-out.ts'

/** What the prompt should say before the first write: where the way back ends, and what waiting for old pods means. */
export function notable(
  context: CheckContext,
  rounds: readonly Round[],
  points: readonly (number | undefined)[],
  drains: readonly (readonly RevisionId[])[],
): Finding[] {
  const ids = new Set(drains.flat())
  const old = context.group.members.filter(({ revisions }) => revisions.some(({ id }) => ids.has(id)))
  return [...pointOfNoWayBack(context, rounds, points), ...(ids.size === 0 ? [] : drainNotes(context, old))]
}

function pointOfNoWayBack(
  context: CheckContext,
  rounds: readonly Round[],
  points: readonly (number | undefined)[],
): Finding[] {
  const round = points.findIndex((each) => each !== undefined)
  if (round < 0) return []
  const { waves } = rounds[round]!
  const wave = points[round]! - 1
  const names = waves[wave]!
  if (isStruckBack(context))
    return [
      say(context, 'no-way-back-after', {
        sentence:
          'users are on a part of it that calls itself through Services in front of next versions: none of it ' +
          'can be brought back alone',
        remedy: 'once all of it is promoted undo-all brings users back, by a release of its own (new pods)',
      }),
    ]
  // Of several at once the first that is promoted parts them from what is undone.
  const from = names.length === 1 ? `once ${names[0]} is promoted` : `from the promotion of ${listed(names)} on`
  return [
    say(context, 'no-way-back-after', {
      sentence: `${from}, no abort brings users back without mixing versions`,
      remedy: [
        ...goesBack(context, waves.slice(0, wave).flat()),
        '; afterwards undo-all does, by a release of its own (new pods)',
      ],
    }),
  ]
}

/** How one goes back while that is possible: users who were promoted come back first. */
function goesBack(context: CheckContext, before: readonly string[]): readonly (string | Call)[] {
  if (before.length > 0 || promotedIn(context).length > 0)
    return ['until then abort-all --undo-promoted brings them back at once']
  return isWayBackOpen(context)
    ? ['until then this does, at once: ', ours(context, 'abort-all')]
    : ['go back before that']
}

/** What the choice of `--drain` and `--timeout` leads to, given the members whose old pods are waited for. */
function drainNotes(context: CheckContext, old: readonly Member[]): Finding[] {
  const { drain, limit = Infinity } = context.options
  if (drain !== undefined && drain !== 'pods') return [hasty(context, old, drain)]
  const delays = old.map((member) => ({ name: member.name, delay: scaleDownDelayOf(member.strategy) }))
  return [
    ...delays.filter(({ delay }) => 1000 * (delay ?? 0) >= limit).map((each) => late(context, each, limit)),
    ...delays.filter(({ delay }) => delay === 0).map((each) => endless(context, each)),
  ]
}

function hasty(context: CheckContext, old: readonly Member[], drain: 'endpoints' | number): Finding {
  const word = drain === 'endpoints' ? drain : `${drain / 1000}s`
  const names = old.map((each) => each.name).join(', ')
  const sentence =
    `--drain=${word} goes on while old ${names} pods may still hold connections: ` +
    'requests over these may meet two versions'
  return say(context, 'drain', { sentence, remedy: 'leave --drain out to wait until they are gone' }, 'warning')
}

interface Old {
  readonly name: string
  /** Seconds that they run on; undefined where no delay applies. */
  readonly delay: number | undefined
}

function late(context: CheckContext, { name, delay }: Old, limit: number): Finding {
  const sentence =
    `the old pods of ${name} run on for ${delay} s after its promotion (scaleDownDelaySeconds), ` +
    `and the run ends after ${limit / 1000} s: it would stop half way`
  const remedy = 'give it more time with --timeout, or say --drain=endpoints'
  return say(context, 'drain', { member: name, sentence, remedy }, 'warning')
}

function endless(context: CheckContext, { name }: Old): Finding {
  const sentence =
    `the old pods of ${name} are never scaled down (scaleDownDelaySeconds: 0), ` +
    'so waiting for them to go would not end'
  const remedy = 'set scaleDownDelaySeconds, or say --drain=endpoints'
  return say(context, 'drain', { member: name, sentence, remedy }, 'error')
}
