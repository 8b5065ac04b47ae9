import { ApiFailure, type KubeObject, type ResourceName, RESOURCES } from '../objects.ts'
import { matcher, type Selection } from '../selection.ts'
import type { Store } from '../store.ts'

/** One page of a collection. */
export interface Page {
  readonly items: readonly KubeObject[]
  readonly metadata: {
    readonly resourceVersion: string
    readonly continue?: string
    readonly remainingItemCount?: number
  }
}

/** Where a list goes on: all its pages show the collection as it was at one version. */
interface Position {
  readonly version: number
  readonly after: string
}

/**
 * A list, or its next page; `continue`, `limit`, `resourceVersion` and `resourceVersionMatch` as the API has them.
 * @throws ApiFailure 400; 410 where the version is compacted
 */
export function list(store: Store, resource: ResourceName, selection: Selection, query: URLSearchParams): Page {
  const token = query.get('continue') ?? ''
  if (token !== '' && versionIn(query) !== undefined)
    throw new ApiFailure(400, 'BadRequest', 'specifying resource version is not allowed when using continue')
  const position = token === '' ? { version: versionAsked(store, query), after: '' } : parse(token)
  const all = asOf(store, resource, selection, position.version, token !== '')
  const rest = all.filter((each) => key(each) > position.after)
  const limit = integerIn(query, 'limit') ?? 0
  const items = limit > 0 ? rest.slice(0, limit) : rest
  const remaining = rest.length - items.length
  const selective = Boolean(selection.labelSelector) || Boolean(selection.fieldSelector)
  return {
    items,
    metadata: {
      resourceVersion: String(position.version),
      ...(remaining > 0 && { continue: format({ version: position.version, after: key(items.at(-1)!) }) }),
      ...(remaining > 0 && !selective && { remainingItemCount: remaining }),
    },
  }
}

/** The list as JSON: custom resources carry their kind in every item, built-in ones only in the list. */
export function asList(resource: ResourceName, { items, metadata }: Page): unknown {
  const { group, version, kind } = RESOURCES[resource]
  return {
    kind: `${kind}List`,
    apiVersion: group === '' ? version : `${group}/${version}`,
    metadata,
    items: group === 'argoproj.io' ? items : items.map(({ kind: _kind, apiVersion: _apiVersion, ...item }) => item),
  }
}

/**
 * Only an exact match asks for the past, and a page of a version that says nothing of a match; anything else is content
 * with what is newest.
 */
function versionAsked(store: Store, query: URLSearchParams): number {
  const asked = versionIn(query)
  if (asked !== undefined && asked > store.version) {
    throw new ApiFailure(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${store.version}`)
  }
  const match = query.get('resourceVersionMatch') || ((integerIn(query, 'limit') ?? 0) > 0 ? 'Exact' : 'NotOlderThan')
  return match === 'Exact' && asked !== undefined ? asked : store.version
}

/** A whole number of a query; undefined where it is absent. @throws ApiFailure 400 */
export function integerIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? ''
  if (text === '') return undefined
  if (!/^-?\d+$/.test(text))
    throw new ApiFailure(400, 'BadRequest', `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  return Number(text)
}

/** The resourceVersion of a query; undefined where none, or any (0), will do. @throws ApiFailure 400 */
export function versionIn(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? ''
  if (text === '' || text === '0') return undefined
  if (!/^\d+$/.test(text))
    throw new ApiFailure(
      400,
      'BadRequest',
      `resourceVersion: Invalid value: ${JSON.stringify(text)}: ` +
        `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    )
  return Number(text)
}

/** The collection as it was: what has changed since counts as it was before its first change. */
function asOf(
  store: Store,
  resource: ResourceName,
  selection: Selection,
  version: number,
  continued: boolean,
): KubeObject[] {
  const matches = matcher(selection)
  const changes = store.since(version)
  if (changes === undefined) {
    throw new ApiFailure(
      410,
      'Expired',
      continued
        ? 'The provided continue parameter is too old to display a consistent ' +
            'list result. You must start a new list without the continue parameter.'
        : 'The resourceVersion for the provided list is too old.',
    )
  }
  const former = new Map<string, KubeObject | undefined>()
  for (const change of changes) {
    if (change.resource === resource && !former.has(key(change.object))) former.set(key(change.object), change.previous)
  }
  const unchanged = [...store.all(resource)].filter((each) => !former.has(key(each)))
  const restored = [...former.values()].filter((each) => each !== undefined)
  return [...unchanged, ...restored].filter(matches).sort((one, other) => (key(one) < key(other) ? -1 : 1))
}

function key({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`
}

function format({ version, after }: Position): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start: after })).toString('base64url')
}

function parse(token: string): Position {
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString()) ?? {}
    if (typeof rv === 'number' && typeof start === 'string') return { version: rv, after: start }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new ApiFailure(
    400,
    'BadRequest',
    'continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
  )
}
