/** Raw Kubernetes objects of a group in a few words, for tests of the domain. */

import type { ConfigMap } from '../../src/domain/objects/config-map.ts'
import type { Snapshot } from '../../src/domain/group/snapshot.ts'
import { HASH_LABEL, REVISION, SCALE_DOWN_DEADLINE } from '../../src/domain/objects/labels.ts'

export interface RevisionSpec {
  /** APP_VERSION of the container; absent: no version is told. */
  version?: string
  env?: Record<string, string>
  /** Environment from `name` ConfigMaps: variable → [ConfigMap, key]. */
  fromConfig?: Record<string, [string, string]>
  labels?: Record<string, string>
  annotations?: Record<string, string>
  image?: string
  /** spec.replicas of the ReplicaSet; default the Rollout's. */
  desired?: number
  available?: number
  /** Milliseconds since the epoch. */
  deadline?: number
  /** Its creationTimestamp; default one later than that of the revision before. */
  created?: string
  template?: Record<string, unknown>
  /** Annotations of the ReplicaSet itself. */
  own?: Record<string, string>
}

export interface MemberSpec {
  name: string
  live: RevisionSpec
  next?: RevisionSpec
  lingering?: RevisionSpec
  replicas?: number
  annotations?: Record<string, string>
  /** Merged into spec.strategy.blueGreen (or .canary where `canary` is set). */
  strategy?: Record<string, unknown>
  canary?: { steps: unknown[]; index?: number }
  status?: Record<string, unknown>
  spec?: Record<string, unknown>
  /** Which role the Services select; default: live Service on live, next Service on next. */
  active?: 'live' | 'next' | 'lingering'
  preview?: 'live' | 'next'
}

export interface WorldSpec {
  members: MemberSpec[]
  services?: { name: string; selector: Record<string, string> }[]
  configs?: Record<string, Record<string, string> | 'missing' | 'forbidden'>
  /** When ConfigMaps were changed, milliseconds since the epoch. */
  edited?: Record<string, number>
}

/** The snapshot of a world; every member stands at its gate unless its status says otherwise. */
export function world({ members, services = [], configs = {}, edited = {} }: WorldSpec): Snapshot {
  const made = members.map(objectsOf)
  const extra = services.map(({ name, selector }) => service(name, selector))
  return {
    namespace: 'legacy',
    rollouts: made.map((each) => each.rollout),
    replicaSets: made.flatMap((each) => each.replicaSets),
    services: [...made.flatMap((each) => each.services), ...extra],
    endpointSlices: [
      ...made.flatMap((each) => each.slices),
      ...services.map((each) =>
        plainSlice(
          each,
          made.flatMap((one) => one.replicaSets),
        ),
      ),
    ],
    configs: new Map(
      Object.entries(configs).map(([name, data]) => [
        name,
        typeof data === 'string' ? data : configOf(data, edited[name]),
      ]),
    ),
    unreadable: [],
  }
}

/** A ConfigMap that was made before everything else. */
export function configOf(data: Record<string, string>, edited?: number): ConfigMap {
  return { data: new Map(Object.entries(data)), created: 0, edited }
}

/** The two members of the reference application at their gates, rightly wired. */
export function legacyPair(change: { frontend?: Partial<MemberSpec>; backend?: Partial<MemberSpec> } = {}): WorldSpec {
  return {
    members: [
      {
        name: 'my-frontend',
        live: { version: '1.0', env: { BACKEND_HOST: 'backend-active' } },
        next: { version: '2.0', env: { BACKEND_HOST: 'backend-preview' } },
        ...change.frontend,
      },
      { name: 'my-backend', live: { version: '1.0' }, next: { version: '2.0' }, ...change.backend },
    ],
  }
}

/**
 * Service names of a member: `my-frontend` has `frontend-active` and `frontend-preview` (canary: `-stable`, `-canary`).
 */
export function serviceNames(spec: Pick<MemberSpec, 'name' | 'canary'>): [string, string] {
  const base = spec.name.replace(/^my-/, '')
  return spec.canary === undefined ? [`${base}-active`, `${base}-preview`] : [`${base}-stable`, `${base}-canary`]
}

const ROLES = ['lingering', 'live', 'next'] as const

