import { type Analysis, parseAnalysis } from './analysis.ts'
import { at, digits, fields, flag, list, strings, text, time, whole } from './fields.ts'
import { type Annotation, annotationsOf, INSTANCE_ID } from './labels.ts'
import { remembering } from './parse-once.ts'
import { percent } from './canary-step.ts'
import { mostWeight, parseStrategy, type Strategy } from './strategy.ts'

/** A Rollout as this tool needs it, parsed once at the border. */
export interface Rollout {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly generation: number
  readonly resourceVersion: string
  readonly labels: ReadonlyMap<string, string>
  /** That are read. */
  readonly annotations: ReadonlyMap<Annotation, string>
  /** `spec.replicas`; the controller's default is 1. */
  readonly replicas: number
  /** `spec.paused`: somebody paused it by hand. */
  readonly paused: boolean
  readonly rawPaused: unknown
  /** `spec.rollbackWindow.revisions`: so far back a revision goes live without its steps and gates; 0: none does. */
  readonly rollbackWindow: number
  readonly strategy: Strategy
  readonly selector: ReadonlyMap<string, string>
  readonly template: unknown
  readonly workloadRef: WorkloadRef | undefined
  /** Milliseconds since the epoch: texts of one time may differ. */
  readonly restartAt: number | undefined
  /** The controller aborts by itself what does not come up in time. */
  readonly progressDeadlineAbort: boolean
  readonly instanceId: string | undefined
  readonly status: RolloutStatus
}

/** The workload that has the pod template. */
export interface WorkloadRef {
  readonly kind: string
  readonly name: string
  /** When its own pods go: `onsuccess`, `progressively`, `never`; default never. */
  readonly scaleDown: string | undefined
}

export interface RolloutStatus {
  /** Absent where no controller has ever written a status. */
  readonly exists: boolean
  /** A decimal string in the API; undefined counts as observed (argo-rollouts, rolloututil.go). */
  readonly observedGeneration: number | undefined
  readonly workloadObservedGeneration: number | undefined
  readonly currentPodHash: string | undefined
  readonly stableRS: string | undefined
  readonly phase: string | undefined
  readonly message: string | undefined
  /** As the API has them, where absent and false must be told apart: a JSON patch's `test` does. */
  readonly raw: {
    readonly observedGeneration: unknown
    readonly abort: unknown
    readonly pauses: unknown
    readonly promoteFull: unknown
    /** Of `status.blueGreen`; undefined where there is no such object. */
    readonly blueGreen: { readonly activeSelector: unknown; readonly checkPoint: unknown } | undefined
  }
  /** Reasons of the pause conditions, in the controller's order. */
  readonly pauses: readonly string[]
  /** When the first of them began, milliseconds since the epoch. */
  readonly pausedSince: number | undefined
  readonly controllerPause: boolean
  readonly abort: boolean
  readonly abortedAt: number | undefined
  readonly promoteFull: boolean
  readonly stepIndex: number | undefined
  readonly restartedAt: number | undefined
  /** Pods of all revisions. */
  readonly replicas: number
  readonly updatedReplicas: number
  readonly availableReplicas: number
  readonly activeSelector: string | undefined
  readonly previewSelector: string | undefined
  readonly scaleUpPreviewCheckPoint: boolean
  readonly prePromotion: Analysis | undefined
  readonly postPromotion: Analysis | undefined
  readonly stepAnalysis: Analysis | undefined
  readonly backgroundAnalysis: Analysis | undefined
  /** `status.canary.weights.canary.weight` of a routed canary, in percent of the users. */
  readonly routedWeight: number | undefined
  readonly conditions: readonly Condition[]
}

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

/** What cannot be read as a Rollout with a strategy, and why. */
export interface Malformed {
  readonly namespace: string
  readonly name: string
  readonly why: string
}

/** All that may be read of a Rollout, as a text: a write of what nobody reads leaves it as it was. */
export function readOf(raw: unknown): string {
  return readAs(raw)
}

const readAs = remembering((raw) => {
  const {
    resourceVersion: _version,
    managedFields: _fields,
    annotations: _annotations,
    ...metadata
  } = fields(at(raw, 'metadata'))
  return JSON.stringify([metadata, [...annotationsOf(raw)], at(raw, 'spec'), at(raw, 'status')])
})

