import type { KubeObject } from '../objects.ts'
import type { Controller, World, Write } from '../simulation.ts'
import { reconciling, type Pass } from './reconciler.ts'
import { COMPLETED } from './rollouts/analysis.ts'

/** Milliseconds until an analysis without an initial delay is over. */
const LASTS = 1000

/**
 * Analyses that measure nothing: a run is Running, and Successful after a second, or when it is terminated; one whose first metric has an
 * `initialDelay` runs until somebody writes its `status.phase`.
 */
export function analysisRuns(): Controller {
  return reconciling({ resource: 'analysisruns', concerns: () => [], reconcile })
}

function* reconcile(run: KubeObject, world: World): Pass {
  const { name, namespace = '', creationTimestamp } = run.metadata
  const end = (phase: string): Write => ({ patch: 'analysisruns', namespace, name, body: { status: { phase } } })
  if (COMPLETED.has(run.status?.phase)) return
  if (run.spec?.terminate === true) {
    yield end('Successful')
    return
  }
  if (run.status?.phase === undefined) {
    yield { patch: 'analysisruns', namespace, name, body: { status: { phase: 'Running', startedAt: new Date(world.now).toISOString() } } }
    return
  }
  if (run.spec?.metrics?.[0]?.initialDelay !== undefined) return
  const due = world.when({ kind: 'analysis', object: `analysisruns/${name}` }, Date.parse(run.status.startedAt ?? creationTimestamp) + LASTS)
  if (due > world.now) return due
  yield end('Successful')
}
