import type { Member } from '../group/member.ts'
import type { ActionRule } from './action-rule.ts'
import { ORDER } from './order.ts'
import { patched, rolloutOf } from './patch.ts'

/**
 * Replaces the pods that are older than the run, of every revision, so many at a time as may be unavailable, but at
 * least one (rollout/restart.go).
 */
export const restart: ActionRule = {
  towards: 'same',
  order: ORDER['scale-up'],
  passesGate: false,
  alone: true,
  restsOn: () => [],
  contradicted: () => undefined,
  write: ({ until }, member, tests) =>
    until.kind === 'restarted'
      ? patched(rolloutOf(member), [
          ...tests,
          { op: 'add', path: '/spec/restartAt', value: new Date(until.at).toISOString().replace('.000Z', 'Z') },
        ])
      : 'nobody has said when it is restarted',
  // Pods are replaced all the same (seen on 1.10.1).
  heldByPause: () => undefined,
  transition: ({ member, from }) => {
    const emptied = new Set(
      member.revisions.filter((each) => each.desired <= mostAtOnce(member)).map((each) => each.id),
    )
    return { passing: [{ ...from, ready: from.ready.difference(emptied) }], rest: from }
  },
  goal: ({ live, next, replicas }, began) => ({
    kind: 'restarted',
    // The controller knows whole seconds.
    at: began - (began % 1000),
    hash: (next ?? live)?.hash ?? '',
    replicas,
  }),
  event: 'GroupRestarted',
  words: { deed: 'restart', inShort: 'restart', sent: 'restart sent' },
}

/** Of a blue/green one pod at a time. */
function mostAtOnce({ strategy, replicas }: Member): number {
  if (strategy.kind === 'BlueGreen') return 1
  const { maxUnavailable } = strategy
  const percent = /^(\d+)%$/.exec(String(maxUnavailable))?.[1]
  return Math.max(1, percent === undefined ? Number(maxUnavailable) : Math.floor((Number(percent) * replicas) / 100))
}
