/** Kubernetes objects as the simulation holds them: plain JSON that is never changed in place. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Metadata
  readonly spec?: any
  readonly status?: any
  readonly [field: string]: any
}

export interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation?: number
  readonly creationTimestamp: string
  readonly deletionTimestamp?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly {
    readonly kind: string
    readonly name: string
    readonly uid: string
    readonly controller?: boolean
  }[]
}

/** The resources the simulated API server serves. */
export const RESOURCES = {
  rollouts: { group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout', namespaced: true, status: true },
  analysisruns: { group: 'argoproj.io', version: 'v1alpha1', kind: 'AnalysisRun', namespaced: true, status: false },
  analysistemplates: {
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'AnalysisTemplate',
    namespaced: true,
    status: false,
  },
  experiments: { group: 'argoproj.io', version: 'v1alpha1', kind: 'Experiment', namespaced: true, status: false },
  replicasets: { group: 'apps', version: 'v1', kind: 'ReplicaSet', namespaced: true, status: true },
  deployments: { group: 'apps', version: 'v1', kind: 'Deployment', namespaced: true, status: true },
  horizontalpodautoscalers: {
    group: 'autoscaling',
    version: 'v2',
    kind: 'HorizontalPodAutoscaler',
    namespaced: true,
    status: true,
  },
  services: { group: '', version: 'v1', kind: 'Service', namespaced: true, status: true },
  configmaps: { group: '', version: 'v1', kind: 'ConfigMap', namespaced: true, status: false },
  secrets: { group: '', version: 'v1', kind: 'Secret', namespaced: true, status: false },
  pods: { group: '', version: 'v1', kind: 'Pod', namespaced: true, status: true },
  resourcequotas: { group: '', version: 'v1', kind: 'ResourceQuota', namespaced: true, status: true },
  events: { group: '', version: 'v1', kind: 'Event', namespaced: true, status: false },
  namespaces: { group: '', version: 'v1', kind: 'Namespace', namespaced: false, status: true },
  endpointslices: { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice', namespaced: true, status: false },
  ingresses: { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress', namespaced: true, status: true },
  virtualservices: {
    group: 'networking.istio.io',
    version: 'v1alpha3',
    kind: 'VirtualService',
    namespaced: true,
    status: true,
  },
  destinationrules: {
    group: 'networking.istio.io',
    version: 'v1alpha3',
    kind: 'DestinationRule',
    namespaced: true,
    status: true,
  },
  leases: { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', namespaced: true, status: false },
  selfsubjectaccessreviews: {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectAccessReview',
    namespaced: false,
    status: false,
  },
  selfsubjectreviews: {
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectReview',
    namespaced: false,
    status: false,
  },
} as const

export type ResourceName = keyof typeof RESOURCES

/** `rollouts.argoproj.io`, as the API server names a resource in its messages. */
export function fullName(resource: ResourceName): string {
  const { group } = RESOURCES[resource]
  return group === '' ? resource : `${resource}.${group}`
}

/** `Rollout.argoproj.io`, as the API server names what is invalid. */
export function fullKind(resource: ResourceName): string {
  const { group, kind } = RESOURCES[resource]
  return group === '' ? kind : `${kind}.${group}`
}

/** Whom a failed request was about, as the details of a Status tell it. */
export interface About {
  readonly name?: string | undefined
  readonly group: string
  readonly kind: string
}

export function about(resource: ResourceName, name: string): About {
  return { name, group: RESOURCES[resource].group, kind: resource }
}

/** A failed request, as the API server answers it: a Status with its code and reason. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly code: number
  readonly reason: string
  readonly about: About | undefined

  constructor(code: number, reason: string, message: string, about?: About) {
    super(message)
    this.code = code
    this.reason = reason
    this.about = about
  }
}

export function notFound(resource: ResourceName, name: string): ApiFailure {
  return new ApiFailure(404, 'NotFound', `${fullName(resource)} "${name}" not found`, about(resource, name))
}

/** RFC 3339 in whole seconds, as the API server writes times. */
export function timestamp(now: number): string {
  return new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
