import { at, fields, strings } from '../objects/fields.ts'
import { CALLS_NOT, DEPENDS_ON } from '../objects/labels.ts'

/** Where `kubectl apply` keeps what it applied (k8s.io/api/core/v1, LastAppliedConfigAnnotation). */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * A Rollout of manifests with what somebody has said of its calls in the cluster (`kubectl annotate`): an apply leaves
 * annotations alone that no file ever held.
 */
export function withSaid(object: unknown, there: unknown): unknown {
  const annotations = strings(at(there, 'metadata', 'annotations'))
  const applied = appliedIn(annotations.get(LAST_APPLIED))
  const metadata = fields(at(object, 'metadata'))
  const said = [DEPENDS_ON, CALLS_NOT].flatMap((key): [string, string][] => {
    const value = annotations.get(key)
    return value === undefined || applied.has(key) ? [] : [[key, value]]
  })
  if (said.length === 0) return object
  const all = { ...Object.fromEntries(said), ...fields(metadata['annotations']) }
  return { ...fields(object), metadata: { ...metadata, annotations: all } }
}

function appliedIn(json: string | undefined): ReadonlyMap<string, string> {
  try {
    return strings(at(JSON.parse(json ?? '{}'), 'metadata', 'annotations'))
  } catch {
    return new Map()
  }
}
