import type { KubeObject } from '../../controlplane/api.ts'

/** The resources a lab follows. */
export const FOLLOWED = [
  'rollouts',
  'replicasets',
  'services',
  'endpointslices',
  'pods',
  'analysisruns',
  'deployments',
] as const
export type Followed = (typeof FOLLOWED)[number]

/** One change of an object, as a watch told it; versions order all changes of a cluster. */
export interface Change {
  readonly version: number
  readonly type: 'added' | 'modified' | 'deleted'
  readonly resource: Followed
  readonly object: KubeObject
}

const HASH = 'rollouts-pod-template-hash'
const REVISION = 'rollout.argoproj.io/revision'

/** A namespace between two changes. Revisions are named by the annotation `version` of their template: `v1`, `v2`. */
export class Moment {
  readonly #objects: ReadonlyMap<string, KubeObject>
  /** What led to it; undefined where nothing has happened. */
  readonly change: Change | undefined
  /** The latest version of all in it. */
  readonly version: number

  private constructor(objects: ReadonlyMap<string, KubeObject>, version = 0, change?: Change) {
    this.#objects = objects
    this.version = version
    this.change = change
  }

  static readonly empty = new Moment(new Map())

  after(...changes: readonly Change[]): Moment {
    const objects = new Map(this.#objects)
    for (const { type, resource, object } of changes) {
      if (type === 'deleted') objects.delete(`${resource}/${object.metadata.name}`)
      else objects.set(`${resource}/${object.metadata.name}`, object)
    }
    return new Moment(objects, Math.max(this.version, ...changes.map(({ version }) => version)), changes.at(-1))
  }

  find(resource: Followed, name: string): KubeObject | undefined {
    return this.#objects.get(`${resource}/${name}`)
  }

  /** @throws Error where it is not there */
  get(resource: Followed, name: string): KubeObject {
    const found = this.find(resource, name)
    if (found === undefined) throw new Error(`there is no ${resource}/${name}`)
    return found
  }

  all(resource: Followed): KubeObject[] {
    return [...this.#objects].filter(([key]) => key.startsWith(`${resource}/`)).map(([, object]) => object)
  }

  /** The Rollout of the case. */
  get rollout(): KubeObject {
    return this.get('rollouts', 'app')
  }

  /** Its status; empty where no controller has written one. */
  get status(): any {
    return this.find('rollouts', 'app')?.['status'] ?? {}
  }

  get phase(): string | undefined {
    return this.status.phase
  }

  /**
   * Whether the status speaks of the spec as it is: its generation, and its revision by the ReplicaSet of
   * `currentPodHash`.
   */
  get isCurrent(): boolean {
    const metadata = this.find('rollouts', 'app')?.metadata
    const set = this.#setOf(this.status.currentPodHash)
    return (
      metadata !== undefined &&
      this.status.observedGeneration === String(metadata.generation) &&
      set?.metadata.annotations?.[REVISION] === metadata.annotations?.[REVISION]
    )
  }

  /** The version users are moved from, or are on. */
  get stable(): string | undefined {
    return this.versionOf(this.status.stableRS)
  }

  /** The version of the Rollout's template as the controller knows it. */
  get current(): string | undefined {
    return this.versionOf(this.status.currentPodHash)
  }

  /** Current, and standing at a gate for this reason alone. */
  isPausedBy(reason: string): boolean {
    const reasons = (this.status.pauseConditions ?? []).map((each: { reason: string }) => each.reason)
    return (
      this.isCurrent && this.phase === 'Paused' && this.status.controllerPause === true && reasons.join() === reason
    )
  }

  /** Current, healthy, and stable on a version. */
  isHealthyOn(version: string): boolean {
    return this.isCurrent && this.phase === 'Healthy' && this.stable === version && this.current === version
  }

  /** Aborted, and the controller has said so. */
  get isAborted(): boolean {
    return this.status.abort === true && this.status.abortedAt !== undefined && this.phase === 'Degraded'
  }

  /** The version a Service selects. */
  behind(service: string): string | undefined {
    return this.versionOf(this.find('services', service)?.['spec'].selector?.[HASH])
  }

  /** Ready endpoints of a Service. */
  ready(service: string): number {
    return this.#endpoints(service).filter(({ conditions }) => conditions.ready).length
  }

  /** Its endpoints that still answer: the ready ones, and those that terminate. */
  serving(service: string): number {
    return this.#endpoints(service).filter(({ conditions }) => conditions.serving).length
  }

  /** The weights of canary and stable that the routers were told; undefined where there are none. */
  get weights(): readonly [canary: number, stable: number] | undefined {
    const { canary, stable } = this.status.canary?.weights ?? {}
    return canary === undefined ? undefined : [canary.weight ?? 0, stable.weight ?? 0]
  }

  /** The versions that have a ReplicaSet. */
  get versions(): (string | undefined)[] {
    return this.#sets.map(versionIn)
  }

  /** @throws Error where the version has no ReplicaSet */
  set(version: string): KubeObject {
    const found = this.#sets.find((set) => versionIn(set) === version)
    if (found === undefined) throw new Error(`there is no ReplicaSet of ${version}`)
    return found
  }

  /** When the ReplicaSet of a version is due to go, milliseconds since the epoch; undefined where it is not. */
  deadline(version: string): number | undefined {
    const at = this.#sets.find((set) => versionIn(set) === version)?.metadata.annotations?.['scale-down-deadline']
    return at === undefined ? undefined : Date.parse(at)
  }

  /** How many pods the ReplicaSet of a version shall have, has, and has available. */
  scale(version: string): { readonly desired: number; readonly replicas: number; readonly available: number } {
    const set = this.#sets.find((each) => versionIn(each) === version)
    return {
      desired: set?.['spec'].replicas ?? 0,
      replicas: set?.['status']?.replicas ?? 0,
      available: set?.['status']?.availableReplicas ?? 0,
    }
  }

  pods(version: string): KubeObject[] {
    return this.all('pods').filter(({ metadata }) => metadata.annotations?.['version'] === version)
  }

  versionOf(hash: string | undefined): string | undefined {
    return hash === undefined ? undefined : versionIn(this.#setOf(hash))
  }

  /** A few lines for a person who wonders why nothing happened. */
  toString(): string {
    const rollouts = this.all('rollouts').map(
      ({ metadata, status }) =>
        `rollout ${metadata.name}, generation ${metadata.generation}: ${JSON.stringify(status)}`,
    )
    const services = this.all('services').map(
      ({ metadata }) => `service ${metadata.name}: ${this.behind(metadata.name)}, ${this.ready(metadata.name)} ready`,
    )
    const sets = this.#sets.map(
      (set) =>
        `replicaset ${versionIn(set)} ${set.metadata.name}: ${JSON.stringify(this.scale(versionIn(set) ?? ''))} ${JSON.stringify(set.metadata.annotations)}`,
    )
    const runs = this.all('analysisruns').map(
      ({ metadata, status }) => `analysisrun ${metadata.name}: ${status?.phase}`,
    )
    return [...rollouts, ...services, ...sets, ...runs].join('\n')
  }

  #endpoints(service: string): any[] {
    const slices = this.all('endpointslices').filter(
      ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service,
    )
    return slices.flatMap(({ endpoints }) => endpoints ?? [])
  }

  get #sets(): KubeObject[] {
    return this.all('replicasets').filter(({ metadata }) => metadata.labels?.[HASH] !== undefined)
  }

  #setOf(hash: string | undefined): KubeObject | undefined {
    return this.#sets.find(({ metadata }) => metadata.labels?.[HASH] === hash)
  }
}

function versionIn(set: KubeObject | undefined): string | undefined {
  return set?.['spec'].template.metadata.annotations?.['version']
}
