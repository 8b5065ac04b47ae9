import type { Finding } from '../findings/finding.ts'
import { gateOf, podsWanted } from '../group/gate.ts'
import type { Remedy } from '../findings/remedy.ts'
import { GITOPS_MARKS } from '../objects/labels.ts'
import { called, isChanging, type Member, memberNamed } from '../group/member.ts'
import { isUnseen, phaseOf } from '../objects/phase.ts'
import { comeSince, type Refusal, refusalOf } from '../objects/refusal.ts'
import { ACTIONS } from '../actions/actions.ts'
import type { CheckContext } from './context.ts'
import { kubectl, ours, say } from './say.ts'
import { toMatch } from './unmatched-label.ts'

/** Members whose status cannot be decided on, or that no controller looks after. */
export function stale(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) => {
    if (!member.status.exists) {
      const foreign = member.instanceId === undefined ? '' : `; it belongs to controller instance ${member.instanceId}`
      return [
        say(context, 'unowned', {
          member: member.name,
          sentence: `rollout/${member.name} has no status: no controller has seen it yet${foreign}`,
          remedy: [
            'if it was made more than a few seconds ago: is the Argo Rollouts controller running? ',
            {
              tool: 'kubectl',
              words: ['get', 'pods', '-A', '-l', 'app.kubernetes.io/name=argo-rollouts'],
              namespace: undefined,
            },
          ],
        }),
      ]
    }
    return member.stale === undefined || refusedNow(context, member) !== undefined
      ? []
      : [
          say(context, 'stale-status', {
            member: member.name,
            sentence: `the status of rollout/${member.name} is not current: ${member.stale}`,
            remedy: waitFor(context, member),
          }),
        ]
  })
}

/** What only the controller can bring about. */
function waitFor(context: CheckContext, member: Member): Remedy {
  const refusal = refusalOf(member)
  return refusal !== undefined && comeSince(refusal, context.group.services) !== undefined
    ? ['it looks again by itself, within half a minute: ', ours(context, 'wait', '--for=healthy')]
    : 'wait for the controller; if it stays so, look at its log'
}

/**
 * Members for which the controller does nothing, or whose pods nobody takes: no waiting mends that. What runs of them
 * goes on, so that others may be withdrawn.
 */
export function invalidSpec(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) => {
    const refusal = refusedNow(context, member)
    if (refusal === undefined) return []
    const bears =
      context.towards === 'next' ||
      (context.towards === 'same' && context.acting.includes(member)) ||
      (refusal.of === 'spec' && context.changing.includes(member))
    return [
      say(
        context,
        'invalid-spec',
        {
          member: member.name,
          sentence:
            refusal.of === 'spec'
              ? `the controller refuses rollout/${member.name} and does nothing for it: ${refusal.sentence}`
              : `no more pods of rollout/${member.name} are taken: ${refusal.sentence}`,
          remedy:
            refusal.of === 'spec'
              ? (toMatch(context, member, refusal) ??
                'mend what it names; the controller looks again by itself, within half a minute')
              : 'mend what forbids its pods (a quota, a policy, a ' +
                'missing account); the controller tries again by itself',
        },
        bears ? 'error' : 'warning',
      ),
    ]
  })
}

/** What the controller is refused, where it matters: its newest spec, or pods that are still missing. */
function refusedNow({ group }: CheckContext, member: Member): Refusal | undefined {
  const refusal = refusalOf(member)
  const revision = member.next ?? member.live
  if (refusal === undefined || isUnseen(member) || comeSince(refusal, group.services) !== undefined) return undefined
  return refusal.of === 'pods' && revision !== undefined && revision.available >= podsWanted(member, revision)
    ? undefined
    : refusal
}

/** Members that nothing waits for, and that are not well all the same. */
export function degraded(context: CheckContext): Finding[] {
  return context.group.members.flatMap((member) => {
    const { name, message } = phaseOf(member)
    if (
      name !== 'Degraded' ||
      isChanging(member) ||
      member.stale !== undefined ||
      refusedNow(context, member) !== undefined
    )
      return []
    return [
      say(context, 'degraded', {
        member: member.name,
        sentence:
          `rollout/${member.name} is Degraded${message === '' ? '' : `, ${message}`} ` +
          `(${member.live?.available ?? 0} of ${member.replicas} pods available)`,
        remedy: ['see what its pods lack: ', kubectl(context, 'argo', 'rollouts', 'get', 'rollout', member.name)],
      }),
    ]
  })
}

