import type { Controller } from '../simulation.ts'
import { analysisRuns } from './analysis-runs.ts'
import { autoscalers } from './autoscalers.ts'
import { endpointSlices } from './endpoint-slices.ts'
import { experiments } from './experiments.ts'
import { garbageCollector } from './garbage-collector.ts'
import { kubelet } from './kubelet.ts'
import { managedServices } from './managed-services.ts'
import { namespaces } from './namespaces.ts'
import { replicaSets } from './replica-sets.ts'
import { rollouts } from './rollouts.ts'

/**
 * Everything that acts by itself in a cluster; made anew for each simulation, since each keeps its queue.
 * @param countsTerminating as of `replicaSets`
 */
export function controllers(countsTerminating = false): Controller[] {
  return [
    kubelet(),
    garbageCollector(),
    namespaces(),
    replicaSets(countsTerminating),
    endpointSlices(),
    analysisRuns(),
    autoscalers(),
    experiments(),
    managedServices(),
    rollouts(),
  ]
}
