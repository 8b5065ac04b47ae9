import type { Cluster, TableRow } from '../cluster/port.ts'
import { leadOutside, servicesUsed } from '../domain/group/services-used.ts'
import type { Snapshot } from '../domain/group/snapshot.ts'
import type { BriefService } from '../domain/objects/brief-service.ts'
import { at, text } from '../domain/objects/fields.ts'
import { HASH_LABEL } from '../domain/objects/labels.ts'

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

/** Of a namespace's thousands a group uses a few: of the others a tenth of what they say is read. @throws ClusterError */
export async function earlyServices(cluster: Cluster, namespace: string, signal?: AbortSignal): Promise<EarlyServices> {
  const { items, rows } = await cluster.listBriefly('services', { namespace }, WHOLE, signal)
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
  { selector, others }: { readonly selector: string } & Pick<EarlyServices, 'others'>,
  signal?: AbortSignal,
): Promise<Snapshot> {
  const { namespace } = snapshot
  const read = async (query: { readonly labelSelector?: string; readonly fieldSelector?: string }) =>
    (await cluster.list('services', { namespace, ...query }, signal)).items
  const all = async (): Promise<Snapshot> => ({ ...snapshot, services: await read({}) })
  const used = servicesUsed(snapshot, others)
  if (used === undefined) return all()
  const there = new Set(others.map(({ name }) => name))
  const found = new Map<string, unknown>()
  const add = (services: readonly unknown[]) =>
    services.forEach((each) => {
      const name = nameOf(each)
      if (there.has(name)) found.set(name, each)
    })
  const lacking = () => [...used.names].filter((each) => there.has(each) && !found.has(each))
  // Services of a group mostly bear its label.
  if (lacking().length > FEW) add(await read({ labelSelector: selector }))
  if (lacking().length > FEW) return all()
  const last = lacking()
  for (let start = 0; start < last.length; start += AT_ONCE) {
    const asked = last.slice(start, start + AT_ONCE).map((name) => read({ fieldSelector: `metadata.name=${name}` }))
    for (const each of await Promise.all(asked)) add(each)
  }
  const known = { ...snapshot, services: [...snapshot.services, ...found.values()] }
  return leadOutside(known, used.called) ? all() : known
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
