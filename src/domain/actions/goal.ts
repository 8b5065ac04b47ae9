import { gateReplicas } from '../group/gate.ts'
import type { Member } from '../group/member.ts'
import { gates, liveService, nextService, weightAt } from '../objects/strategy.ts'
import type { Action } from './action.ts'
import type { Goal } from './step.ts'

export function goal(member: Member, action: Action, advancing: boolean): Goal {
  const { strategy, replicas } = member
  const service = liveService(strategy)
  const stable = (member.live ?? member.next!).hash
  switch (action) {
    case 'promote':
    case 'promote-full': {
      const hash = member.next!.hash
      if (!advancing || strategy.kind === 'BlueGreen') return { kind: 'live', service, hash, replicas }
      const all = gates(strategy)
      const stepIndex = all.find((each) => each > (member.status.stepIndex ?? 0))!
      const gate = { number: all.indexOf(stepIndex) + 1, count: all.length, weight: weightAt(strategy, stepIndex) }
      return { kind: 'gate', stepIndex, hash, replicas: gateReplicas(member, stepIndex), gate }
    }
    case 'abort':
      return { kind: 'aborted', service, hash: stable, replicas }
    case 'restore-stable':
      return {
        kind: 'stable',
        services: [service, nextService(strategy)].filter((each) => each !== undefined),
        hash: stable,
        replicas,
      }
  }
}
