import type { Cluster, Table } from '../cluster/port.ts'
import { leadOutside, servicesUsed } from '../domain/group/services-used.ts'
import type { Snapshot } from '../domain/group/snapshot.ts'
import type { BriefService } from '../domain/objects/brief-service.ts'
import { at, text } from '../domain/objects/fields.ts'
import { HASH_LABEL } from '../domain/objects/labels.ts'
import { EARLY } from './early.ts'
import { inBatches } from './in-batches.ts'
import { serviceNames } from './selectors.ts'

/** Services that are asked for by their names. */
const FEW = 24

/** The Services of a namespace: some of them whole, the others brief. */
export interface EarlyServices {
  readonly items: readonly unknown[]
  readonly others: readonly BriefService[]
}

/**
 * Of a namespace's thousands a group uses a few: of the others a tenth of what they say is read.
 * @param rollouts its members: where these alone name many, all are read whole
 * @throws ClusterError
 */
export async function earlyServices(
  cluster: Cluster,
  namespace: string,
  rollouts: Promise<readonly unknown[]>,
  signal?: AbortSignal,
): Promise<EarlyServices> {
  const query = { namespace }
  const all = async (): Promise<EarlyServices> => ({ items: await readAll(cluster, namespace, signal), others: [] })
  const { items: first, isAll } = await cluster.listFirst('services', query, { atMost: EARLY }, signal)
  if (isAll) return { items: first, others: [] }
  const named = new Set((await rollouts).flatMap(serviceNames))
  if (named.size > FEW) return all()
  const read = new Set(first.map(nameOf))
  const [table, more] = await Promise.all([
    cluster.listTable('services', query, signal),
    readNamed(
      cluster,
      namespace,
      [...named].filter((each) => !read.has(each)),
      signal,
    ),
  ])
  if (table.items.length > 0) return { items: table.items, others: [] }
  const known = briefly(table)
  if (known === undefined) return all()
  const items = [...first, ...more]
  for (const each of more) read.add(nameOf(each))
  return { items, others: known.filter((each) => !read.has(each.name)) }
}

/**
 * The same with those alone that are used, all of them whole: with all of the namespace, where these are many.
 * @throws ClusterError
 */
export async function withUsed(
  cluster: Cluster,
  snapshot: Snapshot,
  others: EarlyServices['others'],
  signal?: AbortSignal,
): Promise<Snapshot> {
  const { namespace } = snapshot
  const all = async () => ({ ...snapshot, services: await readAll(cluster, namespace, signal) })
  const used = servicesUsed(snapshot, others)
  if (used === undefined) return all()
  const lacking = others.flatMap(({ name }) => (used.names.has(name) ? [name] : []))
  if (lacking.length > FEW) return all()
  const read = snapshot.services.filter((each) => used.names.has(nameOf(each)))
  const known = { ...snapshot, services: [...read, ...(await readNamed(cluster, namespace, lacking, signal))] }
  return leadOutside(known, used.called) ? all() : known
}

async function readAll(cluster: Cluster, namespace: string, signal?: AbortSignal): Promise<readonly unknown[]> {
  return (await cluster.list('services', { namespace }, signal)).items
}

/** Those of them that are there. */
async function readNamed(cluster: Cluster, namespace: string, names: readonly string[], signal?: AbortSignal) {
  const found = await inBatches(names, (name) =>
    cluster.list('services', { namespace, fieldSelector: `metadata.name=${name}` }, signal),
  )
  return found.flatMap(({ items }) => items)
}

function nameOf(service: unknown): string {
  return text(at(service, 'metadata', 'name')) ?? ''
}

/** What a table writes for nothing. */
const NOTHING = '<none>'

const COLUMNS = ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Selector']

/**
 * Services as a table tells of them (Kubernetes, pkg/printers/internalversion/printers.go, printService); undefined
 * where the table is another.
 */
function briefly({ columns, rows }: Table): readonly BriefService[] | undefined {
  const [name, type, clusterIP, external, selector] = COLUMNS.map((each) => columns.indexOf(each)) as Five
  const found: BriefService[] = []
  for (const cells of rows) {
    const [of, kind, address, pairs] = [cells[name], cells[type], cells[clusterIP], cells[selector]]
    if (typeof of !== 'string' || typeof address !== 'string' || typeof pairs !== 'string') return undefined
    found.push({
      name: of,
      clusterIP: address,
      alias: kind === 'ExternalName' ? text(cells[external])?.toLowerCase() : undefined,
      pairs: pairs === NOTHING ? [] : pairsOf(pairs),
    })
  }
  return found
}

type Five = [number, number, number, number, number]

function pairsOf(selector: string): readonly string[] {
  const pairs = selector.split(',')
  return selector.includes(HASH_LABEL) ? pairs.filter((each) => !each.startsWith(`${HASH_LABEL}=`)) : pairs
}
