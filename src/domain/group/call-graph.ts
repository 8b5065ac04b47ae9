import { ENTRY, GROUP_LABEL, SYNC_WAVE } from '../objects/labels.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { nextService } from '../objects/strategy.ts'
import { callsOf, type Member, wiredTo } from './member.ts'
import { newcomersTo } from './newcomers.ts'
import type { Group } from './read-group.ts'

/** The consumer calls the dependency. */
export interface Edge {
  readonly consumer: string
  readonly dependency: string
  readonly source: 'declared' | 'wired' | 'sync-wave'
  /** Whether a wire of the consumer's live or next revision leads there. */
  readonly wired: boolean
}

/** Who calls whom in a group. Declared edges win over inferred ones; sync waves count only where neither exists. */
export interface Graph {
  readonly edges: readonly Edge[]
  /** Members users reach first, by name. */
  readonly entries: readonly string[]
  /**
   * The members by distance from the entries: each layer calls only members of later layers (and, on a cycle, of its
   * own component). Members of one layer do not call each other.
   */
  readonly layers: readonly (readonly string[])[]
  /** Components of more than one member that call each other in a circle. */
  readonly cycles: readonly (readonly string[])[]
}

export function graphOf(group: Group): Graph {
  const edges = edgesOf(group)
  const members = group.members.map((each) => each.name)
  const components = stronglyConnected(members, edges)
  const entries = entriesOf(group, edges, components)
  return {
    edges,
    entries,
    layers: layersOf(edges, components, entries),
    cycles: components.filter((each) => each.length > 1),
  }
}

/** Members from which `start` can be reached, `start` left out: everyone whose requests may pass through it. */
export function upstream(graph: Graph, start: string): Set<string> {
  const found = new Set([start])
  for (const name of found) for (const { consumer } of callsTo(graph, name)) found.add(consumer)
  found.delete(start)
  return found
}

const endsOf = madeOnce((edges: readonly Edge[]) => ({
  consumer: Map.groupBy(edges, (each) => each.consumer),
  dependency: Map.groupBy(edges, (each) => each.dependency),
}))

/** The calls that a member makes. */
export function callsFrom({ edges }: Pick<Graph, 'edges'>, name: string): readonly Edge[] {
  return endsOf(edges).consumer.get(name) ?? []
}

/** The calls that are made to a member. */
export function callsTo({ edges }: Pick<Graph, 'edges'>, name: string): readonly Edge[] {
  return endsOf(edges).dependency.get(name) ?? []
}

/** By what is declared, or else wired, of each member's live, next and lingering revisions. */
function edgesOf(group: Group): Edge[] {
  const names = new Set(group.members.map((each) => each.name))
  const edges = group.members.flatMap((member): Edge[] => {
    const revisions = member.revisions.filter((each) => each.role !== 'old')
    const wired = new Set(revisions.flatMap((each) => wiredTo(each)))
    const declared = new Set(revisions.flatMap((each) => each.declared ?? []))
    const called = new Set(revisions.flatMap((each) => callsOf(each)))
    return [...called]
      .filter((each) => names.has(each) && each !== member.name)
      .sort()
      .map((dependency) => ({
        consumer: member.name,
        dependency,
        source: declared.has(dependency) ? 'declared' : 'wired',
        wired: wired.has(dependency),
      }))
  })
  return edges.length > 0 || group.members.some((each) => each.dependsOn !== undefined)
    ? edges
    : syncWaveEdges(group.members)
}

/** Argo CD applies a lower wave first, so it is a dependency of the next higher one. */
function syncWaveEdges(members: readonly Member[]): Edge[] {
  const waveOf = (member: Member) => Number(member.annotations.get(SYNC_WAVE) ?? Number.NaN)
  const waves = [...new Set(members.map(waveOf).filter(Number.isInteger))].sort((a, b) => a - b)
  return waves.slice(1).flatMap((wave, index) =>
    members
      .filter((each) => waveOf(each) === wave)
      .flatMap((consumer) =>
        members
          .filter((each) => waveOf(each) === waves[index])
          .map(
            (dependency): Edge => ({
              consumer: consumer.name,
              dependency: dependency.name,
              source: 'sync-wave',
              wired: false,
            }),
          ),
      ),
  )
}

/**
 * Annotated members, those with a Service by which callers come in from outside the cluster or to which an Ingress or
 * route leads, and those that nobody calls, or only who comes with the release that waits: users came to them so far.
 */
function entriesOf(group: Group, edges: readonly Edge[], components: readonly (readonly string[])[]): string[] {
  const exposed = exposedBy(group)
  const shown = group.members.filter((each) => each.entry || isExposed(exposed, each)).map((each) => each.name)
  const newcomers = newcomersTo(group.members)
  const calls = edges.filter((each) => !newcomers.has(each.consumer) || newcomers.has(each.dependency))
  const called = new Set(calls.map((each) => each.dependency))
  const unconsumed = components.filter((component) => component.length === 1 && !called.has(component[0]!))
  return [...new Set([...shown, ...unconsumed.flat()])].sort()
}

