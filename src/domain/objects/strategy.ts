import { at, fields, flag, list, strings, text, whole } from './fields.ts'

export type Strategy = BlueGreen | Canary

/** Labels and annotations the controller puts on the pods of one role, in place. */
export type RoleMetadata = {
  readonly labels: ReadonlyMap<string, string>
  readonly annotations: ReadonlyMap<string, string>
}

/**
 * The list into which `antiAffinity` has the controller write a rule that keeps new pods off the nodes of stable ones.
 */
export type AntiAffinity =
  | 'preferredDuringSchedulingIgnoredDuringExecution'
  | 'requiredDuringSchedulingIgnoredDuringExecution'

export interface BlueGreen {
  readonly kind: 'BlueGreen'
  readonly activeService: string
  readonly previewService: string | undefined
  /** Promotes itself unless this is false; the controller's default is true. */
  readonly autoPromotion: boolean
  readonly previewReplicaCount: number | undefined
  /** Seconds the old pods run on after the cutover; default 30. */
  readonly scaleDownDelay: number
  /** Seconds the new pods run on after an abort; default 30, 0 is never scaled down. */
  readonly abortScaleDownDelay: number
  readonly prePromotionAnalysis: boolean
  readonly postPromotionAnalysis: boolean
  readonly antiAffinity: AntiAffinity | undefined
  readonly live: RoleMetadata
  readonly next: RoleMetadata
}

export interface Canary {
  readonly kind: 'Canary'
  readonly stableService: string | undefined
  readonly canaryService: string | undefined
  readonly steps: readonly CanaryStep[]
  /** A traffic router (mesh, ingress) splits the traffic; otherwise the pod counts do. */
  readonly routed: boolean
  /** As written: a count or a percentage; default 25%. */
  readonly maxUnavailable: string | number
  /** As written: a count or a percentage; default 25%. */
  readonly maxSurge: string | number
  readonly scaleDownDelay: number
  readonly abortScaleDownDelay: number
  readonly antiAffinity: AntiAffinity | undefined
  readonly live: RoleMetadata
  readonly next: RoleMetadata
}

export type CanaryStep =
  | { readonly kind: 'setWeight'; readonly weight: number }
  /** Without seconds it stands until promoted: a gate. */
  | { readonly kind: 'pause'; readonly seconds: number | undefined }
  | { readonly kind: 'setCanaryScale'; readonly weight: number | undefined; readonly replicas: number | undefined }
  | { readonly kind: 'other'; readonly name: string }

/** Parses `spec.strategy`; a sentence where it is not one the controller accepts. */
export function parseStrategy(raw: unknown): Strategy | string {
  const blueGreen = at(raw, 'blueGreen')
  const canary = at(raw, 'canary')
  if (blueGreen !== undefined && canary !== undefined) return 'it has two strategies, blueGreen and canary'
  if (blueGreen !== undefined) return parseBlueGreen(blueGreen)
  if (canary !== undefined) return parseCanary(canary)
  return 'it has no strategy: spec.strategy names neither blueGreen nor canary'
}

function parseBlueGreen(raw: unknown): BlueGreen | string {
  const activeService = text(at(raw, 'activeService'))
  if (activeService === undefined) return 'its blueGreen strategy names no activeService'
  return {
    kind: 'BlueGreen',
    activeService,
    previewService: text(at(raw, 'previewService')),
    autoPromotion: at(raw, 'autoPromotionEnabled') !== false,
    previewReplicaCount: whole(at(raw, 'previewReplicaCount')),
    scaleDownDelay: whole(at(raw, 'scaleDownDelaySeconds')) ?? 30,
    abortScaleDownDelay: whole(at(raw, 'abortScaleDownDelaySeconds')) ?? 30,
    prePromotionAnalysis: at(raw, 'prePromotionAnalysis') !== undefined,
    postPromotionAnalysis: at(raw, 'postPromotionAnalysis') !== undefined,
    antiAffinity: parseAntiAffinity(at(raw, 'antiAffinity')),
    live: metadata(at(raw, 'activeMetadata')),
    next: metadata(at(raw, 'previewMetadata')),
  }
}

