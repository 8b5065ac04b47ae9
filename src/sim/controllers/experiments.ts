import { type KubeObject, timestamp } from '../objects.ts'
import { same } from '../patch.ts'
import type { Controller, SimWorld, Write } from '../simulation.ts'
import { controllerOf, ownedBy, type Pass, reconciling } from './reconciler.ts'
import { OVER } from './rollouts/experiments.ts'
import { HASH, SCALE_DOWN_DEADLINE } from './rollouts/keys.ts'
import { pauseSeconds } from './rollouts/pauses.ts'
import { withPodDefaults } from './rollouts/pod-defaults.ts'
import { templateHash } from './rollouts/template-hash.ts'
import { available, deadlineOf, patchOf } from './rollouts/view.ts'

/** Seconds for which the pods of an Experiment that is over go on. */
const DELAY = 30

/**
 * Argo Rollouts' Experiment controller: pods of a few templates side by side, with hashes of their own, for a while;
 * they go on for a while longer (experiments/experiment.go).
 */
export function experiments(): Controller {
  return reconciling({
    resource: 'experiments',
    concerns: ({ resource, object }) =>
      resource === 'replicasets' || resource === 'analysisruns' ? controllerOf(object, 'Experiment') : [],
    reconcile,
  })
}

function* reconcile(experiment: KubeObject, world: SimWorld): Pass {
  const { spec, status = {}, metadata } = experiment
  const runs = ownedBy(world.store, 'analysisruns', experiment)
  const templates: readonly any[] = spec?.templates ?? []
  const over = OVER.has(status.phase)
  const wakes: (number | undefined)[] = []
  for (const each of templates) wakes.push(yield* template(experiment, each, over || spec.terminate === true, world))
  const statuses = templates.map((each) => statusOf(experiment, each, world))
  const up = statuses.every(
    ({ availableReplicas, replicas, wanted }) => availableReplicas === wanted && replicas === wanted,
  )
  const availableAt = status.availableAt ?? (up && templates.length > 0 ? timestamp(world.now) : undefined)
  if (availableAt !== undefined && !over)
    for (const each of spec.analyses ?? []) yield* analyse(experiment, each, world)
  const seconds = pauseSeconds(spec?.duration)
  const ends = availableAt === undefined || seconds === undefined ? undefined : Date.parse(availableAt) + 1000 * seconds
  const failed = runs.find((run) => run.status?.phase === 'Failed' || run.status?.phase === 'Error')
  const phase = over
    ? status.phase
    : phaseOf(spec, { failed, runs, up, availableAt, passed: ends !== undefined && ends <= world.now })
  const next = {
    phase,
    ...(failed !== undefined && { message: failed.status.message }),
    ...(availableAt !== undefined && { availableAt }),
    templateStatuses: statuses.map(({ wanted: _wanted, ...each }) => ({ ...each, status: phase })),
  }
  if (!same({ ...status, ...next }, status))
    yield { patch: 'experiments', namespace: metadata.namespace!, name: metadata.name, body: { status: next } }
  const times = [...wakes, over ? undefined : ends].filter((each) => each !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

interface Seen {
  readonly failed: KubeObject | undefined
  readonly runs: readonly KubeObject[]
  readonly up: boolean
  readonly availableAt: string | undefined
  readonly passed: boolean
}

function phaseOf(spec: any, { failed, runs, availableAt, passed }: Seen): string {
  if (failed !== undefined) return failed.status.phase
  if (spec.terminate === true) return 'Successful'
  if (availableAt === undefined) return 'Pending'
  const analyses: readonly any[] = spec.analyses ?? []
  const wanted = analyses.filter(
    ({ requiredForCompletion }) => requiredForCompletion === true || spec.duration === undefined,
  )
  const done = wanted.every(({ name }) =>
    runs.some((run) => run.metadata.name.endsWith(`-${name}`) && run.status?.phase === 'Successful'),
  )
  const ends = spec.duration === undefined ? wanted.length > 0 : passed
  return ends && done ? 'Successful' : 'Running'
}

/** One ReplicaSet, and its Service where it is to have one; answers when to look again. */
function* template(
  experiment: KubeObject,
  each: any,
  over: boolean,
  world: SimWorld,
): Generator<Write, number | undefined> {
  const set = setOf(experiment, each, world)
  if (set === undefined) {
    if (!over) yield* create(experiment, each)
    return undefined
  }
  const { namespace = '', name } = set.metadata
  const serviceName: string = each.service?.name ?? name
  const service = each.service === undefined ? undefined : world.store.get('services', namespace, serviceName)
  const deadline = deadlineOf(set)
  if (!over) {
    if (each.service !== undefined && service === undefined)
      yield { create: 'services', namespace, body: serviceFor(experiment, set, serviceName) }
    return undefined
  }
  if (set.spec.replicas === 0) {
    if (service !== undefined && available(set) === 0) yield { remove: 'services', namespace, name: serviceName }
    return undefined
  }
  if (deadline === undefined) {
    const delay: number = experiment.spec.scaleDownDelaySeconds ?? DELAY
    yield patchOf('replicasets', set, {
      metadata: { annotations: { [SCALE_DOWN_DEADLINE]: timestamp(world.now + 1000 * delay) } },
    })
    return world.now + 1000 * delay
  }
  if (deadline > world.now) return deadline
  yield patchOf('replicasets', set, { spec: { replicas: 0 } })
  return undefined
}

function setOf({ metadata }: KubeObject, { name }: any, { store }: SimWorld): KubeObject | undefined {
  return store.get('replicasets', metadata.namespace, `${metadata.name}-${name}`)
}

function ownerOf({ metadata: { name, uid } }: KubeObject): unknown {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Experiment',
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

function* create(experiment: KubeObject, { name, replicas = 1, template: wanted, selector }: any): Generator<Write> {
  const hash = templateHash(wanted)
  const labels = { ...wanted.metadata?.labels, [HASH]: hash }
  const annotations = {
    'experiment.argoproj.io/name': experiment.metadata.name,
    'experiment.argoproj.io/template-name': name,
  }
  yield {
    create: 'replicasets',
    namespace: experiment.metadata.namespace!,
    body: {
      metadata: {
        name: `${experiment.metadata.name}-${name}`,
        labels,
        annotations,
        ownerReferences: [ownerOf(experiment)],
      },
      spec: {
        replicas,
        selector: { matchLabels: { ...selector?.matchLabels, [HASH]: hash } },
        template: { ...withPodDefaults(wanted), metadata: { ...wanted.metadata, labels } },
      },
    },
  }
}

function serviceFor(experiment: KubeObject, { metadata, spec }: KubeObject, name: string): unknown {
  const ports = spec.template.spec.containers.flatMap((each: any) => each.ports ?? [])
  return {
    metadata: {
      name,
      ownerReferences: [ownerOf(experiment)],
      annotations: { 'experiment.argoproj.io/name': experiment.metadata.name },
    },
    spec: {
      selector: metadata.labels,
      ports: ports.map(({ name: port, containerPort }: any) => ({
        ...(port && { name: port }),
        port: containerPort,
        targetPort: containerPort,
        protocol: 'TCP',
      })),
    },
  }
}

function* analyse(experiment: KubeObject, { name, templateName }: any, { store }: SimWorld): Generator<Write> {
  const { namespace = '', name: owner } = experiment.metadata
  if (store.get('analysisruns', namespace, `${owner}-${name}`) !== undefined) return
  const metrics = store.get('analysistemplates', namespace, templateName)?.spec?.metrics ?? []
  yield {
    create: 'analysisruns',
    namespace,
    body: { metadata: { name: `${owner}-${name}`, ownerReferences: [ownerOf(experiment)] }, spec: { metrics } },
  }
}

function statusOf(experiment: KubeObject, each: any, world: SimWorld): any {
  const set = setOf(experiment, each, world)
  const { replicas = 0, readyReplicas = 0 } = set?.status ?? {}
  const serviceName =
    each.service === undefined || set === undefined ? undefined : (each.service.name ?? set.metadata.name)
  return {
    name: each.name,
    replicas,
    updatedReplicas: replicas,
    readyReplicas,
    availableReplicas: available(set),
    wanted: each.replicas ?? 1,
    ...(serviceName !== undefined && { serviceName, podTemplateHash: set!.metadata.labels?.[HASH] }),
  }
}
