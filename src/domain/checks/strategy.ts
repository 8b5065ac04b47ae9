import type { Finding } from '../findings/finding.ts'
import { gateCount, gateReplicas } from '../group/gate.ts'
import { callsTo } from '../group/call-graph.ts'
import { type Member, memberNamed } from '../group/member.ts'
import { type Canary, gates, weightAt } from '../objects/strategy.ts'
import { refusalOf } from '../objects/refusal.ts'
import type { CheckContext } from './context.ts'
import { say } from './say.ts'

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
