import type { KubeObject } from '../../objects.ts'
import { invalid, required } from './faults.ts'

type Rule = (spec: any) => string | undefined

/**
 * What is wrong with a Rollout by itself, in the controller's words (pkg/apis/rollouts/validation ValidateRolloutSpec),
 * as far as a person may meet it.
 */
export function specFault({ spec = {} }: KubeObject, template: any): string | undefined {
  if (spec.workloadRef === undefined && spec.selector === undefined)
    return required('spec.selector', "Rollout has missing field '.spec.selector'")
  const labels = template?.metadata?.labels ?? {}
  const matches = Object.entries(spec.selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value)
  if (!matches) return invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')
  if (!Array.isArray(template?.spec?.containers)) return required('spec.template.spec.containers', '')
  const { blueGreen, canary } = spec.strategy ?? {}
  if (blueGreen === undefined && canary === undefined)
    return required(
      'spec.strategy.strategy',
      "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'",
    )
  if (blueGreen !== undefined && canary !== undefined)
    return invalid('spec.strategy.strategy', 'blueGreen: true canary: true', 'Multiple Strategies can not be listed')
  return first(blueGreen !== undefined ? BLUE_GREEN : CANARY, spec)
}

const SAME = (one: string, other: string) =>
  `This rollout uses the same service for the ${one} and ${other} services, but two different services are required.`
/** Whether a router must be told both Services (requireCanaryStableServices). */
function needsBoth(router: string, { trafficRouting, pingPong }: any): boolean {
  const routing = trafficRouting?.[router]
  if (routing === undefined) return false
  return !(router === 'istio' && routing.destinationRule) && !(['alb', 'istio'].includes(router) && pingPong)
}

const ROUTERS = ['alb', 'istio', 'smi', 'apisix', 'ambassador', 'nginx', 'appMesh', 'traefik']

const BLUE_GREEN: readonly Rule[] = [
  ({
    strategy: {
      blueGreen: { activeService, previewService },
    },
  }) =>
    activeService === previewService
      ? invalid('spec.strategy.activeService', activeService, SAME('active', 'preview'))
      : undefined,
  ({
    revisionHistoryLimit = 10,
    strategy: {
      blueGreen: { scaleDownDelayRevisionLimit: limit = 0 },
    },
  }) =>
    revisionHistoryLimit < limit
      ? invalid(
          'spec.strategy.scaleDownDelayRevisionLimit',
          limit,
          "This rollout's revision history limit can not be smaller than the rollout's scale down limit",
        )
      : undefined,
]

const CANARY: readonly Rule[] = [
  ({
    strategy: {
      canary: { stableService, canaryService },
    },
  }) =>
    stableService !== undefined && stableService === canaryService
      ? invalid('spec.strategy.stableService', stableService, SAME('stable', 'canary'))
      : undefined,
  ({
    strategy: {
      canary: { pingPong: { pingService, pongService } = { pingService: 'ping', pongService: 'pong' } },
    },
  }) =>
    pingService === pongService
      ? invalid('spec.strategy.pingPong.pingService', pingService, SAME('ping', 'pong'))
      : undefined,
  ({ strategy: { canary } }) => {
    const missing = ROUTERS.some((each) => needsBoth(each, canary))
      ? ['stableService', 'canaryService'].find((field) => canary[field] === undefined)
      : undefined
    return missing === undefined
      ? undefined
      : invalid(
          `spec.strategy.${missing}`,
          '',
          'Canary service and Stable service must to be set to use Traffic Routing',
        )
  },
  ({ strategy: { canary } }) =>
    canary.trafficRouting !== undefined || canary.dynamicStableScale !== true
      ? undefined
      : invalid(
          'spec.strategy.dynamicStableScale',
          true,
          'Canary dynamicStableScale can only be used with traffic routing',
        ),
  ({ strategy: { canary } }) =>
    canary.trafficRouting !== undefined || canary.scaleDownDelaySeconds === undefined
      ? undefined
      : invalid(
          'spec.strategy.scaleDownDelaySeconds',
          canary.scaleDownDelaySeconds,
          'Canary scaleDownDelaySeconds can only be used with traffic routing',
        ),
  ({ strategy: { canary } }) =>
    canary.dynamicStableScale !== true || canary.scaleDownDelaySeconds === undefined
      ? undefined
      : invalid(
          'spec.strategy.dynamicStableScale',
          true,
          'Canary dynamicStableScale cannot be used with scaleDownDelaySeconds',
        ),
  ({
    strategy: {
      canary: { trafficRouting: { maxTrafficWeight, nginx, plugins } = {} as any },
    },
  }) =>
    maxTrafficWeight === undefined || nginx !== undefined || plugins !== undefined
      ? undefined
      : invalid(
          'spec.strategy.trafficRouting.maxTrafficWeight',
          maxTrafficWeight,
          'Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins',
        ),
  ({ strategy: { canary } }) =>
    first(
      (canary.steps ?? []).map(
        (step: any, index: number): Rule =>
          () =>
            stepFault(step, `spec.strategy.steps[${index}]`, canary.trafficRouting),
      ),
      undefined,
    ),
]

const STEPS = [
  'setWeight',
  'pause',
  'setCanaryScale',
  'analysis',
  'experiment',
  'setHeaderRoute',
  'setMirrorRoute',
  'plugin',
]

function stepFault(step: any, path: string, router: any): string | undefined {
  const most = router?.maxTrafficWeight ?? 100
  if (!STEPS.some((each) => step?.[each] !== undefined))
    return invalid(
      path,
      step,
      'Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause',
    )
  if (step.setWeight !== undefined && !(step.setWeight >= 0 && step.setWeight <= most))
    return invalid(`${path}.setWeight`, step.setWeight, `SetWeight needs to be between 0 and ${most}`)
  if (step.setCanaryScale !== undefined && router === undefined)
    return required('spec.strategy.trafficRouting', 'SetCanaryScale requires TrafficRouting to be set')
  const needed =
    step.setHeaderRoute !== undefined
      ? 'setHeaderRoute'
      : step.setMirrorRoute !== undefined
        ? 'setMirrorRoute'
        : undefined
  if (needed === undefined) return undefined
  const can = needed === 'setHeaderRoute' ? ['istio', 'alb', 'apisix', 'plugins'] : ['istio', 'plugins']
  if (!can.some((each) => router?.[each] !== undefined)) {
    return invalid(
      `${path}.${needed}`,
      step[needed],
      needed === 'setHeaderRoute'
        ? 'SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix'
        : 'SetMirrorRoute requires TrafficRouting, supports Istio and Plugins',
    )
  }
  if (router.managedRoutes === undefined)
    return required(
      'spec.strategy.trafficRouting.managedRoutes',
      "Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'",
    )
  return router.managedRoutes.some(({ name }: any) => name === step[needed].name)
    ? undefined
    : invalid(
        `${path}.${needed}`,
        step[needed].name,
        'Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes',
      )
}

function first(rules: readonly Rule[], spec: unknown): string | undefined {
  for (const rule of rules) {
    const found = rule(spec)
    if (found !== undefined) return found
  }
  return undefined
}
