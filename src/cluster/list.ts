import { at, fields, list as listOf, text } from '../domain/objects/fields.ts'
import type { Attempt } from './attempt.ts'
import { malformed } from './errors.ts'
import { ClusterError, type First, type Most, type ObjectList, type Query, type Resource, type Table } from './port.ts'
import { ask, type Line } from './request.ts'
import { collection } from './resources.ts'
import type { Repeat } from './retry.ts'

/**
 * Objects of a list in one answer. kubectl asks for 500; each page more is another way to the server and back, and
 * client-go's informers, of which any cluster has many, ask for all at once.
 */
const PAGE = 2500

/** A Service is a kilobyte or two, and a look waits for those of the whole namespace. */
const PAGES: Partial<Record<Resource, number>> = { services: 10_000 }

/**
 * All pages, from one version of the collection; where the server forgets it between two pages (410), all over again,
 * then undivided.
 */
export async function list(
  line: Line,
  resource: Resource,
  query: Query,
  repeat: Repeat,
  signal?: AbortSignal,
): Promise<ObjectList> {
  const limit = line.chunkSize ?? pageOf(resource)
  const { items, resourceVersion } = await all(line, resource, query, repeat, signal, { limit })
  return { items, resourceVersion }
}

async function all(
  line: Line,
  resource: Resource,
  query: Query,
  repeat: Repeat,
  signal: AbortSignal | undefined,
  { limit = 0, ...more }: Cut,
): Promise<Omit<Page, 'next'>> {
  for (let tried = 0; limit > 0 && tried < 2; tried += 1) {
    try {
      return await pages(line, resource, query, repeat, signal, { limit, ...more })
    } catch (error) {
      if (!(error instanceof ClusterError) || error.reason !== 'Expired') throw error
    }
  }
  return pages(line, resource, query, repeat, signal, more)
}

/**
 * The first so many, in one request; all of them where a person has said how long a page is, and it is no guess.
 */
export async function listFirst(
  line: Line,
  resource: Resource,
  query: Query,
  { atMost, guess = false }: Most,
  signal?: AbortSignal,
): Promise<First> {
  const repeat = guess ? 'never' : 'read'
  if (line.chunkSize !== undefined && !guess)
    return { ...(await list(line, resource, query, repeat, signal)), isAll: true }
  const { next, items, resourceVersion } = await page(line, resource, query, repeat, signal, { limit: atMost })
  return { items, resourceVersion, isAll: next === undefined || next === '' }
}

/** Rows for people; objects, where the server makes no tables of them. */
export async function listTable(line: Line, resource: Resource, query: Query, signal?: AbortSignal): Promise<Table> {
  const limit = pageOf(resource)
  const { items, columns, rows } = await all(line, resource, query, 'read', signal, { limit, table: true })
  return { items, columns, rows }
}

function pageOf(resource: Resource): number {
  return PAGES[resource] ?? PAGE
}

interface Cut {
  readonly limit?: number
  /** As rows for people. */
  readonly table?: boolean
}

async function pages(
  line: Line,
  resource: Resource,
  query: Query,
  repeat: Repeat,
  signal: AbortSignal | undefined,
  cut: Cut,
): Promise<Omit<Page, 'next'>> {
  const items: unknown[] = []
  const rows: Table['rows'][number][] = []
  let from: string | undefined
  for (;;) {
    const { next, ...found } = await page(line, resource, query, repeat, signal, { ...cut, ...(from && { from }) })
    for (const each of found.items) items.push(each)
    for (const each of found.rows) rows.push(each)
    if (!next) return { ...found, items, rows }
    from = next
  }
}

interface Page extends ObjectList, Table {
  readonly next: string | undefined
}

/** A table without objects (Kubernetes, API concepts, "Receiving resources as Tables"), where the server makes them. */
const AS_TABLE = { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1,application/json' }

async function page(
  line: Line,
  resource: Resource,
  query: Query,
  repeat: Repeat,
  signal: AbortSignal | undefined,
  { limit, from, table }: Cut & { readonly from?: string },
): Promise<Page> {
  const attempt: Attempt = { verb: 'list', resource, namespace: query.namespace }
  const path = collection(resource, query, {
    limit: limit?.toString(),
    continue: from,
    includeObject: table && 'None',
  })
  const call = { method: 'GET', path, ...(table && { headers: AS_TABLE }) } as const
  const answer = await ask(line, { call, attempt, repeat, signal })
  const [items, of] = [at(answer, 'items') ?? [], at(answer, 'metadata')]
  if (!Array.isArray(items) || of === undefined) throw malformed(attempt, line.to, 'is not a list')
  return {
    items,
    columns: listOf(at(answer, 'columnDefinitions')).map((each) => text(at(each, 'name')) ?? ''),
    rows: listOf(at(answer, 'rows')).map((each) => listOf(fields(each)['cells'])),
    resourceVersion: text(at(of, 'resourceVersion')) ?? '',
    next: text(at(of, 'continue')),
  }
}
