import type { Member } from '../group/member.ts'
import type { Version } from '../group/version.ts'
import type { Action } from './action.ts'

/** One revision as a plan names it. */
export interface PlannedRevision {
  readonly hash: string
  readonly revision: number
  readonly version: Version
}

/** What a step's decision rested on, as the API had it (null: absent); a write is sent only while all of it holds. */
export interface Expectation {
  readonly uid: string
  readonly generation: number
  readonly observedGeneration: unknown
  readonly currentPodHash: string
  readonly stableRS: string
  readonly stepIndex: number | null
  /** Reason of the first pause condition. */
  readonly pause: string | null
  /** All pause conditions: an analysis that turned inconclusive adds one of its own. */
  readonly pauses: unknown
  readonly promoteFull: unknown
  /** Where users of a blue/green member are, and its check point; null: it has no such status. */
  readonly blueGreen: { readonly activeSelector: unknown; readonly checkPoint: unknown } | null
  readonly abort: unknown
  readonly paused: unknown
  /** `metadata.generation` of the Deployment that a workloadRef names, as the controller has seen it. */
  readonly workloadGeneration: number | null
}

/** What a decision on a member rests on; on one that is not there yet: that it is not. */
export function expectation(member: Member | undefined): Expectation {
  if (member === undefined) return NOBODY
  const { status } = member
  return {
    uid: member.uid,
    generation: member.generation,
    observedGeneration: status.raw.observedGeneration,
    currentPodHash: status.currentPodHash ?? '',
    stableRS: status.stableRS ?? '',
    stepIndex: status.stepIndex ?? null,
    pause: status.pauses[0] ?? null,
    pauses: status.raw.pauses,
    promoteFull: status.raw.promoteFull,
    blueGreen: status.raw.blueGreen ?? null,
    abort: status.raw.abort,
    paused: member.rawPaused,
    workloadGeneration: status.workloadObservedGeneration ?? null,
  }
}

const NOBODY: Expectation = {
  uid: '',
  generation: 0,
  observedGeneration: null,
  currentPodHash: '',
  stableRS: '',
  stepIndex: null,
  pause: null,
  pauses: null,
  promoteFull: null,
  blueGreen: null,
  abort: null,
  paused: null,
  workloadGeneration: null,
}

/** Whether nothing has moved that a write is conditional on. */
export function sameExpectation(one: Expectation, other: Expectation): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/**
 * What the cluster must show before a step counts as done. `replicas` is what it was when the plan was made, and only
 * told: an autoscaler may change it.
 */
export type Goal =
  /**
   * Its current revision is of the pod template with this digest, and stands at its gate with all its pods (the first
   * one of all: is live). The hash is only thought of.
   */
  | {
      readonly kind: 'deployed'
      readonly hash: string
      readonly template: string
      readonly replicas: number
      readonly gate: ReachedGate | undefined
    }
  /** The live Service selects the hash, all its endpoints are ready, stableRS equals the hash, analysis is over. */
  | { readonly kind: 'live'; readonly service: string | undefined; readonly hash: string; readonly replicas: number }
  /** The canary stands at the gate of this step index with its weight's replicas available. */
  | {
      readonly kind: 'gate'
      readonly stepIndex: number
      readonly hash: string
      readonly replicas: number
      readonly gate: ReachedGate
    }
  /** The controller has recorded the abort; the live Service is on the stable hash with all endpoints ready. */
  | { readonly kind: 'aborted'; readonly service: string | undefined; readonly hash: string; readonly replicas: number }
  /**
   * What was aborted stands at its first gate again, the one of this step index, with so many percent of users on it.
   */
  | {
      readonly kind: 'at-gate'
      readonly stepIndex: number
      readonly hash: string
      readonly replicas: number
      readonly weight: number
    }
  /** No pod is older than this, milliseconds since the epoch; `hash` is the current revision. */
  | { readonly kind: 'restarted'; readonly at: number; readonly hash: string; readonly replicas: number }
  /** `spec.paused`, as the controller has seen it; `hash` is the current revision. */
  | { readonly kind: 'paused'; readonly paused: boolean; readonly hash: string; readonly replicas: number }
  /** Live and next Service are on the stable hash, which is current again. */
  | { readonly kind: 'stable'; readonly services: readonly string[]; readonly hash: string; readonly replicas: number }

/**
 * A gate of a canary as a person counts it: from 1, of so many, with so many percent of its users on the next revision.
 */
export interface ReachedGate {
  readonly number: number
  readonly count: number
  readonly weight: number
}

/** A revision whose pods must be gone before a wave. */
export interface Draining {
  readonly member: string
  readonly hash: string
  readonly version: Version
  /** When the controller scales it to 0, milliseconds since the epoch, where it is scheduled. */
  readonly deadline: number | undefined
  /** Seconds the controller lets it run on once users have left it; 0 where it does not. */
  readonly delay: number
  /** Set where its last requests can meet no other version, only a Service without pods. */
  readonly empty?: true
}

export interface Step {
  readonly member: string
  readonly action: Action
  readonly from: PlannedRevision
  readonly to: PlannedRevision
  readonly expect: Expectation
  readonly until: Goal
  readonly drain: readonly Draining[]
  /** Of a canary that goes forward: the weight in force before it and after it, in percent; 100 is all users. */
  readonly weight?: { readonly from: number; readonly to: number }
  /** Why it comes at this place. */
  readonly why: string
}

/** `10 % → 50 %`, `50 % → all users`; empty where a step moves no weight. */
export function weightWords({ weight }: Pick<Step, 'weight'>): string {
  if (weight === undefined) return ''
  return `${weight.from} % → ${weight.to >= 100 ? 'all users' : `${weight.to} %`}`
}

/** `1.0 → 2.0`, and `1.0` where users stay on it. */
export function versionsIn({ from, to }: Pick<Step, 'from' | 'to'>): string {
  return from.hash === to.hash ? to.version.text : `${from.version.text} → ${to.version.text}`
}

/** One member's part in a wave. */
export interface Move {
  readonly member: string
  readonly action: Action
}
