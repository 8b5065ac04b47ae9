import type { KubeObject } from '../../objects.ts'
import type { Write } from '../../simulation.ts'
import { ownedBy } from '../reconciler.ts'
import { HASH, REVISION } from './keys.ts'
import { isAborted } from './pauses.ts'
import { hashOf, hasPause, type View } from './view.ts'

export const OVER: ReadonlySet<string> = new Set(['Successful', 'Failed', 'Error', 'Inconclusive'])

/** The Experiment of the current step, as it is; it stays the status' one until it has succeeded. */
export function currentExperiment(view: View): KubeObject | undefined {
  const name = view.status.canary?.currentExperiment
  const named = name === undefined ? undefined : view.world.store.get('experiments', view.namespace, name)
  const { rollout, hash, status } = view
  const { name: owner, annotations } = rollout.metadata
  const own = `${owner}-${hash}-${annotations?.[REVISION]}-${status.currentStepIndex ?? 0}`
  return named ?? ownedBy(view.world.store, 'experiments', rollout).find(({ metadata }) => metadata.name === own)
}

function stepOf({ spec, status }: View): any {
  return spec.strategy.canary.steps?.[status.currentStepIndex ?? 0]?.experiment
}

/**
 * Starts, follows and ends the Experiments; answers the one the status names: null where there is none
 * (rollout/experiment.go reconcileExperiments).
 */
export function* reconcileExperiments(view: View): Generator<Write, string | null> {
  const { status, pauses, stable, world, rollout } = view
  const running = ownedBy(world.store, 'experiments', rollout)
  if (isAborted(view) || status.promoteFull === true) {
    for (const each of running) yield* cancel(each)
    return null
  }
  if (hasPause(status, 'InconclusiveAnalysisRun')) return null
  const step = stepOf(view)
  if (step === undefined) {
    for (const each of running) yield* cancel(each)
    return null
  }
  if (stable === undefined || hashOf(stable) === view.hash) return null
  const experiment = currentExperiment(view) ?? (yield* create(view, step))
  for (const each of running) if (each.metadata.name !== experiment.metadata.name) yield* cancel(each)
  switch (experiment.status?.phase) {
    case 'Inconclusive':
      pauses.add.add('InconclusiveExperiment')
      return null
    case 'Failed':
    case 'Error': {
      const said = experiment.status.message
      pauses.abort = { message: ['Experiment analysis phase is error/failed', said].filter(Boolean).join(': ') }
      return null
    }
    case 'Successful':
      return null
    default:
      return experiment.metadata.name
  }
}

function* create(view: View, step: any): Generator<Write, KubeObject> {
  const { rollout, hash, status, stable, fresh, namespace, world } = view
  const { name: owner, uid, annotations, labels } = rollout.metadata
  const revision = annotations?.[REVISION] ?? ''
  const name = `${owner}-${hash}-${revision}-${status.currentStepIndex ?? 0}`
  yield {
    create: 'experiments',
    namespace,
    body: {
      metadata: {
        name,
        labels: { ...labels, [HASH]: hash },
        annotations: { [REVISION]: revision },
        ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: owner, uid, controller: true }],
      },
      spec: {
        ...(step.duration !== undefined && { duration: step.duration }),
        templates: step.templates.map((each: any) => templateOf(each, each.specRef === 'stable' ? stable! : fresh)),
        ...(step.analyses !== undefined && {
          analyses: step.analyses.map(({ name, templateName }: any) => ({ name, templateName })),
        }),
      },
    },
  }
  return world.store.get('experiments', namespace, name)!
}

function templateOf({ name, replicas, weight, service, metadata }: any, set: KubeObject): unknown {
  const { template, selector } = set.spec
  const labels = { ...template.metadata?.labels, ...metadata?.labels }
  const annotations = { ...template.metadata?.annotations, ...metadata?.annotations }
  return {
    name,
    ...(replicas !== undefined && { replicas }),
    ...((weight !== undefined || service !== undefined) && {
      service: { ...(service?.name && { name: service.name }) },
    }),
    selector: { ...selector, matchLabels: { ...selector?.matchLabels, ...metadata?.labels } },
    template: { ...template, metadata: { ...template.metadata, labels, annotations } },
  }
}

function* cancel(experiment: KubeObject): Generator<Write> {
  if (experiment.spec?.terminate === true || OVER.has(experiment.status?.phase)) return
  const { namespace = '', name } = experiment.metadata
  yield { patch: 'experiments', namespace, name, body: { spec: { terminate: true } } }
}

/**
 * What the routers send to the pods of a running Experiment (rollout/trafficrouting.go
 * calculateWeightDestinationsFromExperiment).
 */
export function experimentWeights(
  view: View,
): { weight: number; podTemplateHash: string; serviceName: string | null }[] {
  const { spec, status } = view
  const steps = spec.strategy.canary.steps ?? []
  const step = steps.slice(0, (status.currentStepIndex ?? 0) + 1).findLast((each: any) => each.experiment !== undefined)
  const experiment = currentExperiment(view)
  if (step === undefined || experiment?.status?.phase !== 'Running') return []
  return (experiment.status.templateStatuses ?? []).flatMap(({ name, serviceName, podTemplateHash }: any) => {
    const weight = step.experiment.templates.find((each: any) => each.name === name)?.weight
    return weight === undefined ? [] : [{ weight, podTemplateHash, serviceName: serviceName ?? null }]
  })
}
