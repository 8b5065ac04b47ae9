import type { KubeObject } from '../../objects.ts'
import type { SimWorld, Write } from '../../simulation.ts'
import { ownedBy } from '../reconciler.ts'
import { withoutAntiAffinity } from './anti-affinity.ts'
import { DESIRED, EPHEMERAL_METADATA, HASH, REVISION, SCALE_DOWN_DEADLINE } from './keys.ts'
import { withPodDefaults } from './pod-defaults.ts'
import { templateHash } from './template-hash.ts'

/** What a pass decides about pauses and the abort, before the status is written (rollout/pause.go). */
export interface Pauses {
  readonly add: Set<string>
  readonly remove: Set<string>
  clear: boolean
  /** `true`: aborted, `false`: the abort is taken back. */
  abort: { readonly message: string } | false | undefined
}

function newPauses(): Pauses {
  return { add: new Set(), remove: new Set(), clear: false, abort: undefined }
}

/**
 * A Rollout as it was when a pass began, and its ReplicaSets as they are now, with what the pass itself has written to
 * them.
 */
export interface View {
  readonly world: SimWorld
  readonly rollout: KubeObject
  readonly namespace: string
  readonly spec: any
  /** The pod template, from the workload where the Rollout refers to one. */
  readonly template: any
  readonly replicas: number
  /** `status` as it was when the pass began. */
  readonly status: any
  readonly hash: string
  /** In the order of their creation. */
  readonly sets: readonly KubeObject[]
  readonly fresh: KubeObject
  readonly stable: KubeObject | undefined
  readonly others: readonly KubeObject[]
  /** The new ReplicaSet carried users a moment ago: its scale-down deadline has not passed. */
  readonly freshLingers: boolean
  readonly pauses: Pauses
}

/** The view of a Rollout whose new ReplicaSet exists; undefined where it does not yet. */
export function viewOf(rollout: KubeObject, template: any, world: SimWorld): View | undefined {
  const { spec, status = {} } = rollout
  const own = ownedBy(world.store, 'replicasets', rollout)
  const hash = hashFound(template, rollout, own)
  const names = own.map((each) => ({ name: each.metadata.name, hash: hashOf(each) }))
  const namespace = rollout.metadata.namespace!
  const read = (chosen: (hash: string) => boolean) =>
    names
      .filter((each) => chosen(each.hash))
      .flatMap(({ name }) => world.store.get('replicasets', namespace, name) ?? [])
  const [first] = read((each) => each === hash)
  if (first === undefined) return undefined
  const deadline = deadlineOf(first)
  return {
    world,
    rollout,
    namespace,
    spec,
    template,
    replicas: spec.replicas ?? 1,
    status,
    hash,
    get sets() {
      return read(() => true)
    },
    get fresh() {
      return read((each) => each === hash)[0] ?? first
    },
    get stable() {
      return read((each) => each === status.stableRS)[0]
    },
    get others() {
      return read((each) => each !== hash && each !== status.stableRS)
    },
    freshLingers: deadline !== undefined && deadline > world.now,
    pauses: newPauses(),
  }
}

/**
 * The hash of the ReplicaSet that a template has: by its own hash, otherwise by what it says, less what the controller
 * adds (utils/replicaset FindNewReplicaSet).
 */
function hashFound(template: any, rollout: KubeObject, sets: readonly KubeObject[]): string {
  const hash = templateHash(template)
  if (sets.some((each) => hashOf(each) === hash)) return hash
  const wanted = templateHash(withPodDefaults(template))
  const alike = sets.find((each) => templateHash(withoutAntiAffinity(plain(each), rollout)) === wanted)
  return alike === undefined ? hash : hashOf(alike)
}

/** The template of a ReplicaSet without the metadata of its role and without its hash. */
function plain(set: KubeObject): any {
  const role = JSON.parse(set.metadata.annotations?.[EPHEMERAL_METADATA] ?? '{}')
  const { metadata, ...template } = set.spec.template
  const own = (kind: 'labels' | 'annotations') =>
    Object.fromEntries(
      Object.entries(metadata?.[kind] ?? {}).filter(([key]) => key !== HASH && role[kind]?.[key] === undefined),
    )
  return { ...template, metadata: { ...metadata, labels: own('labels'), annotations: own('annotations') } }
}

/** A merge patch of the Rollout, of one of its ReplicaSets, or of a Service. */
export function patchOf(
  resource: 'rollouts' | 'replicasets' | 'services' | 'pods',
  object: KubeObject,
  body: unknown,
): Write {
  return { patch: resource, namespace: object.metadata.namespace!, name: object.metadata.name, body }
}

export function hashOf(set: KubeObject): string {
  return set.metadata.labels?.[HASH] ?? ''
}

export function revisionOf(set: KubeObject): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0)
}

/** Milliseconds since the epoch. */
export function deadlineOf(set: KubeObject): number | undefined {
  const text = set.metadata.annotations?.[SCALE_DOWN_DEADLINE]
  return text === undefined ? undefined : Date.parse(text)
}

/** Pods that a ReplicaSet has available. */
export function available(set: KubeObject | undefined): number {
  return set?.status?.availableReplicas ?? 0
}

export function sum(sets: readonly KubeObject[], of: (set: KubeObject) => number): number {
  return sets.reduce((total, each) => total + of(each), 0)
}

/** All replicas asked for and there (utils/annotations IsSaturated). */
export function isSaturated({ replicas }: View, set: KubeObject | undefined): boolean {
  return (
    set !== undefined &&
    set.spec.replicas === replicas &&
    set.metadata.annotations?.[DESIRED] === String(replicas) &&
    available(set) === replicas
  )
}

/** Why nothing may move (rollout/context.go haltProgress). */
export function isHalted({ spec, status }: View): boolean {
  return spec.paused === true || hasPause(status, 'InconclusiveAnalysisRun')
}

export function hasPause(status: any, reason: string): boolean {
  return pauseOf(status, reason) !== undefined
}

export function pauseOf(status: any, reason: string): { startTime: string } | undefined {
  return status.pauseConditions?.find((each: { reason: string }) => each.reason === reason)
}

/** The template has changed since the status was written (utils/replicaset CheckPodSpecChange). */
export function isNewTemplate({ status, hash }: View): boolean {
  return status.currentPodHash !== undefined && status.currentPodHash !== hash
}

/** Going back to an older ReplicaSet, or to the stable one, without gates (rollout/sync.go isFastRollback). */
export function isFastRollback(view: View): boolean {
  const { fresh, stable, status, hash, freshLingers, spec } = view
  if (stable === undefined) return false
  if (status.stableRS === hash) return true
  const older = fresh.metadata.creationTimestamp < stable.metadata.creationTimestamp
  return older && ((freshLingers && spec.strategy.blueGreen !== undefined) || isWithinRollbackWindow(view))
}

/** `rollbackWindow.revisions`: fewer ReplicaSets than that lie between (rollout/sync.go isRollbackWithinWindow). */
export function isWithinRollbackWindow({ fresh, stable, sets, spec }: View): boolean {
  const window = spec.rollbackWindow?.revisions ?? 0
  if (stable === undefined || window <= 0 || fresh.metadata.creationTimestamp >= stable.metadata.creationTimestamp)
    return false
  const between = sets.filter(
    ({ metadata: { creationTimestamp: at } }) =>
      at < stable.metadata.creationTimestamp && at > fresh.metadata.creationTimestamp,
  )
  return between.length < window
}
