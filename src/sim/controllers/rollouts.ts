import { type KubeObject, timestamp } from '../objects.ts'
import type { Controller, World, Write } from '../simulation.ts'
import { controllerOf, keyOf, type Pass, reconciling } from './reconciler.ts'
import { blueGreen, replicaSets as blueGreenSets } from './rollouts/blue-green.ts'
import { canary, replicaSets as canarySets } from './rollouts/canary.ts'
import { conditionSet, pausedConditions, phaseOf } from './rollouts/conditions.ts'
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
    concerns: ({ resource, object }, store) => {
      if (resource === 'replicasets' || resource === 'analysisruns') return controllerOf(object, 'Rollout')
      if (resource !== 'services' && resource !== 'deployments') return []
      return [...store.all('rollouts')]
        .filter(
          (each) =>
            each.metadata.namespace === object.metadata.namespace &&
            names(each, resource).includes(object.metadata.name),
        )
        .map((each) => keyOf(each.metadata))
    },
    reconcile,
  })
}

/** What a Rollout names: its Services, or its workload. */
function names({ spec }: KubeObject, resource: 'services' | 'deployments'): string[] {
  const { blueGreen: of = {}, canary: or = {} } = spec.strategy ?? {}
  const found =
    resource === 'services'
      ? [of.activeService, of.previewService, or.stableService, or.canaryService]
      : [spec.workloadRef?.name]
  return found.filter((each) => each !== undefined)
}

/** rollout/controller.go syncHandler, rollout/context.go reconcile. */
function* reconcile(rollout: KubeObject, world: World): Pass {
  if (rollout.metadata.labels?.[INSTANCE_ID] !== undefined) return
  const { spec, status = {}, metadata } = rollout
  const workload =
    spec.workloadRef === undefined
      ? undefined
      : world.store.get('deployments', metadata.namespace, spec.workloadRef.name)
  const wrong = invalid(rollout, workload, world)
  if (wrong !== undefined) return yield* invalidSpec(rollout, wrong, world)
  const generation = workload === undefined ? undefined : String(workload.metadata.generation)
  if (generation !== undefined && metadata.annotations?.[WORKLOAD_GENERATION] !== generation) {
    yield patchOf('rollouts', rollout, { metadata: { annotations: { [WORKLOAD_GENERATION]: generation } } })
    return
  }
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

/** Why a spec is refused: a Service or workload that is not there, in the validation's words. */
function invalid(
  { spec, metadata }: KubeObject,
  workload: KubeObject | undefined,
  { store }: World,
): string | undefined {
  if (spec.workloadRef !== undefined && workload === undefined)
    return `The Rollout "${metadata.name}" is invalid: spec.workloadRef.name: Invalid value: "${spec.workloadRef.name}": deployments.apps "${spec.workloadRef.name}" not found`
  if (spec.workloadRef !== undefined && spec.template !== undefined)
    return `The Rollout "${metadata.name}" is invalid: template must be empty for workload reference rollout`
  const { blueGreen: of, canary: or } = spec.strategy ?? {}
  if (of === undefined && or === undefined)
    return `The Rollout "${metadata.name}" is invalid: spec.strategy.strategy: Required value: Rollout has no strategy`
  const [path, services] =
    of !== undefined
      ? (['blueGreen', { activeService: of.activeService, previewService: of.previewService }] as const)
      : (['canary', { stableService: or.stableService, canaryService: or.canaryService }] as const)
  const [field, name] =
    Object.entries(services).find(
      ([, each]) => each !== undefined && store.get('services', metadata.namespace, each) === undefined,
    ) ?? []
  return field === undefined
    ? undefined
    : `The Rollout "${metadata.name}" is invalid: spec.strategy.${path}.${field}: Invalid value: "${name}": service "${name}" not found`
}

function* invalidSpec(rollout: KubeObject, message: string, { now }: World): Generator<Write> {
  const { spec, status = {}, metadata } = rollout
  const before = status.conditions ?? []
  if (
    before.some((each: { type: string; message: string }) => each.type === 'InvalidSpec' && each.message === message) &&
    status.observedGeneration === String(metadata.generation)
  )
    return
  const conditions = conditionSet(
    before,
    { type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message },
    timestamp(now),
    true,
  )
  yield patchOf('rollouts', rollout, {
    status: {
      ...phaseOf(spec, { ...status, conditions }),
      conditions,
      observedGeneration: String(metadata.generation),
    },
  })
}