/** Parses one Rollout of the API; never throws. */
export const parseRollout = remembering((raw): Rollout | Malformed => {
  const metadata = at(raw, 'metadata')
  const namespace = text(at(metadata, 'namespace')) ?? ''
  const name = text(at(metadata, 'name')) ?? ''
  const bad = (why: string): Malformed => ({ namespace, name, why })
  if (name === '') return bad('it has no name')
  const strategy = parseStrategy(at(raw, 'spec', 'strategy'), at(raw, 'status'))
  if (typeof strategy === 'string') return bad(strategy)
  const uid = text(at(metadata, 'uid'))
  if (uid === undefined) return bad('it has no uid')
  const workload = at(raw, 'spec', 'workloadRef')
  return {
    namespace,
    name,
    uid,
    strategy,
    generation: whole(at(metadata, 'generation')) ?? 0,
    resourceVersion: text(at(metadata, 'resourceVersion')) ?? '',
    labels: strings(at(metadata, 'labels')),
    annotations: annotationsOf(raw),
    replicas: whole(at(raw, 'spec', 'replicas')) ?? 1,
    paused: flag(at(raw, 'spec', 'paused')),
    rollbackWindow: whole(at(raw, 'spec', 'rollbackWindow', 'revisions')) ?? 0,
    rawPaused: at(raw, 'spec', 'paused') ?? null,
    selector: strings(at(raw, 'spec', 'selector', 'matchLabels')),
    template: at(raw, 'spec', 'template'),
    workloadRef:
      workload === undefined
        ? undefined
        : {
            kind: text(at(workload, 'kind')) ?? '',
            name: text(at(workload, 'name')) ?? '',
            scaleDown: text(at(workload, 'scaleDown')),
          },
    restartAt: time(at(raw, 'spec', 'restartAt')),
    progressDeadlineAbort: flag(at(raw, 'spec', 'progressDeadlineAbort')),
    instanceId: text(at(metadata, 'labels', INSTANCE_ID)),
    status: parseStatus(at(raw, 'status'), mostWeight(at(raw, 'spec', 'strategy'))),
  }
})

function parseStatus(raw: unknown, most: number): RolloutStatus {
  const blueGreen = at(raw, 'blueGreen')
  const canary = at(raw, 'canary')
  const weight = whole(at(canary, 'weights', 'canary', 'weight'))
  return {
    exists: Object.keys(fields(raw)).length > 0,
    observedGeneration: digits(at(raw, 'observedGeneration')),
    workloadObservedGeneration: digits(at(raw, 'workloadObservedGeneration')),
    currentPodHash: nonEmpty(at(raw, 'currentPodHash')),
    stableRS: nonEmpty(at(raw, 'stableRS')),
    phase: nonEmpty(at(raw, 'phase')),
    message: nonEmpty(at(raw, 'message')),
    raw: {
      observedGeneration: at(raw, 'observedGeneration') ?? null,
      abort: at(raw, 'abort') ?? null,
      pauses: at(raw, 'pauseConditions') ?? null,
      promoteFull: at(raw, 'promoteFull') ?? null,
      blueGreen:
        blueGreen === undefined
          ? undefined
          : {
              activeSelector: at(blueGreen, 'activeSelector') ?? null,
              checkPoint: at(blueGreen, 'scaleUpPreviewCheckPoint') ?? null,
            },
    },
    pauses: list(at(raw, 'pauseConditions')).flatMap((each) => text(at(each, 'reason')) ?? []),
    pausedSince: list(at(raw, 'pauseConditions'))
      .flatMap((each) => time(at(each, 'startTime')) ?? [])
      .toSorted((a, b) => a - b)[0],
    controllerPause: flag(at(raw, 'controllerPause')),
    abort: flag(at(raw, 'abort')),
    abortedAt: time(at(raw, 'abortedAt')),
    promoteFull: flag(at(raw, 'promoteFull')),
    stepIndex: whole(at(raw, 'currentStepIndex')),
    restartedAt: time(at(raw, 'restartedAt')),
    replicas: whole(at(raw, 'replicas')) ?? 0,
    updatedReplicas: whole(at(raw, 'updatedReplicas')) ?? 0,
    availableReplicas: whole(at(raw, 'availableReplicas')) ?? 0,
    activeSelector: nonEmpty(at(blueGreen, 'activeSelector')),
    previewSelector: nonEmpty(at(blueGreen, 'previewSelector')),
    scaleUpPreviewCheckPoint: flag(at(blueGreen, 'scaleUpPreviewCheckPoint')),
    prePromotion: parseAnalysis(at(blueGreen, 'prePromotionAnalysisRunStatus')),
    postPromotion: parseAnalysis(at(blueGreen, 'postPromotionAnalysisRunStatus')),
    stepAnalysis: parseAnalysis(at(canary, 'currentStepAnalysisRunStatus')),
    backgroundAnalysis: parseAnalysis(at(canary, 'currentBackgroundAnalysisRunStatus')),
    routedWeight: weight === undefined ? undefined : percent(weight, most),
    conditions: list(at(raw, 'conditions')).map((each) => ({
      type: text(at(each, 'type')) ?? '',
      status: text(at(each, 'status')) ?? '',
      reason: text(at(each, 'reason')) ?? '',
      message: text(at(each, 'message')) ?? '',
    })),
  }
}

function nonEmpty(value: unknown): string | undefined {
  const found = text(value)
  return found === '' ? undefined : found
}
