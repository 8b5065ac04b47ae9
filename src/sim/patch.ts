import { ApiFailure } from './objects.ts'

export interface Operation {
  readonly op: 'test' | 'add' | 'replace' | 'remove' | 'move' | 'copy'
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

/** What the API server says when a JSON patch cannot be applied; it gives no detail (seen on Kubernetes 1.34). */
function refused(): ApiFailure {
  return new ApiFailure(422, 'Invalid', 'the server rejected our request due to an error in our request')
}

/**
 * Applies a JSON patch as the API server's library does (evanphx/json-patch 4): `test` with null matches an absent key,
 * false does not; `replace` adds what is absent; an absent parent, or removing what is not there, refuses the whole
 * patch. No path is the whole object.
 * @throws ApiFailure 422
 */
export function jsonPatch<Value>(value: Value, operations: readonly Operation[]): Value {
  const patched = structuredClone(value)
  for (const operation of operations) apply(patched, operation)
  return patched
}

function apply(root: unknown, operation: Operation): void {
  const { op, path, from, value = null } = operation ?? {}
  switch (op) {
    case 'test':
      if (!same(read(placeOf(root, path)) ?? null, value)) throw refused()
      return
    case 'add':
      return add(structuredClone(value), placeOf(root, path))
    case 'copy':
      return add(structuredClone(read(placeOf(root, from)) ?? null), placeOf(root, path))
    case 'move':
      return add(take(placeOf(root, from)), placeOf(root, path))
    case 'remove':
      return void take(placeOf(root, path))
    case 'replace':
      return replace(structuredClone(value), placeOf(root, path))
    default:
      throw refused()
  }
}

/** The object or list that a path ends in, and where in it. */
interface Place {
  readonly parent: any
  readonly key: string
}

function placeOf(root: unknown, path: unknown): Place {
  const [, ...keys] =
    typeof path === 'string' ? path.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')) : []
  const key = keys.pop()
  const parent: unknown = keys.reduce((value, each) => read({ parent: value, key: each }), root)
  if (key === undefined || parent === null || typeof parent !== 'object') throw refused()
  return { parent, key }
}

/** What is there; undefined where an object has no such key. */
function read({ parent, key }: Place): unknown {
  if (parent === null || typeof parent !== 'object') throw refused()
  if (Array.isArray(parent)) return parent[indexIn(parent.length, key)]
  return Object.hasOwn(parent, key) ? parent[key] : undefined
}

function add(value: unknown, { parent, key }: Place): void {
  if (!Array.isArray(parent)) set(parent, key, value)
  else parent.splice(key === '-' ? parent.length : indexIn(parent.length + 1, key), 0, value)
}

function replace(value: unknown, { parent, key }: Place): void {
  set(parent, Array.isArray(parent) ? indexIn(parent.length, key) : key, value)
}

function take({ parent, key }: Place): unknown {
  const taken = read({ parent, key })
  if (taken === undefined) throw refused()
  if (Array.isArray(parent)) parent.splice(indexIn(parent.length, key), 1)
  else delete parent[key]
  return taken
}

/** `__proto__` is a key as any other. */
function set(parent: object, key: string | number, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true })
}

/** A negative index counts from the end. */
function indexIn(length: number, key: string): number {
  const asked = /^-?\d+$/.test(key) ? Number(key) : NaN
  const index = asked < 0 ? asked + length : asked
  if (!(index >= 0 && index < length)) throw refused()
  return index
}

/** Applies a merge patch (RFC 7386): null removes a key, objects merge, everything else replaces. */
export function mergePatch(value: any, patch: any): any {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const merged = new Map<string, unknown>(
    value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [],
  )
  for (const [key, each] of Object.entries(patch)) {
    if (each === null) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), each))
  }
  return Object.fromEntries(merged)
}

/** Deep equality of JSON values. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (
    one === null ||
    other === null ||
    typeof one !== 'object' ||
    typeof other !== 'object' ||
    Array.isArray(one) !== Array.isArray(other)
  )
    return false
  const [a, b] = [one as Record<string, unknown>, other as Record<string, unknown>]
  const keys = Object.keys(a).filter((key) => a[key] !== undefined)
  return (
    keys.length === Object.keys(b).filter((key) => b[key] !== undefined).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  )
}
