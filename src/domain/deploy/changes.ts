import { at, fields, isEmpty, list, text } from '../objects/fields.ts'
import type { ObjectChange } from '../plan/plan.ts'
import type { Wanted } from './desired.ts'

/** What applying an object makes: undefined where it stays as it is. */
export function changeOf({ was, will, kind }: Wanted): 'created' | readonly ObjectChange[] | undefined {
  if (was === undefined) return 'created'
  const found = differences(plain(was), plain(will), '')
  const told = kind === 'Secret' ? found.map((each) => ({ ...each, from: HIDDEN, to: HIDDEN })) : found
  return told.length === 0 ? undefined : told
}

const HIDDEN = '(not shown)'

/** Without what the API server and controllers keep about an object. */
function plain(object: unknown): unknown {
  const { status: _, metadata, ...rest } = fields(object)
  const { labels, annotations } = fields(metadata)
  const { 'kubectl.kubernetes.io/last-applied-configuration': _applied, ...told } = fields(annotations)
  return { ...rest, metadata: { labels: fields(labels), annotations: told } }
}

function differences(was: unknown, will: unknown, path: string): ObjectChange[] {
  if (Array.isArray(was) && Array.isArray(will)) return inList(was, will, path)
  if (isObject(was) && isObject(will)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(will)])]
    // The controller writes some that nobody gave, such as `resources: {}`.
    return keys
      .filter((key) => !isEmpty(at(was, key)) || !isEmpty(at(will, key)))
      .flatMap((key) => differences(at(was, key), at(will, key), path === '' ? key : `${path}.${key}`))
  }
  const [from, to] = [shown(was), shown(will)]
  return from === to ? [] : [{ path, from, to }]
}

/** Entries of a list are known by their names, where they have some. */
function inList(was: readonly unknown[], will: readonly unknown[], path: string): ObjectChange[] {
  const named = [...was, ...will].every((each) => text(at(each, 'name')) !== undefined)
  if (!named) {
    const length = Math.max(was.length, will.length)
    return Array.from({ length }, (_, index) => differences(was[index], will[index], `${path}[${index}]`)).flat()
  }
  const find = (all: readonly unknown[], name: unknown) => all.find((each) => at(each, 'name') === name)
  const names = [...new Set([...was, ...will].map((each) => text(at(each, 'name'))!))]
  return names.flatMap((name) => differences(find(was, name), find(will, name), `${path}[${name}]`))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && list(value) !== value
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
