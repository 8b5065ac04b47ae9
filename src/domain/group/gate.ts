import { analysisWords, resultOf } from '../objects/analysis.ts'
import { whyNoPods } from '../objects/refusal.ts'
import { gates, weightAt } from '../objects/strategy.ts'
import type { Member, Revision } from './member.ts'

/** Where a changing member stands on its way: at a gate with all its pods, at a gate without, or not there yet. */
export interface Gate {
  readonly state: 'ready' | 'short' | 'under-way'
  /** What it waits for, in words; empty where it is ready. */
  readonly waitingFor: string
}

/**
 * The gate of a member with a next revision. A BG promote before all preview pods are available would be lost (seen on
 * 1.10.1).
 */
export function gateOf(member: Member): Gate {
  const { strategy, status, next } = member
  if (next === undefined) return { state: 'ready', waitingFor: '' }
  const underWay = (waitingFor: string): Gate => ({ state: 'under-way', waitingFor })
  if (member.stale !== undefined) return underWay(member.stale)
  // What the controller scaled it to is what it waits for: its rounding of a weight is its own affair.
  const wanted = podsWanted(member, next)
  const short =
    next.available < wanted
      ? `${next.available} of ${wanted} pods of ${next.version.text} available${whyNoPods(member)}`
      : undefined
  const paused = status.pauses.some(
    (reason) => reason === (strategy.kind === 'BlueGreen' ? 'BlueGreenPause' : 'CanaryPauseStep'),
  )
  if (paused) return short === undefined ? { state: 'ready', waitingFor: '' } : { state: 'short', waitingFor: short }
  if (short !== undefined) return underWay(short)
  const analysis = status.prePromotion ?? status.stepAnalysis
  if (analysis !== undefined && resultOf(analysis) !== 'passed') return underWay(`analysis ${analysisWords(analysis)}`)
  return underWay(status.message ?? 'the gate')
}

/** Pods a revision must have: what the controller scaled it to, and at least one, unless the member is to have none. */
export function podsWanted({ replicas }: Member, revision: Revision): number {
  return replicas === 0 ? 0 : Math.max(revision.desired, 1)
}

/**
 * Pods of the next revision that a gate needs: the preview's, or the weight's share (rounded up, as the controller
 * does).
 */
export function gateReplicas(member: Member, stepIndex: number): number {
  const { strategy, replicas } = member
  if (strategy.kind === 'BlueGreen') return Math.min(strategy.previewReplicaCount ?? replicas, replicas)
  const scaled = strategy.steps.slice(0, stepIndex + 1).findLast((each) => each.kind === 'setCanaryScale')
  if (scaled?.kind === 'setCanaryScale' && scaled.replicas !== undefined) return scaled.replicas
  return Math.ceil(
    (((scaled?.kind === 'setCanaryScale' ? scaled.weight : undefined) ?? weightAt(strategy, stepIndex)) * replicas) /
      100,
  )
}

/** Gates this member has passed or stands at, counted from 0; BG has one. */
export function gateNumber(member: Member): number {
  const { strategy, status } = member
  return strategy.kind === 'BlueGreen' ? 0 : gates(strategy).filter((each) => each < (status.stepIndex ?? 0)).length
}

/** Gates a member's release has in all. */
export function gateCount(member: Member): number {
  return member.strategy.kind === 'BlueGreen' ? 1 : gates(member.strategy).length
}

/** Whether the next promote puts all users on the next revision. */
export function atLastGate(member: Member): boolean {
  return gateNumber(member) >= gateCount(member) - 1
}
