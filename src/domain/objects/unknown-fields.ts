import { fields, list, text } from './fields.ts'

/** A field of a strategy that nobody here knows, and all the words in it. */
export interface UnknownField {
  /** `blueGreen.additionalActiveServices`. */
  readonly path: string
  readonly words: readonly string[]
}

/**
 * Every field of Argo Rollouts 1.10.1 (pkg/apis/rollouts/v1alpha1/types.go) that is read, or bears on nothing that is
 * said.
 */
const BOTH = 'maxUnavailable antiAffinity scaleDownDelaySeconds scaleDownDelayRevisionLimit abortScaleDownDelaySeconds'
const KNOWN = {
  blueGreen:
    `${BOTH} activeService previewService previewReplicaCount autoPromotionEnabled autoPromotionSeconds ` +
    'prePromotionAnalysis postPromotionAnalysis previewMetadata activeMetadata',
  canary:
    `${BOTH} canaryService stableService steps trafficRouting maxSurge analysis canaryMetadata ` +
    'stableMetadata dynamicStableScale pingPong minPodsPerReplicaSet replicaProgressThreshold',
  router: 'istio nginx alb smi ambassador appMesh traefik managedRoutes apisix plugins maxTrafficWeight',
  step: 'setWeight pause experiment analysis setCanaryScale setHeaderRoute setMirrorRoute plugin',
} as const

/** The fields of a strategy, of its steps and of its router that are not known. */
export function unknownIn(kind: 'blueGreen' | 'canary', raw: unknown): UnknownField[] {
  const { steps, trafficRouting } = fields(raw)
  return [
    ...beside(KNOWN[kind], kind, raw),
    ...(kind === 'canary'
      ? [
          ...beside(KNOWN.router, 'canary.trafficRouting', trafficRouting),
          ...list(steps).flatMap((step, index) => beside(KNOWN.step, `canary.steps[${index}]`, step)),
        ]
      : []),
  ]
}

function beside(known: string, path: string, raw: unknown): UnknownField[] {
  return Object.entries(fields(raw))
    .filter(([key]) => !known.split(' ').includes(key))
    .map(([key, value]) => ({ path: `${path}.${key}`, words: wordsIn(value) }))
}

function wordsIn(value: unknown): string[] {
  const word = text(value)
  return word !== undefined ? [word] : [...list(value), ...Object.values(fields(value))].flatMap(wordsIn)
}
