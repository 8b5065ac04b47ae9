import type { Write } from '../../simulation.ts'
import { atCounts } from './canary-counts.ts'
import { abortedWeight, dynamicallyBack, isRouted, maxWeight, setWeight } from './canary-weights.ts'
import { experimentWeights } from './experiments.ts'
import { isAborted } from './pauses.ts'
import { ensureTargets } from './services.ts'
import { available, hashOf, type View } from './view.ts'

/** What the controller knows to tell weights to; of `trafficRouting: {}` nothing is told. */
const ROUTERS = ['alb', 'ambassador', 'appMesh', 'apisix', 'istio', 'nginx', 'plugins', 'smi', 'traefik']

/**
 * The weights that the routers are told in this pass, as the status shows them: never more for the canary than it has
 * pods for; undefined where those of before stay (rollout/trafficrouting.go reconcileTrafficRouting).
 */
export function* routeTraffic(view: View): Generator<Write, unknown> {
  const { spec, status, stable, fresh } = view
  if (!isRouted(view) || !ROUTERS.some((each) => spec.strategy.canary.trafficRouting[each] !== undefined)) return null
  const { canaryService, stableService } = spec.strategy.canary
  const back = dynamicallyBack(view)
  const { weight, additional = [] } = back === undefined ? yield* wantedWeight(view) : { weight: abortedWeight(view) }
  const most = maxWeight(view)
  if (stable === undefined || available(stable) < Math.floor(((most - weight) * view.replicas) / most)) return undefined
  return {
    canary: { weight, podTemplateHash: back ?? hashOf(fresh), serviceName: canaryService ?? null },
    stable: {
      weight: additional.reduce((rest, each) => rest - each.weight, most - weight),
      podTemplateHash: status.stableRS,
      serviceName: stableService ?? null,
    },
    additional: additional.length === 0 ? null : additional,
  }
}

interface Weights {
  readonly weight: number
  readonly additional?: readonly { readonly weight: number }[]
}

function* wantedWeight(view: View): Generator<Write, Weights> {
  const { spec, status, stable, fresh, replicas } = view
  const { canaryService, dynamicStableScale, steps = [] } = spec.strategy.canary
  if (status.stableRS !== undefined && status.stableRS === status.currentPodHash) return { weight: 0 }
  if (isAborted(view)) {
    const weight = abortedWeight(view)
    if (dynamicStableScale !== true || weight === 0) yield* ensureTargets(view, canaryService, stable, false)
    return { weight }
  }
  if (available(fresh) === 0) return { weight: 0, additional: experimentWeights(view) }
  if (status.promoteFull === true) {
    const byPods = Math.floor((maxWeight(view) * available(fresh)) / replicas)
    return { weight: dynamicStableScale === true ? byPods : (status.canary?.weights?.canary.weight ?? 0) }
  }
  if (steps.length === 0) return { weight: 0 }
  const index: number = status.currentStepIndex ?? 0
  if (!atCounts(view, undefined)) {
    const before = steps.slice(0, index).findLast((each: any) => each.setWeight !== undefined)
    return { weight: before?.setWeight ?? 0, additional: experimentWeights(view) }
  }
  return index < steps.length
    ? { weight: setWeight(view), additional: experimentWeights(view) }
    : { weight: maxWeight(view) }
}
