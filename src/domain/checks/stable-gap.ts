import type { Finding } from '../findings/finding.ts'
import type { Member } from '../group/member.ts'
import { type Canary, gates, weightAt } from '../objects/strategy.ts'
import { isWithoutStable, neverUnavailable, stepsWithoutStable } from '../trace/canary-gap.ts'
import { frontDoors } from '../trace/doors.ts'
import type { CheckContext } from './context.ts'
import { listed, say } from './say.ts'

/**
 * The stable Service of an un-routed canary moves only at its end: it goes empty at a step whose weight leaves no
 * stable pod, for as long as the canary stands there, and at the end where the last old pod may go first (5 s seen on
 * 1.10.1).
 */
export function stableGap(context: CheckContext): Finding[] {
  const used = context.changing.flatMap((member) =>
    isStableUsed(context, member) ? [{ member, ...stableOf(member)! }] : [],
  )
  const steps = used.flatMap(({ member, strategy, service }) => {
    const here = context.ahead === true ? -1 : (member.status.stepIndex ?? 0)
    // Where it is empty already, going on is the cure.
    const over = here >= 0 && isWithoutStable(strategy, member.replicas, here)
    const last = gates(strategy).at(-1) ?? 0
    const [step] = over ? [] : stepsWithoutStable(strategy, member.replicas, here, last)
    return step === undefined
      ? []
      : [{ member, service, step: `step ${step} (setWeight: ${weightAt(strategy, step)})` }]
  })
  return [...atStep(context, steps), ...atItsEnd(context, used)]
}

/** A canary whose stable Service users come through. */
interface Used {
  readonly member: Member
  readonly strategy: Canary
  readonly service: string
}

function atStep(
  context: CheckContext,
  steps: readonly (Omit<Used, 'strategy'> & { readonly step: string })[],
): Finding[] {
  if (steps.length === 0) return []
  const single = steps.filter(({ member }) => member.replicas <= 1).map(({ member }) => member.name)
  return [
    say(context, 'stable-gap', {
      members: steps.map(({ member }) => member.name),
      sentence:
        `${goEmpty(steps)} when ` +
        `${listed(steps.map(({ member, step }) => `${member.name} comes to ${step}`))}, and ` +
        `${steps.length === 1 ? 'stays' : 'stay'} so until the last gate is passed: ` +
        'without a traffic router that weight leaves no stable pod',
      remedy:
        `give the steps before the last pause of ${rollouts(steps)} weights below 100` +
        (single.length === 0 ? '' : `; below 50 for ${listed(single)}, or spec.strategy.canary.maxSurge: 1`),
    }),
  ]
}

function atItsEnd(context: CheckContext, used: readonly Used[]): Finding[] {
  const ends = used.filter(({ strategy }) => !neverUnavailable(strategy))
  if (ends.length === 0) return []
  const names = ends.map(({ member }) => member.name)
  const allowed = new Set(ends.map(({ strategy }) => String(strategy.maxUnavailable)))
  return [
    say(context, 'stable-gap', {
      members: names,
      sentence:
        `${goEmpty(ends)} when ${listed(names)} ${ends.length === 1 ? 'completes' : 'complete'}: maxUnavailable ` +
        `${listed([...allowed])} lets the last old pod go first`,
      remedy: `set spec.strategy.canary.maxUnavailable: 0 on ${rollouts(ends)}`,
    }),
  ]
}

/** The stable Service of an un-routed canary. */
function stableOf({ strategy }: Member): { readonly strategy: Canary; readonly service: string } | undefined {
  return strategy.kind !== 'Canary' || strategy.routed || strategy.stableService === undefined
    ? undefined
    : { strategy, service: strategy.stableService }
}

/** Whether users come in by it, or a live member calls it. */
function isStableUsed({ graph, group }: CheckContext, member: Member): boolean {
  const service = stableOf(member)?.service
  return (
    service !== undefined &&
    ((graph.entries.includes(member.name) && frontDoors(group, member).includes(service)) ||
      group.members.some((each) => each.live?.wires.some((wire) => wire.service === service)))
  )
}

function goEmpty(found: readonly { readonly service: string }[]): string {
  const names = found.map((each) => each.service)
  return names.length === 1 ? `Service ${names[0]} goes empty` : `Services ${listed(names)} go empty`
}

function rollouts(found: readonly { readonly member: Member }[]): string {
  const names = found.map(({ member }) => member.name)
  return names.length === 1 ? `rollout/${names[0]}` : `rollouts ${listed(names)}`
}