/** By a Service in front of what is live, unless it is denied: a preview may be looked at from outside. */
function isExposed(exposed: ReadonlyMap<string, readonly string[]>, { name, annotations, strategy }: Member): boolean {
  const services = exposed.get(name) ?? []
  return annotations.get(ENTRY) !== 'false' && services.some((service) => service !== nextService(strategy))
}

/** The Services by which callers come in to each member. */
function exposedBy({ services, owners, fronts }: Group): ReadonlyMap<string, readonly string[]> {
  const leadsIn = (service: string) =>
    services.get(service)?.exposed === true || (typeof fronts === 'object' && fronts.has(service))
  const found = [...owners].flatMap(([service, of]) => (leadsIn(service) ? of.map((to) => ({ service, to })) : []))
  return new Map(
    [...Map.groupBy(found, (each) => each.to)].map(([to, each]) => [to, each.map(({ service }) => service)]),
  )
}

/** Whether users may come in at a member of which nothing shows it: what would show it may not be read. */
export function mayBeEntered({ fronts }: Group, { annotations }: Member): boolean {
  return fronts === 'forbidden' && annotations.get(ENTRY) !== 'false'
}

/** Components that nobody outside calls and that have no entry: nobody knows where users come in. */
export function entryless(graph: Graph): string[][] {
  return graph.cycles
    .filter((component) => !component.some((each) => graph.entries.includes(each)))
    .filter(
      (component) =>
        !graph.edges.some((each) => component.includes(each.dependency) && !component.includes(each.consumer)),
    )
    .map((component) => [...component])
}

/** Members of whom, with what nobody looked at, users may come in at any: they are taken for entries. */
export function takenForEntries({ fronts }: Group, graph: Graph): string[] {
  return fronts === undefined ? entryless(graph).flat() : []
}

/** Longest distance over the components, and inside a component the distance from where requests come in. */
function layersOf(
  edges: readonly Edge[],
  components: readonly (readonly string[])[],
  entries: readonly string[],
): string[][] {
  const componentOf = new Map(components.flatMap((each) => each.map((name) => [name, each] as const)))
  const callers = new Map(components.map((each) => [each, new Set<readonly string[]>()]))
  for (const { consumer, dependency } of edges)
    callers.get(componentOf.get(dependency)!)!.add(componentOf.get(consumer)!)
  for (const [component, own] of callers) own.delete(component)
  const layers: string[][] = []
  let ready = components.filter((each) => callers.get(each)!.size === 0)
  while (ready.length > 0) {
    const rings = ready.map((component) => ringsOf(component, edges, entries))
    for (let index = 0; index < Math.max(...rings.map((each) => each.length)); index++) {
      layers.push(rings.flatMap((each) => each[index] ?? []).sort())
    }
    const next = new Set<readonly string[]>()
    for (const caller of ready)
      for (const { dependency } of caller.flatMap((name) => callsFrom({ edges }, name))) {
        const called = componentOf.get(dependency)!
        if (callers.get(called)!.delete(caller) && callers.get(called)!.size === 0) next.add(called)
      }
    ready = [...next]
  }
  return layers.filter((each) => each.length > 0)
}

/** A component's members by distance from its entries, or else from those that are called from outside it. */
function ringsOf(component: readonly string[], edges: readonly Edge[], entries: readonly string[]): string[][] {
  if (component.length === 1) return [[...component]]
  const own = component.filter((each) => entries.includes(each))
  const called = component.filter((each) => callsTo({ edges }, each).some((edge) => !component.includes(edge.consumer)))
  const rings: string[][] = []
  const seen = new Set<string>()
  let ring = own.length > 0 ? own : called.length > 0 ? called : component.slice(0, 1)
  while (ring.length > 0) {
    for (const each of ring) seen.add(each)
    rings.push([...ring])
    ring = component.filter(
      (each) => !seen.has(each) && edges.some((edge) => edge.dependency === each && ring.includes(edge.consumer)),
    )
  }
  // One at a time: neighbours on a circle call each other.
  return rings.flatMap((each) => each.sort().map((name) => [name]))
}

/** Tarjan's strongly connected components, each sorted by name, in the order of their first member. */
function stronglyConnected(members: readonly string[], edges: readonly Edge[]): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const waiting = new Set<string>()
  const components: string[][] = []
  const visit = (name: string) => {
    index.set(name, index.size)
    low.set(name, index.get(name)!)
    stack.push(name)
    waiting.add(name)
    for (const { dependency } of callsFrom({ edges }, name)) {
      if (!index.has(dependency)) visit(dependency)
      if (waiting.has(dependency)) low.set(name, Math.min(low.get(name)!, low.get(dependency)!))
    }
    if (low.get(name) !== index.get(name)) return
    const component = stack.splice(stack.lastIndexOf(name)).sort()
    for (const each of component) waiting.delete(each)
    components.push(component)
  }
  for (const name of members) if (!index.has(name)) visit(name)
  return components.sort((a, b) => (a[0]! < b[0]! ? -1 : 1))
}

/**
 * The label key that makes these members a group: Kubernetes' own, or another that all of them have with the group's
 * name; undefined where a selector made it.
 */
export function groupLabelOf(group: string, members: readonly Member[]): string | undefined {
  const shared = (key: string) => members.every((each) => each.labels.get(key) === group)
  return [GROUP_LABEL, ...(members[0]?.labels.keys() ?? [])].find(shared)
}
