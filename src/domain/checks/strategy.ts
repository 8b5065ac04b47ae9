import type { Finding } from '../findings/finding.ts'
import { atLastGate, gateCount, gateReplicas } from '../group/gate.ts'
import { callsTo } from '../group/call-graph.ts'
import { type Member, memberNamed } from '../group/member.ts'
import { type Canary, gates, weightAt } from '../objects/strategy.ts'
import { refusalOf } from '../objects/refusal.ts'
import type { Group } from '../group/read-group.ts'
import { behind, isReached } from '../trace/doors.ts'
import { type CheckContext, isWaiting } from './context.ts'
import { say } from './say.ts'
import { splitByMesh } from '../trace/meshed.ts'

/** A dependency's preview with fewer pods than the consumers' users need once these are switched over. */
export function smallPreview(context: CheckContext): Finding[] {
  return context.changing.flatMap((member) => {
    if (member.strategy.kind !== 'BlueGreen') return []
    const preview = gateReplicas(member, 0)
    if (preview >= member.replicas) return []
    const consumers = callsTo(context.graph, member.name).filter(
      (each) => memberNamed(context.changing, each.consumer) !== undefined,
    )
    if (consumers.length === 0) return []
    return [
      say(context, 'small-preview', {
        member: member.name,
        sentence:
          `the preview of ${member.name} has ${preview} pod${preview === 1 ? '' : 's'} ` +
          `(previewReplicaCount: ${preview}), and gets all the traffic of ` +
          `${consumers.map((each) => each.consumer).join(', ')}, for which ${member.replicas} serve now, ` +
          'before it is scaled up',
        remedy: 'remove previewReplicaCount and deploy again; --allow-small-preview goes on with fewer pods',
      }),
    ]
  })
}

/** Canaries that cannot advance in lockstep. */
export function unequalSteps(context: CheckContext): Finding[] {
  const canaries = context.changing.filter((each) => each.strategy.kind === 'Canary')
  const [first, ...rest] = canaries
  return rest
    .filter((each) => profile(each) !== profile(first!))
    .map((each) =>
      say(context, 'unequal-steps', {
        member: each.name,
        sentence:
          `the gates of ${each.name} (${profile(each)}) differ ` + `from those of ${first!.name} (${profile(first!)})`,
        remedy: 'give both the same weights before their pause steps',
      }),
    )
}

function profile(member: Member): string {
  const strategy = member.strategy as Canary
  return gates(strategy)
    .map((index) => `${weightAt(strategy, index)}%`)
    .join(', ')
}

/**
 * Whether the pods of a canary dependency can carry its consumers' share between two steps. Up to half too few is a
 * warning, more an error.
 */
export function canaryCapacity(context: CheckContext): Finding[] {
  const cutover = context.changing.every(atLastGate)
  return context.graph.edges.flatMap(({ consumer, dependency }) => {
    const [user, member] = [consumer, dependency].map((name) => memberNamed(context.changing, name))
    if (user === undefined || member?.strategy.kind !== 'Canary' || !isWaiting(user) || !isWaiting(member)) return []
    // Who stops nowhere is told of that; who is to have no pods has none too few.
    if (gateCount(member) === 0 || member.replicas === 0) return []
    const wires = user.next!.wires.filter((each) => each.to === dependency)
    if (wires.length > 0 && wires.every((each) => isShared(context.group, member, each.service))) return []
    const { short, side, need, more } = cutover
      ? atCutover(member, member.strategy)
      : between(context.group, user, member, member.strategy)
    if (short <= 0) return []
    return [
      say(
        context,
        'canary-capacity',
        {
          member: dependency,
          sentence:
            `for a moment the ${side} pods of ${dependency} are ${short} % too few for the share of users ` +
            `that ${consumer} sends them (${need} %)`,
          remedy: member.strategy.routed ? 'add a step setCanaryScale: {weight: 100} before the last pause' : more,
        },
        short > 50 ? 'error' : 'warning',
      ),
    ]
  })
}

