import { type CanaryStep, parseStep } from './canary-step.ts'
import { at, flag, list, strings, text, whole } from './fields.ts'
import { type UnknownField, unknownIn } from './unknown-fields.ts'

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
  /** Old revisions beyond so many go at once, whatever their delay. */
  readonly delayedRevisions: number | undefined
  readonly antiAffinity: AntiAffinity | undefined
  readonly live: RoleMetadata
  readonly next: RoleMetadata
  /** What it says and nobody here knows. */
  readonly unknown: readonly UnknownField[]
}

export interface Canary {
  readonly kind: 'Canary'
  readonly stableService: string | undefined
  readonly canaryService: string | undefined
  readonly steps: readonly CanaryStep[]
  /** A traffic router (mesh, ingress, plugin) splits the traffic; otherwise the pod counts do. */
  readonly routed: boolean
  /** That router splits calls from inside the cluster, too, by their host. */
  readonly mesh: boolean
  /** The stable pods go as the weight grows: at 100 there are none. */
  readonly dynamicStableScale: boolean
  /** Its two Services change roles when it completes, and keep their pods. */
  readonly pingPong: boolean
  /** With a router, the fewest pods of a revision that has any. */
  readonly minPods: number
  /** A gate counts as reached with so many pods, or percent of them; undefined: with all. */
  readonly threshold: { readonly of: 'pods' | 'percent'; readonly value: number } | undefined
  /** An analysis runs beside the steps. */
  readonly backgroundAnalysis: boolean
  /** Why a router may send a user elsewhere than the weights say; undefined where it does not. */
  readonly stickiness: string | undefined
  /** As written: a count or a percentage; default 25%. */
  readonly maxUnavailable: string | number
  /** As written: a count or a percentage; default 25%. */
  readonly maxSurge: string | number
  readonly scaleDownDelay: number
  readonly abortScaleDownDelay: number
  /** Old revisions beyond so many go at once, whatever their delay. */
  readonly delayedRevisions: number | undefined
  readonly antiAffinity: AntiAffinity | undefined
  readonly live: RoleMetadata
  readonly next: RoleMetadata
  /** What it says and nobody here knows. */
  readonly unknown: readonly UnknownField[]
}

/**
 * Parses `spec.strategy`; a sentence where it is not one the controller accepts.
 * @param status of the Rollout: with `pingPong` it tells which Service is the stable one
 */
export function parseStrategy(raw: unknown, status?: unknown): Strategy | string {
  const blueGreen = at(raw, 'blueGreen')
  const canary = at(raw, 'canary')
  if (blueGreen !== undefined && canary !== undefined) return 'it has two strategies, blueGreen and canary'
  if (blueGreen !== undefined) return parseBlueGreen(blueGreen)
  if (canary !== undefined) return parseCanary(canary, status)
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
    prePromotionAnalysis: isThere(at(raw, 'prePromotionAnalysis')),
    postPromotionAnalysis: isThere(at(raw, 'postPromotionAnalysis')),
    delayedRevisions: whole(at(raw, 'scaleDownDelayRevisionLimit')),
    antiAffinity: parseAntiAffinity(at(raw, 'antiAffinity')),
    live: metadata(at(raw, 'activeMetadata')),
    next: metadata(at(raw, 'previewMetadata')),
    unknown: unknownIn('blueGreen', raw),
  }
}

/** What a router's weights are parts of. */
export function mostWeight(strategy: unknown): number {
  return whole(at(strategy, 'canary', 'trafficRouting', 'maxTrafficWeight')) ?? 100
}

/** Routers that are no door from outside (Argo Rollouts, trafficRouting); a plugin may be either. */
const MESHES = ['istio', 'smi', 'appMesh', 'plugins'] as const

