/** A manifest, as a person would apply it. */
export type Manifest = Readonly<Record<string, any>>

/**
 * A version of the Rollout's template: its name, or with pods that behave unlike others
 * (test/controlplane/stages.yaml).
 */
export type Version = string | { readonly name: string; readonly pods: keyof typeof BEHAVIOUR }

/**
 * Pods take a second to be ready: so no two ReplicaSets of a case are of the same second, in which the controller
 * compares their age.
 */
const BEHAVIOUR = {
  usual: { 'pod-ready.stage.kwok.x-k8s.io/delay': '1s' },
  unready: { 'pod-ready.stage.kwok.x-k8s.io/delay': '0s', 'pod-ready.stage.kwok.x-k8s.io/never': 'true' },
  lingering: { 'pod-ready.stage.kwok.x-k8s.io/delay': '1s', 'pod-delete.stage.kwok.x-k8s.io/delay': '2s' },
} as const

export function template(version: Version): Manifest {
  const { name, pods } = typeof version === 'string' ? { name: version, pods: 'usual' as const } : version
  return {
    metadata: { labels: { app: 'app' }, annotations: { version: name, ...BEHAVIOUR[pods] } },
    spec: { containers: [{ name: 'app', image: 'app' }] },
  }
}

/** A blue/green Rollout `app` on v1 that waits to be promoted, after its Services `active` and `preview`. */
export function blueGreen(strategy: Manifest = {}, spec: Manifest = {}): readonly Manifest[] {
  const services = { activeService: 'active', previewService: 'preview' }
  const blueGreen = {
    ...services,
    autoPromotionEnabled: false,
    scaleDownDelaySeconds: 2,
    abortScaleDownDelaySeconds: 2,
    ...strategy,
  }
  return [
    service('active'),
    service('preview'),
    rollout({ replicas: 2, template: template('v1'), strategy: { blueGreen }, ...spec }),
  ]
}

/** A canary Rollout `app` on v1 with gates at 20 and at 60 percent, after its Services `stable` and `canary`. */
export function canary(strategy: Manifest = {}, spec: Manifest = {}): readonly Manifest[] {
  const services = { stableService: 'stable', canaryService: 'canary' }
  const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }]
  return [
    service('stable'),
    service('canary'),
    rollout({
      replicas: 5,
      template: template('v1'),
      strategy: { canary: { ...services, steps, ...strategy } },
      ...spec,
    }),
  ]
}

export function rollout(spec: Manifest, metadata: Manifest = {}): Manifest {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'app', ...metadata },
    spec: { selector: { matchLabels: { app: 'app' } }, ...spec },
  }
}

export function service(name: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: 'app' }, ports: [{ port: 8080 }] },
  }
}

/** A pod by itself, ready after a delay. */
export function clock(name: string, delay: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, annotations: { 'pod-ready.stage.kwok.x-k8s.io/delay': delay } },
    spec: { containers: [{ name: 'clock', image: 'clock' }] },
  }
}

/** An analysis `verdict` that runs until somebody ends it: its first measurement is an hour away. */
export const analysis: Manifest = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AnalysisTemplate',
  metadata: { name: 'verdict' },
  spec: {
    metrics: [
      {
        name: 'verdict',
        initialDelay: '1h',
        provider: {
          job: {
            spec: {
              template: { spec: { restartPolicy: 'Never', containers: [{ name: 'verdict', image: 'verdict' }] } },
            },
          },
        },
      },
    ],
  },
}

/** An analysis `verdict` by a Job, whose pods end with this code after half a second. */
export function measured(exit: 0 | 1): Manifest {
  const metadata = { annotations: { 'pod-complete.stage.kwok.x-k8s.io/exit': String(exit) } }
  const template = { metadata, spec: { restartPolicy: 'Never', containers: [{ name: 'verdict', image: 'verdict' }] } }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: 'verdict' },
    spec: { metrics: [{ name: 'verdict', provider: { job: { spec: { backoffLimit: 0, template } } } }] },
  }
}

/** Keeps the Rollout `app` between so many replicas. */
export function autoscaler(minReplicas: number, maxReplicas: number): Manifest {
  const scaleTargetRef = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'app' }
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'app' },
    spec: { minReplicas, maxReplicas, scaleTargetRef },
  }
}

/** An Ingress `front` that leads to a Service; `use-annotation` is the port that an ALB's controller asks for. */
export function ingress(service: string, port: Manifest = { number: 8080 }): Manifest {
  const path = { path: '/', pathType: 'Prefix', backend: { service: { name: service, port } } }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    // Without any the controller (1.10.1) panics where an ALB has managedRoutes.
    metadata: { name: 'front', annotations: { of: 'the case' } },
    spec: { rules: [{ http: { paths: [path] } }] },
  }
}

/** A canary as `canary` makes it, whose traffic a router splits that is told by an Ingress. */
export function routed(strategy: Manifest = {}, spec: Manifest = {}): readonly Manifest[] {
  const { trafficRouting, ...rest } = strategy
  return [
    ingress('stable'),
    ...canary({ trafficRouting: { nginx: { stableIngress: 'front' }, ...trafficRouting }, ...rest }, spec),
  ]
}

/** The collection a manifest is created in. */
export function manifestPath({ apiVersion, kind }: Manifest, namespace: string): string {
  return `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}/namespaces/${namespace}/${kind.toLowerCase()}${kind.endsWith('s') ? 'es' : 's'}`
}
