import type { Finding } from '../findings/finding.ts'
import { podsByWeight, type Sides } from '../group/canary-pods.ts'
import { gateCount, gateReplicas } from '../group/gate.ts'
import { type Member, memberNamed } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { type Canary, gates, weightAt } from '../objects/strategy.ts'
import { isWithoutStable } from '../trace/canary-gap.ts'
import { behind, isReached } from '../trace/doors.ts'
import { splitByMesh } from '../trace/meshed.ts'
import { type CheckContext, isWaiting } from './context.ts'
import { type Round, roundsOf } from './gates-ahead.ts'
import { listed, say } from './say.ts'

/** Where one side of a canary has too few pods for those whom it serves. */
interface Shortage {
  readonly consumer: string
  readonly side: 'stable' | 'canary'
  /** Of the canary at that gate, in percent. */
  readonly weight: number
  /** The consumer's users that this side serves then, in percent. */
  readonly need: number
  /** Pods too few for them, in percent. */
  readonly short: number
  /** The consumer's users come gate by gate, as the canary does; else all at once. */
  readonly shared: boolean
  /** It is so already: going on ends it. */
  readonly isNow: boolean
}

/**
 * Whether the pods of a canary dependency carry its consumers' users at each gate from here to the end: the worst of
 * them, once. Up to half too few is a warning, more an error; what is so already, and what --full asks for, a warning.
 *
 * | moment | side | users that it serves |
 * |---|---|---|
 * | it stands at a gate to which it came before its consumer | stable | those who are not on the consumer's canary |
 * | its consumer is promoted, and it is not | canary | all |
 */
export function canaryCapacity(context: CheckContext): Finding[] {
  const rounds = roundsOf(context)
  const found = context.graph.edges.flatMap(({ consumer, dependency }) =>
    shortages(context, rounds, consumer, dependency).map((each) => ({ ...each, dependency })),
  )
  return [...Map.groupBy(found, (each) => each.dependency)].map(([name, all]) => {
    const [worst] = all.toSorted((a, b) => Number(a.isNow) - Number(b.isNow) || b.short - a.short)
    const { side, weight, need, short, shared, isNow } = worst!
    const alike = all.filter((each) => each.side === side && each.weight === weight && each.short === short)
    const consumers = listed([...new Set(alike.map((each) => each.consumer))])
    const member = memberNamed(context.changing, name)!
    const pods =
      shared || side === 'canary'
        ? `for a moment the ${side}${side === 'canary' ? ` (${weight} %)` : ''} pods of ${name}`
        : `while ${name} stands at ${weight} %, its stable pods`
    const remedy = remedyFor(member.strategy as Canary, worst!)
    return say(
      context,
      'canary-capacity',
      {
        member: name,
        sentence:
          `${pods} are ${short} % too few for the share of users that ` +
          `${consumers} ${alike.length === 1 ? 'sends' : 'send'} them (${need} %)`,
        // Steps that are changed while a canary is under way begin anew.
        remedy: isThere(context, member) ? `for the next release: ${remedy}` : remedy,
      },
      short > 50 && !isNow && context.options.full !== true ? 'error' : 'warning',
    )
  })
}

/** What leaves fewer pods to come. */
function remedyFor(strategy: Canary, { side, shared, weight }: Shortage): string {
  if (strategy.routed)
    return side === 'stable'
      ? 'leave out dynamicStableScale, so that the stable pods stay'
      : 'add a step setCanaryScale: {weight: 100} before the last pause'
  if (!shared)
    return (
      (weight === 50 && weightAt(strategy, gates(strategy).at(-1)!) === 50
        ? 'no other weight before the last pause leaves the weaker side more'
        : 'put setWeight: 50 before the last pause, and less before the others: that leaves either side half of its ' +
          'pods, and no weight leaves the weaker one more') + '; blue/green leaves all of them'
    )
  return side === 'stable'
    ? 'more, smaller weights make the step smaller; blue/green has none'
    : 'a greater weight before the last pause leaves fewer pods to come; blue/green has none to wait for'
}