function parseCanary(raw: unknown, status: unknown): Canary {
  const pods = (name: string) => {
    const written = at(raw, name)
    return typeof written === 'number' || typeof written === 'string' ? written : '25%'
  }
  return {
    kind: 'Canary',
    ...servicesOf(raw, status),
    steps: list(at(raw, 'steps')).map((each) => parseStep(each, mostWeight({ canary: raw }))),
    // An empty router is one to the controller, too.
    routed: isThere(at(raw, 'trafficRouting')),
    mesh: MESHES.some((each) => isThere(at(raw, 'trafficRouting', each))),
    dynamicStableScale: flag(at(raw, 'dynamicStableScale')),
    pingPong: isThere(at(raw, 'pingPong')),
    minPods: whole(at(raw, 'minPodsPerReplicaSet')) ?? 0,
    threshold: parseThreshold(at(raw, 'replicaProgressThreshold')),
    backgroundAnalysis: isThere(at(raw, 'analysis')),
    stickiness: stickinessOf(at(raw, 'trafficRouting')),
    maxUnavailable: pods('maxUnavailable'),
    maxSurge: pods('maxSurge'),
    scaleDownDelay: whole(at(raw, 'scaleDownDelaySeconds')) ?? 30,
    abortScaleDownDelay: whole(at(raw, 'abortScaleDownDelaySeconds')) ?? 30,
    delayedRevisions: whole(at(raw, 'scaleDownDelayRevisionLimit')),
    antiAffinity: parseAntiAffinity(at(raw, 'antiAffinity')),
    live: metadata(at(raw, 'stableMetadata')),
    next: metadata(at(raw, 'canaryMetadata')),
    unknown: unknownIn('canary', raw),
  }
}

/**
 * With `pingPong` the two change roles; the controller takes pong for stable until it has said (utils
 * GetStableAndCanaryServices).
 */
function servicesOf(raw: unknown, status: unknown): Pick<Canary, 'stableService' | 'canaryService'> {
  const [ping, pong] = [text(at(raw, 'pingPong', 'pingService')), text(at(raw, 'pingPong', 'pongService'))]
  if (!isThere(at(raw, 'pingPong')))
    return { stableService: text(at(raw, 'stableService')), canaryService: text(at(raw, 'canaryService')) }
  return at(status, 'canary', 'stablePingPong') === 'ping'
    ? { stableService: ping, canaryService: pong }
    : { stableService: pong, canaryService: ping }
}

function parseThreshold(raw: unknown): Canary['threshold'] {
  const value = whole(at(raw, 'value'))
  if (value === undefined || value < 0) return undefined
  return { of: at(raw, 'type') === 'Pod' ? 'pods' : 'percent', value }
}

function stickinessOf(routing: unknown): string | undefined {
  if (flag(at(routing, 'alb', 'stickinessConfig', 'enabled')))
    return 'trafficRouting.alb.stickinessConfig keeps users on the version they came to, through an abort, too'
  return isThere(at(routing, 'istio', 'destinationRule'))
    ? 'trafficRouting.istio.destinationRule splits one host by subsets, which selectors do not show'
    : undefined
}

/** A key of the API without a value is as good as none. */
function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
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

/**
 * The managed routes in force at a step, which send requests to the canary whatever its weight: the last word on each
 * name, by the steps up to there.
 */
export function routesAt({ steps }: Canary, index: number): ReadonlySet<'header' | 'mirror'> {
  const named = new Map<string, 'header' | 'mirror'>()
  for (const step of steps.slice(0, index + 1)) {
    if (step.kind === 'route' && step.on) named.set(step.name, step.of)
    else if (step.kind === 'route') named.delete(step.name)
  }
  return new Set(index >= steps.length ? [] : named.values())
}

/** The Service whose endpoints users of the live revision reach. */
export function liveService(strategy: Strategy): string | undefined {
  return strategy.kind === 'BlueGreen' ? strategy.activeService : strategy.stableService
}

/** The Service in front of the next revision. */
export function nextService(strategy: Strategy): string | undefined {
  return strategy.kind === 'BlueGreen' ? strategy.previewService : strategy.canaryService
}

/** The Services that a strategy names for its revisions. */
export function namedServices(strategy: Strategy): string[] {
  return [liveService(strategy), nextService(strategy)].filter((each) => each !== undefined)
}

/**
 * Seconds that old pods run on after users have left them; undefined where no delay applies: those of a canary without
 * a router go as the new ones come, and where no old revision is kept none does (`scaleDownDelayRevisionLimit: 0`).
 */
export function scaleDownDelayOf(strategy: Strategy): number | undefined {
  const none = (strategy.kind === 'Canary' && !strategy.routed) || strategy.delayedRevisions === 0
  return none ? undefined : strategy.scaleDownDelay
}
