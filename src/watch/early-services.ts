import type { Cluster, TableRow } from '../cluster/port.ts'
import { leadOutside, servicesUsed } from '../domain/group/services-used.ts'
import type { Snapshot } from '../domain/group/snapshot.ts'
import type { BriefService } from '../domain/objects/brief-service.ts'
import { at, text } from '../domain/objects/fields.ts'
import { HASH_LABEL } from '../domain/objects/labels.ts'
import { serviceNames } from './selectors.ts'

/** Services that are read whole before it is known which ones are used: most namespaces have fewer. */
const WHOLE = 250

/** Services that are asked for by their names, some at a time. */
const FEW = 24
const AT_ONCE = 8

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
  const isEnough = async () => new Set((await rollouts).flatMap(serviceNames)).size <= FEW
  const { items, rows } = await cluster.listBriefly('services', { namespace }, { whole: WHOLE, isEnough }, signal)
  const isWhole = new Set(items.map((each) => nameOf(each)))
  const others = rows.map(briefly).filter((each) => each === undefined || !isWhole.has(each.name))
  const areKnown = others.every((each) => each !== undefined)
  return areKnown
    ? { items, others }
    : { items: (await cluster.list('services', { namespace }, signal)).items, others: [] }
}

/** The same, with whole ones of those that are used too: all of them, where these are many. @throws ClusterError */
export async function withUsed(
  cluster: Cluster,
  snapshot: Snapshot,
  others: EarlyServices['others'],
  signal?: AbortSignal,
): Promise<Snapshot> {
  const { namespace } = snapshot
  const read = async (fieldSelector?: string) =>
    (await cluster.list('services', { namespace, ...(fieldSelector && { fieldSelector }) }, signal)).items
  const all = async (): Promise<Snapshot> => ({ ...snapshot, services: await read() })
  const used = servicesUsed(snapshot, others)
  const lacking = used && others.flatMap(({ name }) => (used.names.has(name) ? [name] : []))
  if (lacking === undefined || lacking.length > FEW) return all()
  const found: unknown[] = []
  for (let start = 0; start < lacking.length; start += AT_ONCE) {
    const asked = lacking.slice(start, start + AT_ONCE).map((name) => read(`metadata.name=${name}`))
    found.push(...(await Promise.all(asked)).flat())
  }
  const known = { ...snapshot, services: [...snapshot.services, ...found] }
  return leadOutside(known, used!.called) ? all() : known
}

function nameOf(service: unknown): string {
  return text(at(service, 'metadata', 'name')) ?? ''
}

/** What a table writes for nothing. */
const NOTHING = '<none>'

const COLUMNS = ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Selector']

/**
 * A Service as a table tells it (Kubernetes, pkg/printers/internalversion/printers.go, printService); undefined where
 * the table is another.
 */
function briefly({ names, cells }: TableRow): BriefService | undefined {
  const [name, type, clusterIP, external, selector] = COLUMNS.map((each) => text(cells[names.indexOf(each)]))
  if (name === undefined || type === undefined || clusterIP === undefined || selector === undefined) return undefined
  return {
    name,
    clusterIP,
    alias: type === 'ExternalName' ? external?.toLowerCase() : undefined,
    selector: selector === NOTHING ? '' : withoutHash(selector),
  }
}

function withoutHash(selector: string): string {
  if (!selector.includes(HASH_LABEL)) return selector
  const pairs = selector.split(',')
  return pairs.filter((each) => !each.startsWith(`${HASH_LABEL}=`)).join()
}
