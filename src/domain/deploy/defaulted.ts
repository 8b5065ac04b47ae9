import { canonical } from '../objects/canonical.ts'
import { at, fields } from '../objects/fields.ts'

/**
 * A pod template as the API server would store it, as far as the ReplicaSet of an earlier one shows: what stands there
 * and was never written is a default, and no change.
 * @param written the earlier one as it was given
 * @param stored the same in its ReplicaSet
 */
export function defaulted(template: unknown, written: unknown, stored: unknown): unknown {
  if (at(written, 'spec') === undefined || at(stored, 'spec') === undefined) return template
  return { ...fields(template), spec: filled(at(template, 'spec'), at(written, 'spec'), at(stored, 'spec')) }
}

function filled(given: unknown, written: unknown, stored: unknown): unknown {
  if (Array.isArray(given))
    return given.map((each, index) => filled(each, like(each, index, written), like(each, index, stored)))
  if (!isObject(given) || !isObject(written) || !isObject(stored)) return given
  const kept = Object.entries(given).map(([key, each]) => [key, filled(each, written[key], stored[key])])
  const added = Object.entries(stored).filter(([key]) => given[key] === undefined && written[key] === undefined)
  return { ...Object.fromEntries(kept), ...Object.fromEntries(added) }
}

/**
 * The other way round: a stored pod template as it would be written, without what is a default as far as another one
 * shows that was written and stored.
 */
export function undefaulted(template: unknown, written: unknown, stored: unknown): unknown {
  return { ...fields(template), spec: pared(at(template, 'spec'), at(written, 'spec'), at(stored, 'spec')) }
}

function pared(given: unknown, written: unknown, stored: unknown): unknown {
  if (Array.isArray(given))
    return given.map((each, index) => pared(each, like(each, index, written), like(each, index, stored)))
  if (!isObject(given) || !isObject(written) || !isObject(stored)) return given
  const isDefault = (key: string) => written[key] === undefined && canonical(given[key]) === canonical(stored[key])
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, each]) =>
      isDefault(key) ? [] : [[key, pared(each, written[key], stored[key])]],
    ),
  )
}

/** The item of another list that is the same one: by its name, or by its place where it has none. */
function like(item: unknown, index: number, others: unknown): unknown {
  if (!Array.isArray(others)) return undefined
  const name = at(item, 'name')
  return name === undefined ? others[index] : others.find((each) => at(each, 'name') === name)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
