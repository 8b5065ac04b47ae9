import { ApiFailure } from './objects.ts'

export interface Operation {
  readonly op: 'test' | 'add' | 'replace' | 'remove'
  readonly path: string
  readonly value?: unknown
}

/** What the API server says when a JSON patch cannot be applied; it gives no detail (seen on Kubernetes 1.34). */
function refused(): ApiFailure {
  return new ApiFailure(422, 'Invalid', 'the server rejected our request due to an error in our request')
}

/**
 * Applies a JSON patch (RFC 6902). `test` with null matches an absent key, false does not; an absent parent, or removing what
 * is not there, refuses the whole patch (seen on Kubernetes 1.34).
 * @throws ApiFailure 422
 */
export function jsonPatch<Value>(value: Value, operations: readonly Operation[]): Value {
  const root = { '': structuredClone(value) } as { '': any }
  for (const operation of operations) {
    const keys = ['', ...operation.path.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))]
    const last = keys.pop()!
    let parent: any = root
    for (const key of keys) {
      if (parent === null || typeof parent !== 'object' || !Object.hasOwn(parent, key)) throw refused()
      parent = parent[key]
    }
    if (parent === null || typeof parent !== 'object') throw refused()
    const has = Object.hasOwn(parent, last)
    switch (operation.op) {
      case 'test':
        if (!same(has ? parent[last] : null, operation.value ?? null)) throw refused()
        break
      case 'remove':
        if (!has) throw refused()
        if (Array.isArray(parent)) parent.splice(Number(last), 1)
        else delete parent[last]
        break
      case 'replace':
        if (!has) throw refused()
        parent[last] = operation.value
        break
      case 'add':
        if (Array.isArray(parent)) parent.splice(last === '-' ? parent.length : Number(last), 0, operation.value)
        else parent[last] = operation.value
        break
      default:
        throw refused()
    }
  }
  return root['']
}

/** Applies a merge patch (RFC 7386): null removes a key, objects merge, everything else replaces. */
export function mergePatch(value: any, patch: any): any {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const merged: Record<string, unknown> = value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {}
  for (const [key, each] of Object.entries(patch)) {
    if (each === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], each)
  }
  return merged
}

/** Deep equality of JSON values. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object' || Array.isArray(one) !== Array.isArray(other)) return false
  const [a, b] = [one as Record<string, unknown>, other as Record<string, unknown>]
  const keys = Object.keys(a).filter((key) => a[key] !== undefined)
  return keys.length === Object.keys(b).filter((key) => b[key] !== undefined).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}
