import { at, fields, list } from '../objects/fields.ts'
import type { Manifest } from './manifest.ts'

/** Keys of objects and places in lists, from the root of an object. */
export type FieldPath = readonly (string | number)[]

/** One change of a manifest. */
export interface Edit {
  readonly manifest: Manifest
  readonly path: FieldPath
  /** What stands there; undefined: nothing. */
  readonly from: unknown
  /** What is to stand there, its parents made where they are missing; undefined: nothing. */
  readonly to: unknown
}

/** An object with edits made, one after the other; what does not change is shared with it. */
export function edited(object: unknown, edits: readonly Pick<Edit, 'path' | 'to'>[]): unknown {
  return edits.reduce((here, { path, to }) => changed(here, path, to), object)
}

function changed(object: unknown, [key, ...rest]: FieldPath, to: unknown): unknown {
  if (key === undefined) return to
  if (typeof key === 'number') {
    const items = [...list(object)]
    const value = changed(items[key], rest, to)
    items.splice(key, 1, ...(value === undefined ? [] : [value]))
    return items
  }
  const { [key]: before, ...others } = fields(object)
  const value = changed(before, rest, to)
  if (value === undefined) return others
  return before === undefined ? { ...others, [key]: value } : { ...fields(object), [key]: value }
}

/** What stands under a path of an object. */
export function valueAt(object: unknown, path: FieldPath): unknown {
  return path.reduce((here, key) => (typeof key === 'number' ? list(here)[key] : at(here, key)), object)
}
