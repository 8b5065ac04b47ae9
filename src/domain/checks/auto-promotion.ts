import type { Finding } from '../findings/finding.ts'
import type { Remedy } from '../findings/remedy.ts'
import { isChanging, type Member } from '../group/member.ts'
import { gates } from '../objects/strategy.ts'
import type { CheckContext } from './context.ts'
import { kubectl, listed, ours, say } from './say.ts'

/** A way in which a member switches users over by itself, out of order. */
interface Cause {
  readonly of: (member: Member) => boolean
  readonly sentence: (names: string, several: boolean) => string
  readonly remedy: (context: CheckContext, names: readonly string[]) => Remedy
}

/** Every such way; a member is told of the first. */
const CAUSES: readonly Cause[] = [
  {
    // With previewReplicaCount an abort after the promotion leaves the checkpoint set (seen on 1.10.1).
    of: ({ strategy, status }) => strategy.kind === 'BlueGreen' && status.abort && status.scaleUpPreviewCheckPoint,
    sentence: (names, several) =>
      `the next revision of ${names} would go live without a gate: ` +
      `${several ? 'they were' : 'it was'} aborted after the promotion, ` +
      'and the controller still takes that for granted (status.blueGreen.scaleUpPreviewCheckPoint)',
    remedy: (context) => [
      'put the stable pod template back before anything else is deployed: ',
      ours(context, 'abort-all'),
    ],
  },
  {
    of: ({ strategy }) => strategy.kind === 'BlueGreen' && strategy.autoPromotion,
    sentence: (names, several) =>
      several
        ? `${names} promote themselves as soon as their previews are ready: autoPromotionEnabled is not false`
        : `${names} promotes itself as soon as its preview is ready: autoPromotionEnabled is not false`,
    remedy: (context, names) => {
      const isSo = ({ name, strategy }: Member) =>
        names.includes(name) && strategy.kind === 'BlueGreen' && strategy.autoPromotion
      // A patch would not outlive files that say otherwise than the cluster does.
      const there = context.present.members.filter(isSo).length
      if (there < names.length) return `write autoPromotionEnabled: false into the files of ${listed(names)}`
      return [
        kubectl(
          context,
          ...['patch', 'rollout', ...names, '--type', 'merge', '-p'],
          '{"spec":{"strategy":{"blueGreen":{"autoPromotionEnabled":false}}}}',
        ),
      ]
    },
  },
  {
    of: ({ strategy }) =>
      strategy.kind === 'Canary' && strategy.steps.some((each) => each.kind === 'pause' && each.seconds !== undefined),
    sentence: (names, several) =>
      several
        ? `${names} advance by themselves: steps of theirs are pauses with a duration`
        : `${names} advances by itself: one of its steps is a pause with a duration`,
    remedy: () => 'remove the durations from the pause steps, so that they stand there until promoted',
  },
  {
    of: ({ strategy }) => strategy.kind === 'Canary' && gates(strategy).length === 0,
    sentence: (names, several) =>
      `${names} ${several ? 'go' : 'goes'} through without a stop: no step of ` +
      `${several ? 'their canaries' : 'its canary'} is a pause without a duration`,
    remedy: (_, names) => `add {pause: {}} to ${names.length > 1 ? 'their' : 'its'} steps`,
  },
]

/** Members that would switch users over by themselves, out of order; once for each way they do. */
export function autoPromotion(context: CheckContext): Finding[] {
  const told = new Set<string>()
  return CAUSES.flatMap(({ of, sentence, remedy }) => {
    const names = context.group.members
      .filter((each) => isChanging(each) && !told.has(each.name) && of(each))
      .map((each) => each.name)
    for (const each of names) told.add(each)
    if (names.length === 0) return []
    const rollouts = names.length === 1 ? `rollout/${names[0]}` : `rollouts ${listed(names)}`
    return [
      say(context, 'auto-promotion', {
        members: names,
        sentence: sentence(rollouts, names.length > 1),
        remedy: remedy(context, names),
      }),
    ]
  })
}
