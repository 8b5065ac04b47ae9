import { type KubeObject, timestamp } from '../../objects.ts'
import type { SimWorld, Write } from '../../simulation.ts'
import { ownedBy } from '../reconciler.ts'
import { withAntiAffinity } from './anti-affinity.ts'
import { conditionSet, PROGRESSING } from './condition-set.ts'
import { withMetadata } from './ephemeral-metadata.ts'
import { DESIRED, HASH, REVISION, REVISION_HISTORY, SCALE_DOWN_DEADLINE, WORKLOAD_GENERATION } from './keys.ts'
import { isAborted } from './pauses.ts'
import { withPodDefaults } from './pod-defaults.ts'
import { templateHash } from './template-hash.ts'
import { available, deadlineOf, hashOf, patchOf, revisionOf, type View } from './view.ts'

/** Annotations of a Rollout that its ReplicaSets do not get. */
const OWN: ReadonlySet<string> = new Set([
  REVISION,
  REVISION_HISTORY,
  DESIRED,
  WORKLOAD_GENERATION,
  'kubectl.kubernetes.io/last-applied-configuration',
])

/**
 * Makes the ReplicaSet of a new pod template, without pods, and numbers the revision (rollout/sync.go
 * createDesiredReplicaSet).
 */
export function* createReplicaSet(rollout: KubeObject, template: any, { store, now }: SimWorld): Generator<Write> {
  const {
    spec,
    status = {},
    metadata: { name, uid, annotations = {} },
  } = rollout
  const hash = templateHash(template)
  const siblings = ownedBy(store, 'replicasets', rollout)
  const revision = String(Math.max(0, ...siblings.map(revisionOf)) + 1)
  const labels = { ...template.metadata?.labels, [HASH]: hash }
  const { blueGreen, canary } = spec.strategy
  const waits = siblings.some((each) => hashOf(each) === status.stableRS)
  const metadata = waits
    ? (blueGreen?.previewMetadata ?? canary?.canaryMetadata)
    : (blueGreen?.activeMetadata ?? canary?.stableMetadata)
  const set = {
    metadata: {
      name: `${name}-${hash}`,
      labels,
      annotations: { ...copied(annotations), [REVISION]: revision, [DESIRED]: String(spec.replicas ?? 1) },
      ownerReferences: [
        { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...spec.selector?.matchLabels, [HASH]: hash } },
      template: {
        ...withPodDefaults(withAntiAffinity(template, rollout, hash)),
        metadata: { ...template.metadata, labels },
      },
    },
  }
  yield { create: 'replicasets', namespace: rollout.metadata.namespace!, body: withMetadata(set, metadata) }
  yield patchOf('rollouts', rollout, { metadata: { annotations: { [REVISION]: revision } } })
  const said = {
    type: PROGRESSING,
    status: 'True' as const,
    reason: 'NewReplicaSetCreated',
    message: `Created new replica set "${name}-${hash}"`,
  }
  yield patchOf('rollouts', rollout, {
    status: { conditions: conditionSet(status.conditions ?? [], said, timestamp(now)) },
  })
}

/**
 * Keeps the new ReplicaSet's annotations like the Rollout's and its revision the highest; the Rollout follows
 * (rollout/sync.go syncReplicaSetRevision).
 */
export function* syncRevision(view: View): Generator<Write> {
  const { rollout, sets } = view
  const fresh = view.fresh
  const revision = Math.max(0, ...sets.filter((each) => each.metadata.name !== fresh.metadata.name).map(revisionOf)) + 1
  const own = fresh.metadata.annotations ?? {}
  const wanted = {
    ...copied(rollout.metadata.annotations ?? {}),
    ...(revisionOf(fresh) < revision && {
      [REVISION]: String(revision),
      [REVISION_HISTORY]: [own[REVISION_HISTORY], own[REVISION]].filter(Boolean).join(','),
    }),
  }
  if (Object.entries(wanted).some(([key, value]) => own[key] !== value))
    yield patchOf('replicasets', fresh, { metadata: { annotations: wanted } })
  const numbered = view.fresh.metadata.annotations?.[REVISION]
  const current = view.world.store.get('rollouts', view.namespace, rollout.metadata.name)
  if (numbered !== current?.metadata.annotations?.[REVISION])
    yield patchOf('rollouts', rollout, { metadata: { annotations: { [REVISION]: numbered } } })
}

function copied(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !OWN.has(key)))
}

/** Asks for so many replicas; at 0 the deadline has done its work (rollout/sync.go scaleReplicaSet). */
export function* scale(view: View, set: KubeObject, replicas: number): Generator<Write, boolean> {
  const desired = String(view.replicas)
  if (set.spec.replicas === replicas && set.metadata.annotations?.[DESIRED] === desired) return false
  const over = replicas === 0 && !delaysScaleDownOnAbort(view)
  yield patchOf('replicasets', set, {
    metadata: { annotations: { [DESIRED]: desired, ...(over && { [SCALE_DOWN_DEADLINE]: null }) } },
    spec: { replicas },
  })
  return set.spec.replicas !== replicas
}

