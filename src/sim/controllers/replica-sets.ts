import { ApiFailure, type KubeObject, timestamp } from '../objects.ts'
import { same } from '../patch.ts'
import type { Controller, SimWorld, Write } from '../simulation.ts'
import { controllerOf, ownedBy, type Pass, reconciling } from './reconciler.ts'

/**
 * Kubernetes' ReplicaSet controller: as many pods as a ReplicaSet asks for, unready and young ones going first, and its
 * counts.
 * @param countsTerminating those of terminating pods, too (feature DeploymentReplicaSetTerminatingReplicas)
 */
export function replicaSets(countsTerminating = false): Controller {
  return reconciling({
    resource: 'replicasets',
    concerns: ({ resource, object }) => (resource === 'pods' ? controllerOf(object, 'ReplicaSet') : []),
    reconcile: (set, world) => reconcile(set, world, countsTerminating),
  })
}

/** Milliseconds until it is tried again to make pods that were refused. */
const AGAIN = 5000

function* reconcile(set: KubeObject, { store, now }: SimWorld, countsTerminating: boolean): Pass {
  const namespace = set.metadata.namespace!
  const pods = ownedBy(store, 'pods', set).filter(isActive)
  const wanted: number = set.spec.replicas ?? 1
  const refused = yield* create(set, wanted - pods.length)
  for (const pod of goingFirst(pods).slice(0, Math.max(0, pods.length - wanted))) {
    yield {
      patch: 'pods',
      namespace,
      name: pod.metadata.name,
      body: { metadata: { deletionTimestamp: new Date(now).toISOString() } },
    }
  }
  const owned = ownedBy(store, 'pods', set)
  const there = owned.filter(isActive)
  const ready = there.filter(isReady).length
  const seen = set.status ?? {}
  const status = {
    replicas: there.length,
    readyReplicas: ready,
    availableReplicas: ready,
    observedGeneration: set.metadata.generation,
    ...(countsTerminating && { terminatingReplicas: owned.filter(isTerminating).length }),
    conditions: conditions(seen.conditions, refused, timestamp(now)),
  }
  if (!Object.entries(status).every(([key, value]) => same(seen[key], value))) {
    yield {
      patch: 'replicasets',
      namespace,
      name: set.metadata.name,
      body: { status: { ...status, conditions: status.conditions ?? null, fullyLabeledReplicas: there.length } },
    }
  }
  return refused === undefined ? undefined : now + AGAIN
}

/** Makes so many pods; answers why the first that was refused was. */
function* create(set: KubeObject, count: number): Generator<Write, ApiFailure | undefined> {
  try {
    for (let made = 0; made < count; made++) {
      yield { create: 'pods', namespace: set.metadata.namespace!, body: podOf(set) }
    }
  } catch (failure) {
    if (failure instanceof ApiFailure) return failure
    throw failure
  }
  return undefined
}

/** With ReplicaFailure where pods were refused (controller/replicaset/replica_set_utils.go calculateStatus). */
function conditions(before: any[] | undefined, refused: ApiFailure | undefined, now: string): any[] | undefined {
  const others = (before ?? []).filter(({ type }) => type !== 'ReplicaFailure')
  if (refused === undefined) return others.length === 0 ? undefined : others
  const known = before?.find(({ type }) => type === 'ReplicaFailure')
  const failure = known ?? {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: now,
    reason: 'FailedCreate',
    message: refused.message,
  }
  return [...others, failure]
}

function podOf(set: KubeObject): unknown {
  const { metadata, spec } = set.spec.template
  return {
    metadata: {
      generateName: `${set.metadata.name}-`,
      labels: metadata?.labels,
      ...(metadata?.annotations && { annotations: metadata.annotations }),
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: set.metadata.name,
          uid: set.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: { ...spec, nodeName: 'simulated' },
  }
}

/** Terminating, evicted and completed pods are replaced, and do not count (controller.FilterActivePods). */
function isActive({ metadata, status }: KubeObject): boolean {
  return metadata.deletionTimestamp === undefined && !isOver(status?.phase)
}

/** On its way out, and not over (controller.FilterTerminatingPods). */
function isTerminating({ metadata, status }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && !isOver(status?.phase)
}

/** Whether no container of a pod runs any more; its object stays. */
export function isOver(phase: unknown): boolean {
  return phase === 'Failed' || phase === 'Succeeded'
}

/** Unready before ready, then young before old. */
function goingFirst(pods: readonly KubeObject[]): KubeObject[] {
  return [...pods].reverse().sort((a, b) => Number(isReady(a)) - Number(isReady(b)))
}

export function isReady({ status }: KubeObject): boolean {
  return (
    status?.conditions?.some(
      (each: { type: string; status: string }) => each.type === 'Ready' && each.status === 'True',
    ) ?? false
  )
}
