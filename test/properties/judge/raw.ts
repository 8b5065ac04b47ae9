/** The few fields of Kubernetes objects a judgement rests on, as the API has them. */

type Words = Readonly<Record<string, string>>

interface Metadata {
  readonly name: string
  readonly labels?: Words
  readonly annotations?: Words
  readonly ownerReferences?: readonly { readonly name: string }[]
  readonly deletionTimestamp?: string
}

export interface RawPod {
  readonly metadata: Metadata
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

export interface RawEnv {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: {
    readonly configMapKeyRef?: { readonly name: string; readonly key: string }
    readonly fieldRef?: { readonly fieldPath: string }
  }
}

export interface RawTemplate {
  readonly metadata?: { readonly labels?: Words; readonly annotations?: Words }
  readonly spec: {
    readonly containers: readonly {
      readonly env?: readonly RawEnv[]
      readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[]
    }[]
    readonly volumes?: readonly {
      readonly downwardAPI?: { readonly items: readonly { readonly fieldRef: { readonly fieldPath: string } }[] }
    }[]
  }
}

export interface RawReplicaSet {
  readonly metadata: Metadata
  readonly spec: { readonly replicas?: number; readonly template: RawTemplate }
}

export interface RawService {
  readonly metadata: Metadata
  readonly spec: { readonly selector?: Words; readonly externalName?: string; readonly clusterIP?: string }
}

export interface RawConfigMap {
  readonly metadata: Metadata
  readonly data?: Words
}

export interface RawRollout {
  readonly metadata: Metadata
  readonly spec: {
    readonly strategy: {
      readonly blueGreen?: { readonly activeService: string }
      readonly canary?: { readonly stableService?: string }
    }
  }
  readonly status?: { readonly stableRS?: string; readonly currentPodHash?: string }
}

/** Every object of a namespace at one moment. */
export interface World {
  readonly rollouts: readonly RawRollout[]
  readonly replicaSets: readonly RawReplicaSet[]
  readonly pods: readonly RawPod[]
  readonly services: readonly RawService[]
  readonly configMaps: readonly RawConfigMap[]
}

/** The pod template annotation by which whoever makes a world says which release a revision belongs to. */
export const RELEASE = 'test/release'

/** The pod template annotation by which he says which variables its code never dials, whatever they hold. */
export const NOT_DIALLED = 'test/not-dialled'

/** The pod template annotation by which he says whom its code dials besides, by addresses that stand in no object. */
export const DIALLED = 'test/dialled'

/** The name of a release that a revision belongs to. */
export type Release = string

/** The revision works with any release. */
export const EITHER = 'both'

export function releaseOf(set: RawReplicaSet): Release {
  const said = set.spec.template.metadata?.annotations?.[RELEASE]
  if (said === undefined) throw new Error(`ReplicaSet ${set.metadata.name} does not say its release`)
  return said
}

export function ownerOf(object: { readonly metadata: Metadata }): string {
  return object.metadata.ownerReferences?.[0]?.name ?? ''
}

export function isReady(pod: RawPod): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    (pod.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false)
  )
}

/** Whether labels carry all a selector asks for; a Service without a selector selects nothing. */
export function matches(selector: Words | undefined, labels: Words | undefined): boolean {
  const wanted = Object.entries(selector ?? {})
  return wanted.length > 0 && wanted.every(([key, value]) => labels?.[key] === value)
}
