import type { Finding } from '../findings/finding.ts'
import { called } from '../group/member.ts'
import { liveService } from '../objects/strategy.ts'
import { addressedTo } from './address.ts'
import { type WiredCall, calls } from './calls.ts'
import { type CheckContext, isWaiting, memberOf } from './context.ts'
import { pinnedService } from './pinned-service.ts'
import { leadsToNext, roundsOf, unsettledCalls } from './settle-rounds.ts'
import { listed, say } from './say.ts'

/**
 * Live consumers on a preview or canary Service: the next deploy of that dependency would strike their users. And those
 * that the plan leaves there.
 */
export function liveWiredToNext(context: CheckContext): Finding[] {
  const now = unsettledCalls(context)
  const struck = new Set(now.map((each) => each.from.member))
  const later = calls(context, 'next').filter(
    (each) =>
      context.towards === 'next' &&
      leadsToNext(each) &&
      isWaiting(memberOf(context, each.from.member)!) &&
      !struck.has(each.from.member),
  )
  return [...told(context, now, 'now'), ...told(context, later, 'later')]
}

function told(context: CheckContext, found: readonly WiredCall[], when: 'now' | 'later'): Finding[] {
  if (found.length === 0) return []
  const members = [...new Set(found.map((each) => each.from.member))]
  const waiting = found.filter((each) => when === 'now' && waitsPointedBack(context, each))
  const left = found.filter((each) => !waiting.includes(each))
  const firsts = new Map(found.toReversed().map((each) => [each.to.name, each]))
  return [
    say(
      context,
      'live-wired-to-next',
      {
        members,
        sentence: when === 'now' ? struckSentence(found) : leftSentence(found),
        remedy: [
          ...(waiting.length === 0 ? [] : [`promote ${pairs(context, waiting)}`]),
          ...(left.length === 0
            ? []
            : [
                `before the next release ${pointedBack(context, left)}${settles(left)}; ` +
                  `from then on a Service per version of ${listed([...firsts.keys()].sort())} needs no pointing back`,
              ]),
        ].join('; '),
        yaml: [...firsts.values()]
          .map(({ to, now }) =>
            pinnedService(context.group, to, when === 'now' ? (now[0] ?? to.live) : (to.next ?? to.live)),
          )
          .join('\n---\n'),
      },
      'warning',
    ),
  ]
}

/** Whether a consumer's next revision, which waits, calls the live Service already. */
function waitsPointedBack(context: CheckContext, { from, to }: WiredCall): boolean {
  const member = memberOf(context, from.member)!
  const next = (member.next?.wires ?? []).filter((each) => each.to === to.name)
  return isWaiting(member) && next.length > 0 && next.every((each) => each.service === liveService(to.strategy))
}

/** `van, which waits with DEPOT_URL=http://depot-active`. */
function pairs(context: CheckContext, waiting: readonly WiredCall[]): string {
  return listed(waiting.map((each) => `${each.from.member}, which waits with ${addressed(context, each)}`))
}

function struckSentence(found: readonly WiredCall[]): string {
  const [only, ...others] = found
  const dependencies = [...new Set(found.map((each) => each.to.name))]
  const strikes =
    `the next deploy of ${dependencies.join(' or ')} ` + 'gives them an empty Service, then an untested version'
  return only !== undefined && others.length === 0
    ? `users of ${called(only.from)} reach ${only.to.name} through ${only.wire.service}, the ` +
        `Service in front of its next version (${only.wire.where}): ${strikes}`
    : `users reach dependencies through the Services in front of their next versions (${ways(found)}): ${strikes}`
}

function leftSentence(found: readonly WiredCall[]): string {
  const [only, ...others] = found
  return only !== undefined && others.length === 0
    ? `once promoted, ${called(only.from)} stays on ${only.wire.service} (${only.wire.where}), ` +
        `where the next deploy of ${only.to.name} would strike its users`
    : 'once promoted, consumers stay on Services in front of next versions ' +
        `(${ways(found)}), where the next deploy would strike their users`
}

function ways(found: readonly WiredCall[]): string {
  return found.map(({ from, wire, to }) => `${called(from)} → ${to.name}: ${wire.where}`).join('; ')
}

/** On a circle there are no rounds. */
function settles(found: readonly WiredCall[]): string {
  return roundsOf(found).circle.length > 0 ? '' : ' (settle does so, and release begins with it)'
}

/** In words, the rounds in which consumers are pointed back; on a circle nobody comes first. */
function pointedBack(context: CheckContext, found: readonly WiredCall[]): string {
  const { rounds, circle } = roundsOf(found)
  const all = circle.length === 0 ? rounds : [...rounds, circle]
  const of = Map.groupBy(found, ({ from }) => from.member)
  const words = all.map((round) =>
    listed(
      round.map((name) => {
        const own = of.get(name)!
        return `${name} with ${listed(own.map((each) => addressed(context, each)))}`
      }),
    ),
  )
  return all.length === 1
    ? `deploy ${words[0]} and promote ${all[0]!.length > 1 ? 'them' : 'it'}`
    : 'deploy, in this order, each promoted and its old pods ' +
        `gone before the next is deployed: ${words.join('; then ')}`
}

function addressed({ group }: CheckContext, { wire, to }: WiredCall): string {
  return addressedTo(wire, liveService(to.strategy) ?? `${to.name}-stable`, group)
}
