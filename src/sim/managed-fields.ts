import {
  fieldsOf,
  fromFieldsV1,
  laidOver,
  toFieldsV1,
  valueAt,
  without,
  type FieldSet,
  type Path,
} from './field-sets.ts'
import { ApiFailure, timestamp, type KubeObject } from './objects.ts'
import { same } from './patch.ts'

/** What one manager owns of an object, as `metadata.managedFields` tells it. */
interface Owned {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  /** `scale`, where he wrote by that: he is another one then. */
  readonly subresource?: string | undefined
  readonly time: string
  readonly set: FieldSet
}

/**
 * Who owns what before the first server-side apply of an object that nobody was noted of (apimachinery, managedfields).
 */
const BEFORE = 'before-first-apply'

function ownersOf(object: any): Owned[] {
  return (object?.metadata?.managedFields ?? [])
    .filter(({ subresource }: any) => subresource !== 'status')
    .map(({ manager, operation, subresource, time, fieldsV1 }: any) => ({
      ...{ manager, operation, subresource, time },
      set: fromFieldsV1(fieldsV1),
    }))
}

function entriesOf(apiVersion: string, owners: readonly Owned[]): unknown[] {
  return owners
    .filter(({ set }) => set.size > 0)
    .map(({ manager, operation, subresource, time, set }) => ({
      manager,
      operation,
      apiVersion,
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(set),
      ...(subresource !== undefined && { subresource }),
    }))
}

function minus(set: FieldSet, gone: (path: readonly string[], key: string) => boolean): FieldSet {
  return new Map([...set].filter(([key, path]) => !gone(path, key)))
}

/**
 * `managedFields` after somebody has written an object otherwise than by server-side apply: what he changed is his, and
 * nobody else's.
 */
export function afterUpdate(
  before: KubeObject | undefined,
  after: any,
  manager: string,
  now: number,
  subresource?: 'scale',
): unknown[] {
  const changed = minus(fieldsOf(after), (path) => isSame(path, before, after))
  const owners = ownersOf(before)
  const mine = owners.find(
    (each) => each.manager === manager && each.operation === 'Update' && each.subresource === subresource,
  )
  const left = (set: FieldSet) => minus(set, (path) => valueAt(after, path) === undefined)
  const others = owners
    .filter((each) => each !== mine)
    .map((each) => ({ ...each, set: minus(left(each.set), (_, key) => changed.has(key)) }))
  const kept = left(mine?.set ?? new Map())
  const touched = changed.size > 0 || kept.size !== mine?.set.size
  const own: Owned = {
    manager,
    operation: 'Update',
    subresource,
    time: touched ? timestamp(now) : mine!.time,
    set: new Map([...kept, ...changed]),
  }
  return entriesOf(after.apiVersion, [...others, own])
}

/** Of an entry, or of a map as such, only whether it is there. */
function isSame(path: Path, before: unknown, after: unknown): boolean {
  const [was, is] = [valueAt(before, path), valueAt(after, path)]
  return path.at(-1) === '.' ? was !== undefined : same(was, is)
}

export interface Apply {
  readonly manager: string
  /** Takes what others own. */
  readonly force: boolean
  readonly now: number
}

/** `managedFields` of an object that a server-side apply makes. */
export function appliedFirst(fields: any, manager: string, now: number): unknown[] {
  return entriesOf(fields.apiVersion, [{ manager, operation: 'Apply', time: timestamp(now), set: fieldsOf(fields) }])
}

/**
 * An object after a server-side apply of these fields: what the manager applied before and leaves out now goes
 * (Kubernetes, "Server-Side Apply").
 * @throws ApiFailure 409 where others own another value of a field
 */
export function serverSideApplied(live: KubeObject, fields: any, { manager, force, now }: Apply): any {
  const wanted = fieldsOf(fields)
  const owners = ownersOf(live)
  const noted =
    owners.length > 0
      ? owners
      : [{ manager: BEFORE, operation: 'Update' as const, time: timestamp(now), set: fieldsOf(live) }]
  const mine = noted.find((each) => each.manager === manager && each.operation === 'Apply')
  const others = noted.filter((each) => each !== mine)
  const contested = (set: FieldSet) =>
    [...set].filter(
      ([key, path]) => wanted.has(key) && path.at(-1) !== '.' && !same(valueAt(live, path), valueAt(fields, path)),
    )
  const conflicts = others
    .map((each) => ({ ...each, paths: contested(each.set) }))
    .filter(({ paths }) => paths.length > 0)
  if (conflicts.length > 0 && !force) throw conflict(live.apiVersion, conflicts)
  const left = others.map((each) => ({
    ...each,
    set: minus(each.set, (_, key) => contested(each.set).some(([taken]) => taken === key)),
  }))
  const dropped = [...(mine?.set ?? [])].filter(
    ([key, path]) => !wanted.has(key) && !left.some(({ set }) => set.has(key) || isEntryOf(set, path)),
  )
  const kept = dropped.reduce((object: any, [, path]) => without(object, path), live)
  const next = laidOver(kept, fields)
  const own: Owned = { manager, operation: 'Apply', time: timestamp(now), set: wanted }
  const entry =
    mine !== undefined &&
    same([...mine.set.keys()].toSorted(), [...wanted.keys()].toSorted()) &&
    same(withoutNotes(next), withoutNotes(live))
      ? mine
      : own
  return { ...next, metadata: { ...next.metadata, managedFields: entriesOf(live.apiVersion, [...left, entry]) } }
}

/** Whether a path is an entry of a list of which somebody owns a field. */
function isEntryOf(set: FieldSet, path: readonly string[]): boolean {
  return (
    path.at(-1) === '.' &&
    [...set.values()].some((each) => path.slice(0, -1).every((step, index) => each[index] === step))
  )
}

function withoutNotes({ metadata: { managedFields: _, ...metadata }, ...object }: any): unknown {
  return { ...object, metadata }
}

interface Conflict extends Owned {
  readonly paths: readonly (readonly [string, Path])[]
}

/** In the API server's words (apimachinery, managedfields, NewConflictError). */
function conflict(apiVersion: string, owners: readonly Conflict[]): ApiFailure {
  const count = owners.flatMap(({ paths }) => paths).length
  const said = owners
    .map(({ manager, operation, subresource, paths }) => ({
      who:
        JSON.stringify(manager) +
        (subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`) +
        (operation === 'Update' ? ` using ${apiVersion}` : ''),
      what: paths.map(([, path]) => dotted(path)).toSorted(),
    }))
    .toSorted((a, b) => (a.who < b.who ? -1 : 1))
  return new ApiFailure(
    409,
    'Conflict',
    count === 1
      ? `Apply failed with 1 conflict: conflict with ${said[0]!.who}: ${said[0]!.what[0]}`
      : `Apply failed with ${count} conflicts: ` +
          said.flatMap(({ who, what }) => [`conflicts with ${who}:`, ...what.map((each) => `- ${each}`)]).join('\n'),
  )
}

/** `.spec.selector`, `.spec.containers[name="app"].image` */
function dotted(path: readonly string[]): string {
  return path
    .map((step) => {
      if (!step.startsWith('k:')) return `.${step.slice(2)}`
      return `[${Object.entries(JSON.parse(step.slice(2)))
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(',')}]`
    })
    .join('')
}
