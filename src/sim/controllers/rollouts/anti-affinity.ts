import type { KubeObject } from '../../objects.ts'
import { HASH } from './keys.ts'

const KINDS = [
  'preferredDuringSchedulingIgnoredDuringExecution',
  'requiredDuringSchedulingIgnoredDuringExecution',
] as const

/** The kind of rule that the Rollout asks for; the preferred one where it asks for both. */
function kindOf({
  spec,
}: KubeObject): { readonly kind: (typeof KINDS)[number]; readonly weight: number | undefined } | undefined {
  const asked = (spec.strategy.blueGreen ?? spec.strategy.canary)?.antiAffinity
  const kind = KINDS.find((each) => asked?.[each] !== undefined)
  return kind === undefined ? undefined : { kind, weight: asked[kind].weight }
}

/**
 * A new ReplicaSet's template with the rule that keeps its pods off the stable ones' nodes (utils/replicaset
 * GenerateReplicaSetAffinity).
 */
export function withAntiAffinity(template: any, rollout: KubeObject, hash: string): any {
  const asked = kindOf(rollout)
  const stable = rollout['status']?.stableRS
  if (asked === undefined || stable === undefined || stable === hash) return template
  const term = {
    labelSelector: { matchExpressions: [{ key: HASH, operator: 'In', values: [stable] }] },
    namespaces: [rollout.metadata.namespace],
    topologyKey: 'kubernetes.io/hostname',
  }
  const rule = asked.weight === undefined ? term : { weight: asked.weight, podAffinityTerm: term }
  const { affinity = {} } = template.spec
  const { podAntiAffinity = {} } = affinity
  const rules = { ...podAntiAffinity, [asked.kind]: [...(podAntiAffinity[asked.kind] ?? []), rule] }
  return { ...template, spec: { ...template.spec, affinity: { ...affinity, podAntiAffinity: rules } } }
}

/**
 * A ReplicaSet's template without the first such rule, as the controller compares it with a Rollout's: a preferred rule
 * leaves an empty `podAntiAffinity` behind, a required one nothing (utils/replicaset RemoveInjectedAntiAffinityRule).
 */
export function withoutAntiAffinity(template: any, rollout: KubeObject): any {
  const { kind } = kindOf(rollout) ?? {}
  const { affinity, ...spec } = template.spec
  const rules: any[] = kind === undefined ? [] : (affinity?.podAntiAffinity?.[kind] ?? [])
  const at = rules.findIndex((each) =>
    (each.podAffinityTerm ?? each).labelSelector?.matchExpressions?.some(({ key }: { key: string }) => key === HASH),
  )
  if (kind === undefined || at < 0) return template
  const { [kind]: _, ...others } = affinity.podAntiAffinity
  const left = rules.toSpliced(at, 1)
  const podAntiAffinity = { ...others, ...(left.length > 0 && { [kind]: left }) }
  const { podAntiAffinity: _rules, ...besides } = affinity
  const goes = kind === KINDS[1] && Object.keys(podAntiAffinity).length === 0
  const remaining = { ...besides, ...(!goes && { podAntiAffinity }) }
  return { ...template, spec: { ...spec, ...(Object.keys(remaining).length > 0 && { affinity: remaining }) } }
}
