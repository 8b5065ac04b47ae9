import type { KubeObject } from '../objects.ts'
import type { Controller, SimWorld, Write } from '../simulation.ts'
import { type Pass, reconciling } from './reconciler.ts'
import { COMPLETED } from './rollouts/analysis.ts'

/** Milliseconds until an analysis without an initial delay is over. */
const LASTS = 1000

/** On the pod template of a Job by which a metric is measured: the code its pods end with. */
const EXIT = 'pod-complete.stage.kwok.x-k8s.io/exit'

/**
 * Analyses that start no Job: a run is Running, and after a second, or when it is terminated, Successful, or Failed
 * where a Job's pods would end with another code than 0; one whose first metric has an `initialDelay` runs until
 * somebody writes its `status.phase`.
 */
export function analysisRuns(): Controller {
  return reconciling({ resource: 'analysisruns', concerns: () => [], reconcile })
}

function* reconcile(run: KubeObject, world: SimWorld): Pass {
  const { name, namespace = '', creationTimestamp } = run.metadata
  const end = (phase: string, message?: string): Write => ({
    patch: 'analysisruns',
    namespace,
    name,
    body: { status: { phase, ...(message !== undefined && { message }) } },
  })
  if (COMPLETED.has(run.status?.phase)) return
  if (run.spec?.terminate === true) {
    yield end('Successful')
    return
  }
  if (run.status?.phase === undefined) {
    yield {
      patch: 'analysisruns',
      namespace,
      name,
      body: { status: { phase: 'Running', startedAt: new Date(world.now).toISOString() } },
    }
    return
  }
  if (run.spec?.metrics?.[0]?.initialDelay !== undefined) return
  const due = world.when(
    { kind: 'analysis', object: `analysisruns/${name}` },
    Date.parse(run.status.startedAt ?? creationTimestamp) + LASTS,
  )
  if (due > world.now) return due
  const failing = run.spec?.metrics?.find(
    (each: any) => (each?.provider?.job?.spec?.template?.metadata?.annotations?.[EXIT] ?? '0') !== '0',
  )
  yield failing === undefined
    ? end('Successful')
    : end('Failed', `Metric "${failing.name}" assessed Failed due to failed (1) > failureLimit (0)`)
}
