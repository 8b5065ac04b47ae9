import { fields, type Fields } from '../domain/objects/fields.ts'

/**
 * What client-side apply changes of an object, as a JSON merge patch (RFC 7386): what is wanted, and null for what was
 * applied last and is wanted no more. Nobody else's fields are touched (kubectl, jsonmergepatch.go
 * CreateThreeWayJSONMergePatch).
 */
export function threeWay(last: unknown, want: unknown, live: unknown): Fields {
  const [was, wanted, is] = [fields(last), fields(want), fields(live)]
  const gone = Object.keys(was)
    .filter((key) => !Object.hasOwn(wanted, key) && Object.hasOwn(is, key))
    .map((key) => [key, null] as const)
  const changed = Object.entries(wanted).flatMap(([key, value]): (readonly [string, unknown])[] => {
    if (!isObject(value) || !isObject(is[key])) return same(value, is[key]) ? [] : [[key, value]]
    const inside = threeWay(was[key], value, is[key])
    return Object.keys(inside).length === 0 ? [] : [[key, inside]]
  })
  return Object.fromEntries([...gone, ...changed])
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((each, index) => same(each, other[index]))
  if (!isObject(one) || !isObject(other)) return one === other
  const [a, b] = [fields(one), fields(other)]
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}