/** New and stable ReplicaSets stay (rollout/replicaset.go removeScaleDownDeadlines). */
export function* removeDeadlines(view: View): Generator<Write> {
  const { fresh, stable } = view
  const staying = [...(delaysScaleDownOnAbort(view) ? [] : [fresh]), ...(stable === undefined ? [] : [stable])]
  for (const set of staying) {
    if (
      deadlineOf(set) !== undefined &&
      deadlineOf(view.world.store.get('replicasets', view.namespace, set.metadata.name)!) !== undefined
    ) {
      yield patchOf('replicasets', set, { metadata: { annotations: { [SCALE_DOWN_DEADLINE]: null } } })
    }
  }
}

/**
 * Seconds between an abort and the scale-down of what was aborted; undefined: never (`abortScaleDownDelaySeconds: 0`).
 */
function abortDelay({ spec }: View): number | undefined {
  const { abortScaleDownDelaySeconds: seconds = 30 } = spec.strategy.blueGreen ?? spec.strategy.canary
  return seconds === 0 ? undefined : seconds
}

/** rollout/replicaset.go shouldDelayScaleDownOnAbort. */
function delaysScaleDownOnAbort(view: View): boolean {
  const { canary } = view.spec.strategy
  return (
    isAborted(view) &&
    view.stable !== undefined &&
    (canary === undefined || canary.trafficRouting !== undefined) &&
    (canary?.dynamicStableScale !== true || canary.abortScaleDownDelaySeconds !== undefined) &&
    abortDelay(view) !== undefined
  )
}

/**
 * Scales the new ReplicaSet; after an abort it stays for a while and then goes (rollout/replicaset.go
 * reconcileNewReplicaSet). Answers when to look again.
 */
export function* scaleFresh(
  view: View,
  replicas: number,
): Generator<Write, { readonly scaled: boolean; readonly wakeAt?: number }> {
  const { fresh, stable } = view
  if (!delaysScaleDownOnAbort(view)) return { scaled: yield* scale(view, fresh, replicas) }
  const deadline = deadlineOf(fresh)
  if (deadline === undefined) {
    yield* scale(view, fresh, fresh.spec.replicas)
    if (available(stable) >= view.replicas) yield addDeadline(view, fresh, abortDelay(view)!)
    return { scaled: false }
  }
  const due = view.world.when({ kind: 'scale-down', object: `replicasets/${fresh.metadata.name}` }, deadline)
  if (due > view.world.now) {
    yield* scale(view, fresh, fresh.spec.replicas)
    return { scaled: false, wakeAt: due }
  }
  return { scaled: yield* scale(view, fresh, 0) }
}

function addDeadline({ world }: View, set: KubeObject, seconds: number): Write {
  return patchOf('replicasets', set, {
    metadata: { annotations: { [SCALE_DOWN_DEADLINE]: timestamp(world.now + 1000 * seconds) } },
  })
}

/**
 * A ReplicaSet that users have left runs on until its deadline, which it gets here the first time; beyond
 * `scaleDownDelayRevisionLimit` it goes at once (rollout/replicaset.go scaleDownDelayHelper). Answers when to look
 * again.
 * @param earlier how many run on before it
 */
export function* scaleDownLater(
  view: View,
  set: KubeObject,
  while_: number,
  earlier: number,
): Generator<Write, number | undefined> {
  const { scaleDownDelaySeconds: seconds = 30, scaleDownDelayRevisionLimit: limit = Infinity } =
    view.spec.strategy.blueGreen ?? view.spec.strategy.canary
  const deadline = deadlineOf(set)
  if (earlier >= limit) {
    yield* scale(view, set, 0)
    return undefined
  }
  if (deadline === undefined) {
    if (seconds > 0) yield addDeadline(view, set, seconds)
    return undefined
  }
  const due = view.world.when({ kind: 'scale-down', object: `replicasets/${set.metadata.name}` }, deadline)
  yield* scale(view, set, due > view.world.now ? while_ : 0)
  return due > view.world.now ? due : undefined
}

/** Old ReplicaSets beyond `revisionHistoryLimit` that have no pods (rollout/sync.go reconcileRevisionHistoryLimit). */
export function* forgetHistory({ spec, others, namespace }: View): Generator<Write> {
  const limit = spec.revisionHistoryLimit ?? 10
  for (const set of others.slice(0, Math.max(0, others.length - limit))) {
    if (set.spec.replicas === 0 && (set.status?.replicas ?? 0) === 0)
      yield { remove: 'replicasets', namespace, name: set.metadata.name }
  }
}