/** Members that are not where a promote can move them, and what leads out. */
export function standing(context: CheckContext): Finding[] {
  return [...context.changing.flatMap((each) => halted(context, each)), ...notReady(context)]
}

/** Members that are on their way to their gates: who comes after them waits. */
export function notYetAtGates(context: CheckContext): Finding[] {
  return notReady({ ...context, changing: context.group.members.filter((each) => each.next !== undefined) })
}

/** Members that are paused by hand, so that what the verb asks for would not come about. */
export function pausedByHand(context: CheckContext): Finding[] {
  return context.acting
    .filter((each) => each.paused)
    .map(({ name, strategy }) =>
      say(context, 'manually-paused', {
        member: name,
        sentence: `rollout/${name} is paused by hand (spec.paused), so ${ACTIONS.retry.heldByPause(strategy)}`,
        remedy: ['un-pause it first: ', ours(context, 'resume-all')],
      }),
    )
}

/** What no waiting leads out of. */
function halted(context: CheckContext, member: Member): Finding[] {
  if (member.stale !== undefined) return []
  const { status, next } = member
  const phase = phaseOf(member)
  const words = phase.message === '' ? phase.name : `${phase.name}, ${phase.message}`
  if (member.paused) {
    return [
      say(context, 'manually-paused', {
        member: member.name,
        sentence:
          `rollout/${member.name} is paused by hand (spec.paused), ` +
          `so ${ACTIONS.promote.heldByPause(member.strategy)}`,
        remedy:
          memberNamed(context.present.members, member.name)?.paused === true
            ? ['un-pause it first: ', ours(context, 'resume-all')]
            : 'take spec.paused out of its file',
      }),
    ]
  }
  if (status.abort) return []
  if (refusedNow(context, member) !== undefined) return []
  if (status.pauses.some((each) => each.startsWith('Inconclusive'))) {
    return [
      say(context, 'inconclusive', {
        member: member.name,
        sentence: `an analysis of ${called(next!)} was inconclusive: a promote starts it again`,
        remedy: [
          'look at it: ',
          kubectl(context, 'argo', 'rollouts', 'get', 'rollout', member.name),
          '; then abort-all, or --full to skip it',
        ],
      }),
    ]
  }
  if (phase.name === 'Degraded') {
    return [
      say(context, 'degraded', {
        member: member.name,
        sentence:
          `rollout/${member.name} is ${words} (${next!.available} of ` +
          `${member.replicas} pods of ${next!.version.text} available)`,
        remedy: ['mend it or withdraw the release: ', ours(context, 'abort-all')],
      }),
    ]
  }
  return []
}

/** Those that only time keeps from their gates, all in one. */
function notReady(context: CheckContext): Finding[] {
  const waiting = context.changing.flatMap((member) => {
    const gate = gateOf(member)
    const counts = gate.state !== 'ready' && member.stale === undefined && !member.status.abort
    return counts && refusedNow(context, member) === undefined && halted(context, member).length === 0
      ? [{ member, gate }]
      : []
  })
  return [...Map.groupBy(waiting, ({ gate }) => gate.state)].map(([state, found]) =>
    say(context, state === 'short' ? 'preview-not-ready' : 'not-at-gate', {
      members: found.map(({ member }) => member.name),
      sentence: found
        .map(({ member, gate }) => `${called(member.next!)} is not ready to be promoted: ${gate.waitingFor}`)
        .join('; '),
      remedy: `${context.verb} waits for it, up to --timeout`,
    }),
  )
}

/** Members that a GitOps tool puts back to what Git says. */
export function gitops(context: CheckContext): Finding[] {
  return context.changing.flatMap((member) => {
    const mark = GITOPS_MARKS.find(({ key }) => member.annotations.has(key) || member.labels.has(key))
    return mark === undefined
      ? []
      : [
          say(context, 'gitops', {
            member: member.name,
            sentence:
              `rollout/${member.name} is managed by ${mark.tool}: an abort ` +
              'stays, but a pod template put back is overwritten from Git',
            remedy: 'revert the commit in Git too',
          }),
        ]
  })
}