function objectsOf(spec: MemberSpec) {
  const { name, replicas = 3 } = spec
  const revisions = [spec.lingering, spec.live, spec.next]
  const sets = ROLES.flatMap((role, index) =>
    revisions[index] === undefined ? [] : [replicaSet(spec, role, revisions[index], index + 1, replicas)],
  )
  const current = spec.next === undefined ? 'live' : 'next'
  const [live, next] = serviceNames(spec)
  const hashes = { active: hashOf(name, spec.active ?? 'live'), preview: hashOf(name, spec.preview ?? current) }
  const ready = (hash: string) =>
    revisions.find((_, index) => hashOf(name, ROLES[index]!) === hash)?.available ?? replicas
  const named =
    spec.canary === undefined
      ? { blueGreen: { activeService: live, previewService: next, autoPromotionEnabled: false, ...spec.strategy } }
      : {
          canary: {
            stableService: live,
            canaryService: next,
            maxUnavailable: 0,
            steps: spec.canary.steps,
            ...spec.strategy,
          },
        }
  const gate = spec.canary === undefined ? 'BlueGreenPause' : 'CanaryPauseStep'
  return {
    replicaSets: sets,
    services: [
      service(live, { app: name, [HASH_LABEL]: hashes.active }),
      service(next, { app: name, [HASH_LABEL]: hashes.preview }),
    ],
    slices: [
      slice(live, `${name}-${hashes.active}`, ready(hashes.active)),
      slice(next, `${name}-${hashes.preview}`, ready(hashes.preview)),
    ],
    rollout: {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: {
        name,
        namespace: 'legacy',
        uid: `uid-${name}`,
        generation: 4,
        resourceVersion: '100',
        labels: { 'app.kubernetes.io/part-of': 'loan' },
        annotations: { [REVISION]: current === 'next' ? '3' : '2', ...spec.annotations },
      },
      spec: { replicas, selector: { matchLabels: { app: name } }, strategy: named, ...spec.spec },
      status: {
        observedGeneration: '4',
        stableRS: hashOf(name, 'live'),
        currentPodHash: hashOf(name, current),
        phase: spec.next === undefined ? 'Healthy' : 'Paused',
        ...(spec.next === undefined
          ? {}
          : {
              controllerPause: true,
              message: gate,
              pauseConditions: [{ reason: gate, startTime: '2026-01-01T00:00:00Z' }],
            }),
        ...(spec.canary === undefined
          ? { blueGreen: { activeSelector: hashes.active, previewSelector: hashes.preview } }
          : { currentStepIndex: spec.canary.index ?? 1 }),
        availableReplicas: replicas,
        updatedReplicas: replicas,
        ...spec.status,
      },
    },
  }
}

export function hashOf(member: string, role: 'live' | 'next' | 'lingering'): string {
  return `${member.replace(/^my-/, '')}${role}`
}

function replicaSet(
  spec: MemberSpec,
  role: 'live' | 'next' | 'lingering',
  revision: RevisionSpec,
  number: number,
  replicas: number,
) {
  const hash = hashOf(spec.name, role)
  const {
    version,
    env = {},
    fromConfig = {},
    labels = {},
    annotations,
    image = 'kostiscodefresh/loan:latest',
    available = replicas,
  } = revision
  const variables = Object.entries({ ...(version === undefined ? {} : { APP_VERSION: version }), ...env })
  const template = {
    metadata: { labels: { app: spec.name, [HASH_LABEL]: hash, ...labels }, ...(annotations && { annotations }) },
    spec: {
      containers: [
        {
          name: 'main',
          image,
          env: [
            ...variables.map(([name, value]) => ({ name, value })),
            ...Object.entries(fromConfig).map(([name, [configMap, key]]) => ({
              name,
              valueFrom: { configMapKeyRef: { name: configMap, key } },
            })),
          ],
        },
      ],
      ...revision.template,
    },
  }
  return {
    metadata: {
      name: `${spec.name}-${hash}`,
      namespace: 'legacy',
      labels: { app: spec.name, [HASH_LABEL]: hash, ...labels },
      creationTimestamp: revision.created ?? `2026-01-0${number}T00:00:00Z`,
      annotations: {
        [REVISION]: String(number),
        ...revision.own,
        ...(revision.deadline === undefined
          ? {}
          : { [SCALE_DOWN_DEADLINE]: new Date(revision.deadline).toISOString() }),
      },
      ownerReferences: [{ kind: 'Rollout', name: spec.name, uid: `uid-${spec.name}`, controller: true }],
    },
    spec: { replicas: revision.desired ?? replicas, template },
    status: { replicas: revision.desired ?? replicas, readyReplicas: available, availableReplicas: available },
  }
}

function service(name: string, selector: Record<string, string>) {
  return { metadata: { name, namespace: 'legacy' }, spec: { selector, ports: [{ port: 8080 }] } }
}

/** The ready pods of every ReplicaSet that a selector without a hash finds. */
function plainSlice(
  { name, selector }: { name: string; selector: Record<string, string> },
  sets: readonly ReturnType<typeof replicaSet>[],
) {
  const found = sets.filter(({ spec }) =>
    Object.entries(selector).every(
      ([key, value]) => (spec.template.metadata.labels as Record<string, string>)[key] === value,
    ),
  )
  return {
    ...slice(name, '', 0),
    endpoints: found.flatMap((each) => slice(name, each.metadata.name, each.status.availableReplicas).endpoints),
  }
}

function slice(name: string, replicaSet: string, ready: number) {
  return {
    metadata: { name: `${name}-abc`, namespace: 'legacy', labels: { 'kubernetes.io/service-name': name } },
    endpoints: Array.from({ length: ready }, (_, index) => ({
      conditions: { ready: true },
      targetRef: { kind: 'Pod', name: `${replicaSet}-${'abcdefgh'[index]}0000` },
    })),
  }
}
