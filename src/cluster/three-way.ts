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
    if (!isObject(value) || !isObject(is[key]))
      return covers(is[key], value) && (was[key] === undefined || same(was[key], value)) ? [] : [[key, value]]
    const inside = threeWay(was[key], value, is[key])
    return Object.keys(inside).length === 0 ? [] : [[key, inside]]
  })
  return Object.fromEntries([...gone, ...changed])
}

/** Whether a list, or a value, has all that is wanted; what the API server has filled in beside it does not matter. */
function covers(is: unknown, want: unknown): boolean {
  if (Array.isArray(want))
    return Array.isArray(is) && is.length === want.length && want.every((each, index) => covers(is[index], each))
  return isObject(want) && isObject(is)
    ? Object.entries(fields(want)).every(([key, each]) => covers(fields(is)[key], each))
    : same(is, want)
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
