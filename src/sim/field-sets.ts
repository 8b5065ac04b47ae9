import { same } from './patch.ts'

/** One field of an object: `f:NAME`, or `k:{"name":"app"}` for an entry of a list, which `.` after it means as such. */
export type Path = readonly string[]

/** Fields by their paths as text. */
export type FieldSet = ReadonlyMap<string, Path>

/**
 * Lists whose entries are fields of their own, by these keys; others are one field (k8s.io/api, `listMapKey`, and the
 * Rollout's CRD).
 */
const KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  containers: [['name']],
  initContainers: [['name']],
  ephemeralContainers: [['name']],
  env: [['name']],
  volumeMounts: [['mountPath']],
  ports: [
    ['containerPort', 'protocol'],
    ['port', 'protocol'],
  ],
  imagePullSecrets: [['name']],
  hostAliases: [['ip']],
  ownerReferences: [['uid']],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
}

const DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' }

/**
 * Objects that are one field: who writes one label of a selector writes all of it (`mapType=atomic`,
 * `structType=atomic`).
 */
const ATOMIC: ReadonlySet<string> = new Set([
  'selector',
  'labelSelector',
  'namespaceSelector',
  'nodeSelector',
  'configMapKeyRef',
  'secretKeyRef',
  'configMapRef',
  'secretRef',
  'fieldRef',
])

/** Objects whose keys are a user's own. */
const MAPS: ReadonlySet<string> = new Set(['labels', 'annotations', 'data', 'binaryData', 'stringData'])

/** Fields that nobody owns. */
const UNOWNED: ReadonlySet<string> = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
  'deletionTimestamp',
])

export function setOf(paths: Iterable<Path>): FieldSet {
  return new Map([...paths].map((path) => [JSON.stringify(path), path]))
}

/** The fields of an object that somebody can own; its status is not of them. */
export function fieldsOf({ apiVersion: _version, kind: _kind, status: _status, metadata, ...rest }: any): FieldSet {
  const owned = Object.fromEntries(Object.entries(metadata ?? {}).filter(([key]) => !UNOWNED.has(key)))
  return setOf(
    [...inside({ metadata: owned }, [], ''), ...inside(rest, [], '')].filter(
      (path) => path.length > 1 || path[0] !== 'f:metadata',
    ),
  )
}

function inside(value: unknown, path: Path, field: string): Path[] {
  if (Array.isArray(value)) {
    const keys = value.map((entry) => keyOf(field, entry))
    if (keys.includes(undefined) || new Set(keys).size < keys.length || keys.length === 0) return [path]
    return value.flatMap((entry, index) => {
      const at = [...path, keys[index]!]
      return [[...at, '.'], ...inside(entry, at, '')]
    })
  }
  if (value === null || typeof value !== 'object' || ATOMIC.has(field)) return [path]
  const entries = Object.entries(value)
  if (entries.length === 0 && path.length > 0) return [path]
  return [
    ...(MAPS.has(field) ? [[...path, '.']] : []),
    ...entries.flatMap(([key, each]) => inside(each, [...path, `f:${key}`], key)),
  ]
}

/** `k:{"name":"app"}`; undefined where the list is one field. */
function keyOf(field: string, entry: any): string | undefined {
  const keys = KEYS[field]?.find(([first]) => entry?.[first!] !== undefined)
  return keys === undefined
    ? undefined
    : `k:${JSON.stringify(
        Object.fromEntries(
          keys.flatMap((key) => {
            const value = entry[key] ?? DEFAULTS[key]
            return value === undefined ? [] : [[key, value]]
          }),
        ),
      )}`
}

function indexIn(list: readonly any[], step: string): number {
  const wanted = Object.entries(JSON.parse(step.slice(2)))
  return list.findIndex((entry) => wanted.every(([key, value]) => (entry?.[key] ?? DEFAULTS[key]) === value))
}

/** What is there; undefined where nothing is. */
export function valueAt(object: unknown, path: Path): unknown {
  return path.reduce((value: any, step) => {
    if (step === '.' || value === undefined || value === null) return value
    return step.startsWith('k:')
      ? Array.isArray(value)
        ? value[indexIn(value, step)]
        : undefined
      : value[step.slice(2)]
  }, object)
}

/** An object without a field. */
export function without(object: any, [step, ...rest]: Path): any {
  if (step === undefined || step === '.' || object === null || typeof object !== 'object') return object
  const last = rest.length === 0 || rest[0] === '.'
  if (step.startsWith('k:')) {
    const index = Array.isArray(object) ? indexIn(object, step) : -1
    if (index < 0) return object
    return object.toSpliced(index, 1, ...(last ? [] : [without(object[index], rest)]))
  }
  const { [step.slice(2)]: value, ...others } = object
  if (value === undefined || rest.length === 0) return others
  // Of a map as such only its keys are taken.
  return rest[0] === '.' ? object : { ...object, [step.slice(2)]: without(value, rest) }
}

/** An object with the fields of another laid over its own. */
export function laidOver(value: any, over: any, field = ''): any {
  if (Array.isArray(over)) {
    if (!Array.isArray(value) || over.some((entry) => keyOf(field, entry) === undefined)) return over
    const rest = value.filter((entry) => !over.some((each) => keyOf(field, each) === keyOf(field, entry)))
    const laid = over.map((each) =>
      laidOver(
        value.find((entry) => keyOf(field, entry) === keyOf(field, each)),
        each,
      ),
    )
    return same(rest, []) ? laid : [...laid, ...rest]
  }
  if (
    over === null ||
    typeof over !== 'object' ||
    ATOMIC.has(field) ||
    value === null ||
    typeof value !== 'object' ||
    Array.isArray(value)
  )
    return over
  return {
    ...value,
    ...Object.fromEntries(Object.entries(over).map(([key, each]) => [key, laidOver(value[key], each, key)])),
  }
}

/** As `metadata.managedFields` has it (FieldsV1). */
export function toFieldsV1(set: FieldSet): unknown {
  const root: Record<string, any> = {}
  for (const path of set.values()) path.reduce((at, step) => (at[step] ??= {}), root)
  return root
}

export function fromFieldsV1(fields: any, path: Path = []): FieldSet {
  const steps = Object.entries(fields ?? {})
  if (steps.length === 0) return setOf(path.length === 0 ? [] : [path])
  return new Map(
    steps.flatMap(([step, inner]) =>
      step === '.' ? [...setOf([[...path, '.']])] : [...fromFieldsV1(inner, [...path, step])],
    ),
  )
}
