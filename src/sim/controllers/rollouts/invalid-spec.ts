import { timestamp, type KubeObject } from '../../objects.ts'
import type { SimWorld, Write } from '../../simulation.ts'
import type { Store } from '../../store.ts'
import { conditionSet } from './condition-set.ts'
import { phaseOf } from './phase.ts'
import { invalid } from './faults.ts'
import { HASH, MANAGED_BY } from './keys.ts'
import { namedServices } from './service-names.ts'
import { specFault } from './spec-rules.ts'
import { patchOf } from './view.ts'

/**
 * Milliseconds until an invalid Rollout is looked at again: what it names may have come (rollout/controller.go
 * syncHandler).
 */
const AGAIN = 20_000

/**
 * Why a Rollout is not acted on, in the controller's words: the first fault, in the order in which it looks for them
 * (rollout/controller.go newRolloutContext).
 */
export function faultOf(rollout: KubeObject, workload: KubeObject | undefined, store: Store): string | undefined {
  const { spec } = rollout
  if (spec?.workloadRef !== undefined) {
    if (spec.template !== undefined) return 'template must be empty for workload reference rollout'
    if (workload === undefined) return `deployments.apps "${spec.workloadRef.name}" not found`
  }
  const template = workload?.spec.template ?? spec?.template
  return (
    specFault(rollout, template) ??
    missingService(rollout, store) ??
    analysisFault(rollout, store) ??
    serviceFault(rollout, template, store) ??
    ingressFault(rollout, store) ??
    meshFault(rollout, store)
  )
}

/** A Service that is not there (rollout/controller.go getReferencedService). */
function missingService(rollout: KubeObject, store: Store): string | undefined {
  const missing = servicesOf(rollout, store).find(({ service }) => service === undefined)
  return (
    missing &&
    invalid(`spec.strategy.${missing.field}`, missing.name, `service ${JSON.stringify(missing.name)} not found`)
  )
}

function servicesOf(rollout: KubeObject, store: Store) {
  return namedServices(rollout).map((each) => ({
    ...each,
    service: store.get('services', rollout.metadata.namespace, each.name),
  }))
}

/**
 * A Service that asks for a label which the pod template, of a workload its own, has not, or that is another Rollout's
 * (pkg/apis/rollouts/validation ValidateService).
 */
function serviceFault(rollout: KubeObject, template: any, store: Store): string | undefined {
  for (const { field, name, service } of servicesOf(rollout, store)) {
    const other = Object.entries(service?.spec?.selector ?? {}).find(
      ([key, value]) => key !== HASH && template?.metadata?.labels?.[key] !== value,
    )
    if (other !== undefined)
      return invalid(
        `spec.strategy.${field}`,
        name,
        `Service ${JSON.stringify(name)} has unmatch label ${JSON.stringify(other[0])} in rollout`,
      )
    const manager = service?.metadata.annotations?.[MANAGED_BY]
    if (manager !== undefined && manager !== rollout.metadata.name)
      return invalid(`spec.strategy.${field}`, name, `Service ${JSON.stringify(name)} is managed by another Rollout`)
  }
  return undefined
}

function analysisFault({ spec, metadata }: KubeObject, store: Store): string | undefined {
  const { blueGreen, canary } = spec.strategy
  const analyses: readonly (readonly [field: string, analysis: any])[] =
    blueGreen !== undefined
      ? [
          ['blueGreen.prePromotionAnalysis', blueGreen.prePromotionAnalysis],
          ['blueGreen.postPromotionAnalysis', blueGreen.postPromotionAnalysis],
        ]
      : [
          ...(canary.steps ?? []).map(
            (each: any, index: number) => [`canary.steps[${index}].analysis`, each.analysis] as const,
          ),
          ['canary.analysis', canary.analysis],
        ]
  for (const [field, analysis] of analyses) {
    const missing = analysis?.templates?.find(
      ({ templateName, clusterScope }: any) =>
        clusterScope !== true && store.get('analysistemplates', metadata.namespace, templateName) === undefined,
    )
    if (missing !== undefined)
      return invalid(
        `spec.strategy.${field}.templates`,
        missing.templateName,
        `AnalysisTemplate '${missing.templateName}' not found`,
      )
  }
  return undefined
}

/** An Ingress that is not there, or leads to another Service (pkg/apis/rollouts/validation ValidateIngress). */
function ingressFault({ spec, metadata }: KubeObject, store: Store): string | undefined {
  const { trafficRouting, stableService } = spec.strategy.canary ?? {}
  const nginx: readonly string[] =
    trafficRouting?.nginx?.stableIngresses ??
    [trafficRouting?.nginx?.stableIngress].filter((each) => each !== undefined)
  const alb: readonly string[] =
    trafficRouting?.alb?.ingresses ?? [trafficRouting?.alb?.ingress].filter((each) => each !== undefined)
  const fields =
    alb.length > 0
      ? { names: alb, field: 'alb.ingress', service: trafficRouting.alb.rootService ?? stableService }
      : { names: nginx, field: 'nginx.stableIngress', service: stableService }
  for (const name of fields.names) {
    const ingress = store.get('ingresses', metadata.namespace, name)
    const path = `spec.strategy.canary.trafficRouting.${fields.field}`
    if (ingress === undefined) return invalid(path, name, `ingress.networking.k8s.io ${JSON.stringify(name)} not found`)
    if (!backends(ingress).includes(fields.service))
      return invalid(path, name, `ingress \`${name}\` has no rules using service ${fields.service} backend`)
  }
  return undefined
}

/** Of a mesh, its VirtualService that is not there. */
function meshFault({ spec, metadata }: KubeObject, store: Store): string | undefined {
  const { virtualService, virtualServices } = spec.strategy.canary?.trafficRouting?.istio ?? {}
  const field = virtualServices === undefined ? 'virtualService' : 'virtualServices'
  const named: readonly any[] = virtualServices ?? (virtualService === undefined ? [] : [virtualService])
  const missing = named.find(({ name }) => store.get('virtualservices', metadata.namespace, name) === undefined)
  if (missing === undefined) return undefined
  const what = `virtualservices.networking.istio.io ${JSON.stringify(missing.name)} not found`
  return invalid(`spec.strategy.canary.trafficRouting.istio.${field}.name`, missing.name, what)
}

function backends({ spec }: KubeObject): unknown[] {
  return [
    spec?.defaultBackend,
    ...(spec?.rules ?? []).flatMap((rule: any) => (rule.http?.paths ?? []).map((path: any) => path.backend)),
  ].map((each) => each?.service?.name)
}

/** Says why at once, and looks again later (rollout/controller.go createInvalidRolloutCondition). */
export function* sayInvalid(rollout: KubeObject, fault: string, { now }: SimWorld): Generator<Write, number> {
  const { spec, status = {}, metadata } = rollout
  const message = `The Rollout ${JSON.stringify(metadata.name)} is invalid: ${fault}`
  const before = status.conditions ?? []
  const said = before.some(
    (each: { type: string; message: string }) => each.type === 'InvalidSpec' && each.message === message,
  )
  if (!said || status.observedGeneration !== String(metadata.generation)) {
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
  return now + AGAIN
}
