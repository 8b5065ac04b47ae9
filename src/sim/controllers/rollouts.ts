import type { KubeObject } from '../objects.ts'
import type { Controller, SimWorld, Write } from '../simulation.ts'
import { rolloutsOf } from './managed-services.ts'
import { controllerOf, keyOf, reconciling, type Pass } from './reconciler.ts'
import { blueGreen, replicaSets as blueGreenSets } from './rollouts/blue-green.ts'
import { canary, replicaSets as canarySets } from './rollouts/canary.ts'
import { pausedConditions } from './rollouts/conditions.ts'
import { phaseOf } from './rollouts/phase.ts'
import { faultOf, sayInvalid } from './rollouts/invalid-spec.ts'
import { DESIRED, INSTANCE_ID, WORKLOAD_GENERATION } from './rollouts/keys.ts'
import { createReplicaSet, syncRevision } from './rollouts/replica-sets.ts'
import { baseStatus, persist } from './rollouts/status.ts'
import { available, hashOf, patchOf, sum, type View, viewOf } from './rollouts/view.ts'

/**
 * Argo Rollouts' controller (1.10): what it writes, in the order in which it writes it. The conformance tests hold it
 * to the real one.
 */
export function rollouts(): Controller {
  return reconciling({
    resource: 'rollouts',
    concerns: ({ type, resource, object }, store) => {
      if (resource === 'replicasets' || resource === 'analysisruns' || resource === 'experiments')
        return controllerOf(object, 'Rollout')
      if (resource === 'services') return rolloutsOf(object, store.all('rollouts')).map((each) => keyOf(each.metadata))
      if (resource !== 'deployments' || type === 'DELETED') return []
      const { namespace, name } = object.metadata
      return [...store.all('rollouts')]
        .filter((each) => each.metadata.namespace === namespace && each.spec?.workloadRef?.name === name)
        .map((each) => keyOf(each.metadata))
    },
    reconcile,
  })
}

/** rollout/controller.go syncHandler, rollout/context.go reconcile. */
function* reconcile(rollout: KubeObject, world: SimWorld): Pass {
  if (rollout.metadata.labels?.[INSTANCE_ID] !== undefined) return
  const { spec, status = {}, metadata } = rollout
  const workload =
    spec?.workloadRef === undefined
      ? undefined
      : world.store.get('deployments', metadata.namespace, spec.workloadRef.name)
  const fault = faultOf(rollout, workload, world.store)
  if (fault !== undefined) return yield* sayInvalid(rollout, fault, world)
  const generation = workload === undefined ? undefined : String(workload.metadata.generation)
  if (generation !== undefined && metadata.annotations?.[WORKLOAD_GENERATION] !== generation) {
    yield patchOf('rollouts', rollout, { metadata: { annotations: { [WORKLOAD_GENERATION]: generation } } })
    return
  }
  const orphans = orphansOf(rollout, workload, world)
  if (orphans.length > 0) return yield* adopt(rollout, orphans)
  const template = workload?.spec.template ?? spec.template
  const view = viewOf(rollout, template, world)
  if (view === undefined) return yield* createReplicaSet(rollout, template, world)
  if (status.stableRS !== undefined && status.stableRS === status.currentPodHash && status.abort === true)
    view.pauses.abort = false
  if (spec.replicas === undefined) {
    yield patchOf('rollouts', rollout, { spec: { replicas: 1 } })
    return
  }
  const conditions = pausedConditions(view)
  if (conditions !== undefined) {
    const next = { ...status, conditions, observedGeneration: String(metadata.generation) }
    const { phase, message } = phaseOf(spec, next)
    yield patchOf('rollouts', rollout, {
      status: {
        conditions,
        observedGeneration: next.observedGeneration,
        phase,
        message: message === '' ? null : message,
      },
    })
    return
  }
  yield* syncRevision(view)
  if (isScaling(view)) return yield* syncReplicas(view)
  return yield* spec.strategy.blueGreen !== undefined ? blueGreen(view) : canary(view)
}

/**
 * ReplicaSets that nobody controls and that the selector selects: of a Rollout that was deleted alone
 * (rollout/replicaset.go getReplicaSetsForRollouts).
 */
function orphansOf(
  { metadata: { namespace }, spec }: KubeObject,
  workload: KubeObject | undefined,
  { store }: SimWorld,
): KubeObject[] {
  const wanted = Object.entries((spec.selector ?? workload?.spec.selector)?.matchLabels ?? {})
  return [...store.all('replicasets')].filter(
    ({ metadata }) =>
      metadata.namespace === namespace &&
      wanted.length > 0 &&
      wanted.every(([key, value]) => metadata.labels?.[key] === value) &&
      metadata.ownerReferences?.some(({ controller }) => controller === true) !== true,
  )
}

function* adopt({ metadata: { name, uid } }: KubeObject, orphans: readonly KubeObject[]): Generator<Write> {
  for (const set of orphans) {
    const owner = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      name,
      uid,
      controller: true,
      blockOwnerDeletion: true,
    }
    yield patchOf('replicasets', set, {
      metadata: { ownerReferences: [...(set.metadata.ownerReferences ?? []), owner] },
    })
  }
}

/** Somebody changed `spec.replicas`: only that is followed in this pass (rollout/sync.go isScalingEvent). */
function isScaling({ fresh, stable, replicas }: View): boolean {
  return [fresh, stable].some(
    (set) =>
      set !== undefined &&
      set.spec.replicas > 0 &&
      set.metadata.annotations?.[DESIRED] !== undefined &&
      set.metadata.annotations[DESIRED] !== String(replicas),
  )
}

/** rollout/sync.go syncReplicasOnly. */
function* syncReplicas(view: View): Generator<Write, number | undefined> {
  const { status, spec } = view
  if (spec.strategy.blueGreen !== undefined) yield* blueGreenSets(view)
  else yield* canarySets(view)
  const active = view.sets.find((each) => hashOf(each) === status.blueGreen?.activeSelector)
  const counted = spec.strategy.blueGreen !== undefined && active !== undefined ? [active] : view.sets
  return yield* persist(view, {
    ...baseStatus(view),
    currentPodHash: status.currentPodHash,
    availableReplicas: sum(counted, available),
    HPAReplicas: sum(counted, (each) => each.status?.replicas ?? 0),
  })
}
