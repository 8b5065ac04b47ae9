/** By which field the entries of a list are one and the same; lists not named here are replaced (k8s.io/api, `patchMergeKey`). */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  ports: 'port', containers: 'name', initContainers: 'name', volumes: 'name', env: 'name', volumeMounts: 'mountPath',
  conditions: 'type', ownerReferences: 'uid', imagePullSecrets: 'name', tolerations: 'key',
}

/**
 * Applies a strategic merge patch, as `kubectl apply` and `kubectl patch` send them for built-in resources: a merge patch in which
 * lists of named entries are merged too. The orders of lists that kubectl adds (`$setElementOrder`) are not followed.
 */
export function strategicMerge(value: any, patch: any, field = ''): any {
  if (Array.isArray(patch)) return mergeLists(Array.isArray(value) ? value : [], patch, MERGE_KEYS[field])
  if (patch === null || typeof patch !== 'object') return patch
  const { $patch, $retainKeys, ...fields } = patch
  if ($patch === 'delete') return undefined
  const kept = $patch === 'replace' || value === null || typeof value !== 'object' || Array.isArray(value) ? [] : Object.entries(value)
  const merged = Object.fromEntries(kept.filter(([key]) => $retainKeys === undefined || $retainKeys.includes(key)))
  for (const [key, each] of Object.entries(fields)) {
    if (key.startsWith('$setElementOrder/')) continue
    const next = each === null ? undefined : strategicMerge(merged[key], each, key)
    if (next === undefined) delete merged[key]
    else merged[key] = next
  }
  return merged
}

function mergeLists(value: readonly any[], patch: readonly any[], by: string | undefined): any[] {
  if (by === undefined || patch.some((each) => each?.$patch === 'replace')) return patch.filter((each) => each?.$patch === undefined)
  const merged = [...value]
  for (const entry of patch) {
    const index = merged.findIndex((each) => each?.[by] === entry[by])
    const next = strategicMerge(merged[index], entry)
    if (index < 0) {
      if (next !== undefined) merged.push(next)
    } else merged.splice(index, 1, ...(next === undefined ? [] : [next]))
  }
  return merged
}