/** Whether all pods of a member share its calls, whoever makes them: a mesh splits them, or its Service selects both. */
function isShared(group: Group, member: Member, name: string): boolean {
  const selected = behind(group, member, name)
  return splitByMesh(group, name) !== undefined || [member.live, member.next].every((each) => selected.includes(each!))
}

/** Consumers first: all their users come to the canary while it has only its weight's pods. */
function atCutover(member: Member, strategy: Canary) {
  const pods = gateReplicas(member, member.status.stepIndex ?? 0)
  return {
    side: `canary (${weightAt(strategy, member.status.stepIndex ?? 0)} %)`,
    need: 100,
    short: Math.round(100 - (100 * pods) / member.replicas),
    more: 'a greater weight before the last pause leaves fewer pods to come; blue/green has none to wait for',
  }
}

/** Dependencies first: an un-routed one gives up stable pods before its consumers' users have moved. */
function between(group: Group, user: Member, member: Member, strategy: Canary) {
  const here = member.status.stepIndex ?? 0
  const next = gates(strategy).find((each) => each > here) ?? here
  const step = user.status.stepIndex ?? 0
  const shared = user.strategy.kind === 'Canary' && isReached(group, user, user.strategy, step)
  const need = shared ? 100 - weightAt(user.strategy as Canary, step) : 100
  const have = strategy.routed && !strategy.dynamicStableScale ? 100 : 100 - weightAt(strategy, next)
  return {
    side: 'stable',
    need,
    short: need === 0 ? 0 : Math.round(100 - (100 * have) / need),
    more: 'more, smaller weights make the step smaller; blue/green has none',
  }
}

/** An analysis after the cutover that fails switches users back, behind the back of whoever was promoted since. */
export function postPromotionAnalysis(context: CheckContext): Finding[] {
  return context.changing.flatMap((member) => {
    if (member.strategy.kind !== 'BlueGreen' || !member.strategy.postPromotionAnalysis || isAnalysed(member)) return []
    const consumers = context.graph.edges.filter((each) => each.dependency === member.name)
    const entry = context.graph.entries.includes(member.name)
    return [
      say(
        context,
        'post-promotion-analysis',
        {
          member: member.name,
          sentence:
            `the post-promotion analysis of ${member.name}, if it fails, switches ` +
            `${entry ? 'its users' : consumers.map((each) => each.consumer).join(', ')} back to ` +
            `${member.live?.version.text ?? 'the old version'}, or takes ` +
            `${member.strategy.activeService} down if a new pod is unready`,
          remedy: entry
            ? 'the run waits for its result before the next wave'
            : 'run the analysis before the promotion (prePromotionAnalysis) instead',
        },
        entry ? 'warning' : 'error',
      ),
    ]
  })
}

/** The analysis of the revision that users are on already is over, and well. */
function isAnalysed({ status, next }: Member): boolean {
  return status.activeSelector === next?.hash && status.postPromotion?.phase === 'Successful'
}

/** `--full` skips what was meant to protect. */
export function promoteFull(context: CheckContext): Finding[] {
  if (context.options.full !== true) return []
  return context.changing.map((member) =>
    say(context, 'promote-full', {
      member: member.name,
      sentence:
        `--full skips ${gateCount(member) > 1 ? 'the remaining gates and ' : ''}every ` +
        `analysis of ${member.name}, and cannot be aborted`,
      remedy: 'leave --full out to go gate by gate',
    }),
  )
}

/** The Services a strategy names must exist; where the controller says so itself, that is told. */
export function services(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) => {
    const { strategy } = member
    const named =
      strategy.kind === 'BlueGreen'
        ? { activeService: strategy.activeService, previewService: strategy.previewService }
        : { stableService: strategy.stableService, canaryService: strategy.canaryService }
    return Object.entries(named).flatMap(([field, name]) =>
      name === undefined || context.group.services.has(name) || refusalOf(member)?.sentence.includes(`"${name}"`)
        ? []
        : [
            say(context, 'malformed', {
              member: member.name,
              sentence:
                `rollout/${member.name} names ${field} ${name}, but there is ` +
                `no Service ${name} in namespace ${context.group.namespace}`,
              remedy: `create the Service, or correct spec.strategy of rollout/${member.name}`,
            }),
          ],
    )
  })
}
