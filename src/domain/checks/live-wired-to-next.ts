import type { Finding } from '../findings/finding.ts'
import { called } from '../group/member.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import { addressedTo } from './address.ts'
import { type WiredCall, calls } from './calls.ts'
import { type CheckContext, isWaiting, memberOf } from './context.ts'
import { pinnedService } from './pinned-service.ts'
import { listed, say } from './say.ts'

/**
 * Live consumers on a preview or canary Service: the next deploy of that dependency would strike their users. And those
 * that the plan leaves there.
 */
export function liveWiredToNext(context: CheckContext): Finding[] {
  const now = calls(context, 'live').filter(leadsToNext)
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

function leadsToNext({ wire, to }: WiredCall): boolean {
  return (
    wire.role === undefined && wire.service === nextService(to.strategy) && wire.service !== liveService(to.strategy)
  )
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
                `before the next release ${pointedBack(context, left)}; from then on a Service per ` +
                  `version of ${listed([...firsts.keys()].sort())} needs no pointing back`,
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

/**
 * Consumers first, in rounds: a consumer that others reach through its own preview Service comes after these, since its
 * deploy empties that Service.
 */
function pointedBack(context: CheckContext, found: readonly WiredCall[]): string {
  const left = new Map(Map.groupBy(found, (each) => each.from.member))
  const several = left.size > 1
  const rounds: string[] = []
  const callers = new Map<string, Set<string>>()
  for (const { from, to } of found) {
    const own = callers.get(to.name) ?? new Set()
    callers.set(to.name, from.member === to.name ? own : own.add(from.member))
  }
  const isFree = (name: string) => (callers.get(name)?.size ?? 0) === 0
  let free = [...left.keys()].filter(isFree)
  while (left.size > 0) {
    // On a circle nobody comes first.
    const round = free.length > 0 ? free : [...left.keys()]
    free = freedBy(round, left, callers)
    rounds.push(
      listed(round.map((name) => `${name} with ${listed(left.get(name)!.map((each) => addressed(context, each)))}`)),
    )
    for (const name of round) left.delete(name)
  }
  return rounds.length === 1
    ? `deploy ${rounds[0]} and promote ${several ? 'them' : 'it'}`
    : 'deploy, in this order, each promoted and its old pods ' +
        `gone before the next is deployed: ${rounds.join('; then ')}`
}

/** Whom nobody calls any more once these are gone, in the order of what is left. */
function freedBy(
  gone: readonly string[],
  left: ReadonlyMap<string, readonly WiredCall[]>,
  callers: ReadonlyMap<string, Set<string>>,
): string[] {
  const called = new Set(gone.flatMap((name) => left.get(name)!.map(({ to }) => to.name)))
  for (const to of called) for (const name of gone) callers.get(to)!.delete(name)
  return [...called].filter((name) => left.has(name) && !gone.includes(name) && callers.get(name)!.size === 0).sort()
}

function addressed({ group }: CheckContext, { wire, to }: WiredCall): string {
  return addressedTo(wire, liveService(to.strategy) ?? `${to.name}-stable`, group.services)
}
