import { at, fields, list } from './fields.ts'
import { HASH_LABEL } from './labels.ts'
import type { ReplicaSet } from './replica-set.ts'
import type { AntiAffinity, Strategy } from './strategy.ts'

/**
 * A ReplicaSet's pod template as the controller would find its ReplicaSet by it: without the hash, the role's metadata
 * and the rule of `antiAffinity`, which the controller writes into a ReplicaSet, and takes out of ReplicaSets alone
 * when it looks for the one of a template (argo-rollouts 1.10.1, utils/replicaset/replicaset.go FindNewReplicaSet).
 * With any of them left in, putting it back would be a new revision.
 */
export function stableTemplate(
  { rawTemplate, injected }: Pick<ReplicaSet, 'rawTemplate' | 'injected'>,
  strategy: Strategy,
): unknown {
  const clean = (kind: 'labels' | 'annotations') => {
    const own = Object.entries(fields(at(rawTemplate, 'metadata', kind))).filter(
      ([key]) => key !== HASH_LABEL && !injected[kind].has(key),
    )
    return own.length === 0 ? {} : { [kind]: Object.fromEntries(own) }
  }
  const { labels: _labels, annotations: _annotations, ...rest } = fields(at(rawTemplate, 'metadata'))
  const { affinity, ...spec } = fields(at(rawTemplate, 'spec'))
  const left = strategy.antiAffinity === undefined ? affinity : withoutRule(affinity, strategy.antiAffinity)
  return {
    ...fields(rawTemplate),
    metadata: { ...rest, ...clean('labels'), ...clean('annotations') },
    spec: { ...spec, ...(left !== undefined && { affinity: left }) },
  }
}

/**
 * Takes the first rule about the hash out of the list that `antiAffinity` speaks of. What is left empty goes as well,
 * but for the `podAntiAffinity` of a preferred rule: there the controller keeps it (utils/replicaset/replicaset.go
 * RemoveInjectedAntiAffinityRule).
 */
function withoutRule(affinity: unknown, name: AntiAffinity): unknown {
  const terms = list(at(affinity, 'podAntiAffinity', name))
  const preferred = name === 'preferredDuringSchedulingIgnoredDuringExecution'
  const rule = terms.find((each) => aboutHash(preferred ? at(each, 'podAffinityTerm') : each))
  if (rule === undefined) return affinity
  const { podAntiAffinity, ...others } = fields(affinity)
  const { [name]: _terms, ...lists } = fields(podAntiAffinity)
  const kept = terms.filter((each) => each !== rule)
  const rules = { ...lists, ...(kept.length > 0 && { [name]: kept }) }
  const left = { ...others, ...((preferred || Object.keys(rules).length > 0) && { podAntiAffinity: rules }) }
  return Object.keys(left).length === 0 ? undefined : left
}

function aboutHash(term: unknown): boolean {
  return list(at(term, 'labelSelector', 'matchExpressions')).some((each) => at(each, 'key') === HASH_LABEL)
}