/** What is short of a canary for one consumer, from where both stand to the end. */
function shortages(context: CheckContext, rounds: readonly Round[], consumer: string, dependency: string): Shortage[] {
  const { group, changing } = context
  const [user, member] = [consumer, dependency].map((name) => memberNamed(changing, name))
  if (user === undefined || member?.strategy.kind !== 'Canary' || !isWaiting(user) || !isWaiting(member)) return []
  // Who stops nowhere is told of that; who is to have no pods has none too few.
  if (gateCount(member) === 0 || member.replicas === 0) return []
  const wires = user.next!.wires.filter((each) => each.to === dependency)
  if (wires.length > 0 && wires.every((each) => isShared(group, member, each.service))) return []
  const { strategy } = member
  const at = (round: Round, name: string) => memberNamed(round.changing, name)!
  const cutover = atCutover(at(rounds.at(-1)!, dependency), strategy, isLockstep(group, user))
  const stands = rounds.flatMap((round, number): Omit<Shortage, 'consumer'>[] => {
    const before = rounds[number - 1]
    const index = indexOf(at(round, dependency))
    if (before !== undefined && index === indexOf(at(before, dependency))) return []
    const isNow = before === undefined && isThere(context, member)
    return [{ ...standing(group, at(before ?? round, consumer), member, strategy, index), isNow }]
  })
  return [cutover, ...stands].filter((each) => each.short > 0).map((each) => ({ ...each, consumer }))
}

/** Whether a canary is where it stands already, and is not only thought to come there. */
function isThere({ ahead, present }: CheckContext, { name, next }: Member): boolean {
  return ahead !== true && memberNamed(present.members, name)?.next?.hash === next!.hash
}

/** Whether all pods of a member share its calls, whoever makes them: a mesh splits them, or its Service selects both. */
function isShared(group: Group, member: Member, name: string): boolean {
  const selected = behind(group, member, name)
  return splitByMesh(group, name) !== undefined || [member.live, member.next].every((each) => selected.includes(each!))
}

/** Whether users of a canary come to its next revision gate by gate. */
function isLockstep(group: Group, user: Member): boolean {
  return user.strategy.kind === 'Canary' && isReached(group, user, user.strategy, indexOf(user))
}

/** Consumers first: all their users come to the canary while it has only its weight's pods. */
function atCutover(member: Member, strategy: Canary, shared: boolean) {
  const index = indexOf(member)
  const short = shortOf(100, sharesAt(member, strategy, index).canary)
  return { side: 'canary' as const, weight: weightAt(strategy, index), need: 100, short, shared, isNow: false }
}

/** Dependencies first: an un-routed one gives up stable pods before its consumers' users have moved. */
function standing(group: Group, user: Member, member: Member, strategy: Canary, index: number) {
  const shared = isLockstep(group, user)
  const need = shared ? 100 - weightAt(user.strategy as Canary, indexOf(user)) : 100
  // Of a Service that goes empty stable-gap tells.
  const isTold =
    isWithoutStable(strategy, member.replicas, index) &&
    user.live?.wires.some((each) => each.service === strategy.stableService) === true
  const short = need === 0 || isTold ? 0 : shortOf(need, sharesAt(member, strategy, index).stable)
  return { side: 'stable' as const, weight: weightAt(strategy, index), need, short, shared }
}

/** The pods of either side at a step, in percent of all that the member is to have. */
function sharesAt(member: Member, strategy: Canary, index: number): Sides {
  const { replicas } = member
  const weight = weightAt(strategy, index)
  const stable = strategy.dynamicStableScale ? Math.ceil(((100 - weight) * replicas) / 100 - 1e-6) : replicas
  const pods = strategy.routed
    ? { canary: gateReplicas(member, index), stable }
    : podsByWeight(strategy, replicas, weight)
  return { canary: (100 * pods.canary) / replicas, stable: (100 * pods.stable) / replicas }
}

function shortOf(need: number, have: number): number {
  return Math.round(100 - (100 * have) / need)
}

function indexOf({ status }: Member): number {
  return status.stepIndex ?? 0
}