function parseCanary(raw: unknown): Canary {
  const pods = (name: string) => {
    const written = at(raw, name)
    return typeof written === 'number' || typeof written === 'string' ? written : '25%'
  }
  return {
    kind: 'Canary',
    stableService: text(at(raw, 'stableService')),
    canaryService: text(at(raw, 'canaryService')),
    steps: list(at(raw, 'steps')).map(parseStep),
    routed: Object.keys(fields(at(raw, 'trafficRouting'))).length > 0,
    maxUnavailable: pods('maxUnavailable'),
    maxSurge: pods('maxSurge'),
    scaleDownDelay: whole(at(raw, 'scaleDownDelaySeconds')) ?? 30,
    abortScaleDownDelay: whole(at(raw, 'abortScaleDownDelaySeconds')) ?? 30,
    antiAffinity: parseAntiAffinity(at(raw, 'antiAffinity')),
    live: metadata(at(raw, 'stableMetadata')),
    next: metadata(at(raw, 'canaryMetadata')),
  }
}

function parseStep(raw: unknown): CanaryStep {
  const step = fields(raw)
  if ('setWeight' in step) return { kind: 'setWeight', weight: whole(step['setWeight']) ?? 0 }
  if ('pause' in step) return { kind: 'pause', seconds: parseSeconds(at(step['pause'], 'duration')) }
  if ('setCanaryScale' in step) {
    const scale = step['setCanaryScale']
    const matching = flag(at(scale, 'matchTrafficWeight'))
    return {
      kind: 'setCanaryScale',
      weight: matching ? undefined : whole(at(scale, 'weight')),
      replicas: matching ? undefined : whole(at(scale, 'replicas')),
    }
  }
  return { kind: 'other', name: Object.keys(step)[0] ?? 'empty' }
}

/** Seconds of a pause: a number, or a Go duration of one unit ("30s", "5m", "1h"); undefined stands until promoted. */
function parseSeconds(raw: unknown): number | undefined {
  if (typeof raw === 'number') return raw
  const found = /^(\d+)(s|m|h)?$/.exec(text(raw) ?? '')
  if (found === null) return raw === undefined ? undefined : 0
  return Number(found[1]) * { s: 1, m: 60, h: 3600 }[found[2] ?? 's']!
}

function metadata(raw: unknown): RoleMetadata {
  return { labels: strings(at(raw, 'labels')), annotations: strings(at(raw, 'annotations')) }
}

/** An empty object is a rule too; a preferred one comes first (utils/replicaset GenerateReplicaSetAffinity). */
function parseAntiAffinity(raw: unknown): AntiAffinity | undefined {
  const lists: readonly AntiAffinity[] = [
    'preferredDuringSchedulingIgnoredDuringExecution',
    'requiredDuringSchedulingIgnoredDuringExecution',
  ]
  return lists.find((each) => (at(raw, each) ?? null) !== null)
}

/** Indices of the steps at which a canary stands until promoted. */
export function gates(canary: Canary): readonly number[] {
  return canary.steps.flatMap((step, index) => (step.kind === 'pause' && step.seconds === undefined ? [index] : []))
}

/**
 * The weight in percent in force at a step: the nearest setWeight at or before it; 100 past the last step
 * (utils/replicaset/canary.go).
 */
export function weightAt(canary: Canary, index: number): number {
  if (index >= canary.steps.length) return 100
  for (let at = index; at >= 0; at--) {
    const step = canary.steps[at]
    if (step?.kind === 'setWeight') return step.weight
  }
  return 0
}

/** The Service whose endpoints users of the live revision reach. */
export function liveService(strategy: Strategy): string | undefined {
  return strategy.kind === 'BlueGreen' ? strategy.activeService : strategy.stableService
}

/** The Service in front of the next revision. */
export function nextService(strategy: Strategy): string | undefined {
  return strategy.kind === 'BlueGreen' ? strategy.previewService : strategy.canaryService
}

/**
 * Seconds that old pods run on after users have left them; undefined where no delay applies: those of a canary without
 * a router go as the new ones come.
 */
export function scaleDownDelayOf(strategy: Strategy): number | undefined {
  return strategy.kind === 'Canary' && !strategy.routed ? undefined : strategy.scaleDownDelay
}
