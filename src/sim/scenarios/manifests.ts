import type { RawManifest } from './scenario.ts'

/** What the manifests of a member are made of. */
export interface MemberSpec {
  readonly name: string
  readonly group: string
  readonly replicas: number
  /** What its Services begin with; default its name. */
  readonly services?: string
  /** Default: what its Services begin with. */
  readonly container?: string
  readonly image?: string
  readonly annotations?: Readonly<Record<string, string>>
  /** Of the pod template, besides `app`. */
  readonly templateLabels?: Readonly<Record<string, string>>
  readonly templateAnnotations?: Readonly<Record<string, string>>
  /** Merged into the container: env, envFrom, volumeMounts. */
  readonly settings?: RawManifest
  /** Merged into the pod's spec. */
  readonly pod?: RawManifest
  /** Merged into the strategy. */
  readonly strategy?: RawManifest
  /** Merged into the Rollout's spec. */
  readonly spec?: RawManifest
}

/** A blue/green Rollout that waits to be promoted, with its active and its preview Service; old pods linger for 5 s. */
export function blueGreen(spec: MemberSpec): readonly RawManifest[] {
  const { name, services = name } = spec
  const strategy = {
    activeService: `${services}-active`,
    previewService: `${services}-preview`,
    autoPromotionEnabled: false,
    scaleDownDelaySeconds: 5,
    ...spec.strategy,
  }
  return [
    ...['active', 'preview'].map((role) => service(`${services}-${role}`, name)),
    rollout(spec, { blueGreen: strategy }),
  ]
}

/**
 * A canary Rollout of two steps without traffic routing, with a Service for all of its pods, for the stable and for the
 * canary ones.
 */
export function canary(spec: MemberSpec): readonly RawManifest[] {
  const { name, services = name } = spec
  const strategy = {
    stableService: `${services}-stable`,
    canaryService: `${services}-canary`,
    maxUnavailable: 0,
    steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }],
    ...spec.strategy,
  }
  return [service(`${services}-stable`, name), service(`${services}-canary`, name), rollout(spec, { canary: strategy })]
}

export function service(name: string, app: string): RawManifest {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app }, ports: [{ port: 8080 }] } }
}

/** @param name with the suffix that kustomize gives it by its contents */
export function configMap(name: string, data: Readonly<Record<string, string>>): RawManifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }
}

/** Container settings: environment variables by their values. */
export function env(values: Readonly<Record<string, string>>): RawManifest {
  return { env: Object.entries(values).map(([name, value]) => ({ name, value })) }
}

/** Container settings: environment variables of these names, by the keys of a ConfigMap. */
export function envByKey(config: string, keys: readonly string[]): RawManifest {
  return { env: keys.map((key) => ({ name: key, valueFrom: { configMapKeyRef: { name: config, key } } })) }
}

/** Container settings: every key of a ConfigMap as an environment variable. */
export function envFrom(config: string): RawManifest {
  return { envFrom: [{ configMapRef: { name: config } }] }
}

/** A Rollout with a strategy of its own. */
export function rollout(spec: MemberSpec, strategy: RawManifest): RawManifest {
  const { name, group, replicas, services = name, container = services, image = 'kostiscodefresh/loan:latest' } = spec
  const { annotations, templateLabels, templateAnnotations, settings, pod, spec: more } = spec
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: {
      name,
      labels: { 'app.kubernetes.io/part-of': group },
      ...(annotations !== undefined && { annotations }),
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      strategy,
      template: {
        metadata: {
          labels: { app: name, ...templateLabels },
          ...(templateAnnotations !== undefined && { annotations: templateAnnotations }),
        },
        spec: { containers: [{ name: container, image, ports: [{ containerPort: 8080 }], ...settings }], ...pod },
      },
      ...more,
    },
  }
}
