import { ApiFailure } from '../objects.ts'

/**
 * By which field the entries of a list are one and the same: the first that an entry has; lists not named here are
 * replaced (k8s.io/api, `patchMergeKey`).
 */
const MERGE_KEYS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    ports: ['containerPort', 'port'],
    containers: ['name'],
    initContainers: ['name'],
    volumes: ['name'],
    env: ['name'],
    volumeMounts: ['mountPath'],
    conditions: ['type'],
    ownerReferences: ['uid'],
    imagePullSecrets: ['name'],
    hostAliases: ['ip'],
    topologySpreadConstraints: ['topologyKey'],
  }),
)

/**
 * Applies a strategic merge patch, as `kubectl apply` and `kubectl patch` send them for built-in resources: a merge
 * patch in which lists of named entries are merged too. The orders of lists that kubectl adds (`$setElementOrder`) are
 * not followed.
 * @throws ApiFailure 500 where an entry has no name, in the API server's way
 */
export function strategicMerge(value: any, patch: any, field = ''): any {
  if (Array.isArray(patch)) return mergeLists(Array.isArray(value) ? value : [], patch, MERGE_KEYS.get(field))
  if (patch === null || typeof patch !== 'object') return patch
  const { $patch, $retainKeys, ...fields } = patch
  if ($patch === 'delete') return undefined
  const kept =
    $patch === 'replace' || value === null || typeof value !== 'object' || Array.isArray(value)
      ? []
      : Object.entries(value)
  const merged = new Map<string, unknown>(
    kept.filter(([key]) => !Array.isArray($retainKeys) || $retainKeys.includes(key)),
  )
  for (const [key, each] of Object.entries(fields)) {
    if (key.startsWith('$setElementOrder/')) continue
    const next = each === null ? undefined : strategicMerge(merged.get(key), each, key)
    if (next === undefined) merged.delete(key)
    else merged.set(key, next)
  }
  return Object.fromEntries(merged)
}

function mergeLists(value: readonly any[], patch: readonly any[], keys: readonly string[] | undefined): any[] {
  if (keys === undefined || patch.some((each) => each?.$patch === 'replace'))
    return patch.filter((each) => each?.$patch === undefined)
  const merged = [...value]
  for (const entry of patch) {
    const by = keys.find((key) => entry?.[key] !== undefined)
    if (by === undefined)
      throw new ApiFailure(
        500,
        'InternalError',
        `map: ${JSON.stringify(entry)} does not contain declared merge key: ${keys.join(' or ')}`,
      )
    const index = merged.findIndex((each) => each?.[by] === entry[by])
    const next = strategicMerge(merged[index], entry)
    if (index < 0) {
      if (next !== undefined) merged.push(next)
    } else merged.splice(index, 1, ...(next === undefined ? [] : [next]))
  }
  return merged
}
