import { analysisWords, resultOf } from '../objects/analysis.ts'
import { whyNoPods } from '../objects/refusal.ts'
import { type Canary, gates, weightAt } from '../objects/strategy.ts'
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
  const wanted = podsEnough(member, next)
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
  // Of a gate at which nothing moves by itself the controller speaks as of a cutover that is under way.
  const held =
    strategy.kind === 'BlueGreen' && !strategy.autoPromotion && status.message === 'active service cutover pending'
  return underWay(held ? 'its pods are ready, its gate comes next' : (status.message ?? 'the gate'))
}

/**
 * Pods a revision must have: what the controller scaled it to, and at least one, unless it is to have none: of a member
 * that is to have none, or where the weight in force wants none.
 */
export function podsWanted(member: Member, revision: Revision): number {
  const { replicas, strategy, status } = member
  const none =
    replicas === 0 ||
    (strategy.kind === 'Canary' && revision.role === 'next' && gateReplicas(member, status.stepIndex ?? 0) === 0)
  return none ? revision.desired : Math.max(revision.desired, 1)
}

/** Pods with which a canary's gate counts as reached, of those that it was scaled to. */
export function podsEnough(member: Member, revision: Revision): number {
  const wanted = podsWanted(member, revision)
  if (member.strategy.kind !== 'Canary' || member.strategy.threshold === undefined) return wanted
  const { of, value } = member.strategy.threshold
  return Math.min(wanted, of === 'pods' ? value : Math.ceil((wanted * value) / 100 - 1e-6))
}

/**
 * Pods of the next revision that a gate needs: the preview's, or the weight's share (rounded up, as the controller
 * does).
 */
export function gateReplicas(member: Pick<Member, 'strategy' | 'replicas'>, stepIndex: number): number {
  const { strategy, replicas } = member
  if (strategy.kind === 'BlueGreen') return Math.min(strategy.previewReplicaCount ?? replicas, replicas)
  if (!strategy.routed) return podsAt(strategy, weightAt(strategy, stepIndex), replicas)
  const scaled = strategy.steps.slice(0, stepIndex + 1).findLast((each) => each.kind === 'setCanaryScale')
  if (scaled?.kind === 'setCanaryScale' && scaled.replicas !== undefined) return scaled.replicas
  const weight = (scaled?.kind === 'setCanaryScale' ? scaled.weight : undefined) ?? weightAt(strategy, stepIndex)
  return podsAt(strategy, weight, replicas)
}

/** A hundredth of a percent is not worth a pod. */
function podsAt({ routed, minPods }: Canary, weight: number, replicas: number): number {
  const pods = Math.ceil((weight * replicas) / 100 - 1e-6)
  return pods === 0 || !routed ? pods : Math.max(pods, Math.min(minPods, replicas))
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
