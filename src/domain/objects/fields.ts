/**
 * Reading untyped API objects: every function answers undefined (or empty) for what is not of the asked shape, and
 * never throws.
 */

export type Fields = { readonly [key: string]: unknown }

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NONE
}

const NONE: Fields = Object.freeze({})

/** The value under a path of own keys; inherited ones (`__proto__`) are not seen. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value
  for (const key of path) {
    if (typeof here !== 'object' || here === null || Array.isArray(here) || !Object.hasOwn(here, key)) return undefined
    here = (here as Fields)[key]
  }
  return here
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function whole(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}

export function flag(value: unknown): boolean {
  return value === true
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A string-to-string record, as labels and annotations are; other values are left out. */
export function strings(value: unknown): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, each] of Object.entries(fields(value))) if (typeof each === 'string') found.set(key, each)
  return found
}

/** Milliseconds since the epoch of an RFC 3339 time. */
export function time(value: unknown): number | undefined {
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(parsed) ? undefined : parsed
}

/** A decimal integer in a string, as annotations and `observedGeneration` hold it. */
export function digits(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

/** Whether a field is as good as absent: null, or an empty object or list. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}
