import type { KubeObject } from '../controlplane/api.ts'
import type { Told } from './follow.ts'
import { type Counts, KINDS, look } from './look.ts'
import type { Collection } from './support.ts'
import { Blind, type VersionOf, Walker } from './walk.ts'

/** One change of the cluster, as a watch told it. */
interface Entry {
  readonly collection: Collection
  readonly name: string
  /** In which order the changes of all collections were made. */
  readonly version: number
  /** Milliseconds, when it was told. */
  readonly at: number
  /** Undefined: it is gone. */
  readonly object: KubeObject | undefined
}

/** What the states of a log come to. */
export interface Judged extends Counts {
  /** Looked at: one after each change, and each again as whoever hears late may see it. */
  readonly states: number
  /** In which a Service led to nobody but pods that are gone. */
  readonly blind: number
  /** The first requests that went wrong. */
  readonly paths: readonly string[]
}

/** How late, in milliseconds, a node may hear of a Service's pods: each may see each Service as it was until then. */
export const SKEW = 100

/** So many paths are told. */
const FEW = 5

interface Looking {
  readonly namespace: string
  readonly entryService: string
  readonly versionOf: VersionOf
  readonly aliases: ReadonlyMap<string, string>
}

/**
 * Every change of EndpointSlices, pods and ConfigMaps, and what requests would have met in each state between two: a
 * look 50 times a second misses what lasts a few milliseconds. Changes of all collections are put into the order in
 * which they were made, which no single watch shows.
 */
export class WatchLog {
  readonly #entries: Entry[] = []
  #begun = 0

  of(collection: Collection, now = () => performance.now()): Told {
    return (name, version, object) => void this.#entries.push({ collection, name, version, at: now(), object })
  }

  /** All is listed: from here on each state counts. */
  begin(): void {
    this.#begun = this.#entries.length
  }

  /** The same log always comes to the same. */
  judged(looking: Looking): Judged {
    const first = this.#entries.slice(0, this.#begun)
    const rest = dated(this.#entries.slice(this.#begun).sort((one, other) => one.version - other.version))
    const runs = [0, SKEW].map((skew) => replayed(first, rest, looking, skew))
    const sum = (count: (run: Judged) => number) => runs.reduce((all, each) => all + count(each), 0)
    return {
      states: sum((each) => each.states),
      blind: sum((each) => each.blind),
      ...(Object.fromEntries(KINDS.map((kind) => [kind, sum((each) => each[kind])])) as unknown as Counts),
      paths: runs.flatMap((each) => each.paths).slice(0, FEW),
    }
  }
}

/** When each change was made at the latest: what was told of a later one was told after it. */
function dated(entries: readonly Entry[]): readonly Entry[] {
  let earliest = Infinity
  return entries
    .toReversed()
    .map((each) => ({ ...each, at: (earliest = Math.min(earliest, each.at)) }))
    .toReversed()
}

/** State after state. Pods are as they are: a process that is gone asks nobody. */
function replayed(first: readonly Entry[], rest: readonly Entry[], looking: Looking, skew: number): Judged {
  const state = new Late(looking, skew)
  for (const entry of first) state.take(entry)
  const came = new Set<string | undefined>()
  const total = { states: 0, blind: 0, mixed: 0, empty: 0, mixedOld: 0, emptyOld: 0 }
  const paths: string[] = []
  for (const entry of [undefined, ...rest]) {
    if (entry !== undefined) state.take(entry)
    total.states += 1
    try {
      const seen = look(state, looking.entryService, came)
      for (const kind of KINDS) total[kind] += seen[kind]
      paths.push(...seen.paths.slice(0, FEW - paths.length))
    } catch (error) {
      if (!(error instanceof Blind)) throw error
      total.blind += 1
    }
  }
  return { ...total, paths }
}

/** An EndpointSlice as it was for a while. */
interface Version {
  readonly slice: KubeObject | undefined
  until: number
}

/** A namespace as those see it who hear of EndpointSlices late: each in any state that it had so long ago. */
class Late extends Walker {
  readonly #skew: number
  readonly #pods: Map<string, KubeObject>
  readonly #configMaps: Map<string, KubeObject>
  /** By their names and numbers, all that somebody may see. */
  readonly #seen: Map<string, KubeObject>
  readonly #slices = new Map<string, Version[]>()
  #now = 0

  constructor({ namespace, versionOf, aliases }: Looking, skew: number) {
    const known = () => ({ objects: new Map<string, KubeObject>(), connected: true })
    const [slices, pods, configMaps] = [known(), known(), known()]
    super(namespace, slices, pods, configMaps, versionOf, aliases)
    this.#skew = skew
    this.#seen = slices.objects
    this.#pods = pods.objects
    this.#configMaps = configMaps.objects
  }

  take({ collection, name, at, object }: Entry): void {
    this.#now = Math.max(this.#now, at)
    if (collection === 'endpointslices') this.#slices.set(name, this.#versionsOf(name, object))
    else {
      const objects = collection === 'pods' ? this.#pods : this.#configMaps
      if (object !== undefined) objects.set(name, object)
      // Pods that run on keep what they have read.
      else if (collection === 'pods') objects.delete(name)
    }
    this.#forget()
  }

  /** A pod that is gone answers nobody. */
  override podNamed(name: string): KubeObject | undefined {
    return this.#pods.get(name)
  }

  /** Somebody may see it so: of each of its slices a state without a ready endpoint. @throws Blind */
  override isEmpty(service: string, ready: readonly KubeObject[]): boolean {
    const states = [...this.#slices.values()].filter((versions) => versions.some(({ slice }) => isOf(slice, service)))
    const empty = states.every((versions) => versions.some(({ slice }) => readyIn(slice).length === 0))
    if (!empty && ready.length === 0) throw new Blind(`${service} leads to pods that are gone`)
    return empty
  }

  #versionsOf(name: string, slice: KubeObject | undefined): Version[] {
    const before = this.#slices.get(name) ?? []
    const last = before.at(-1)
    if (last !== undefined) last.until = this.#now
    return [...before, { slice, until: Infinity }]
  }

  #forget(): void {
    this.#seen.clear()
    for (const [name, versions] of this.#slices) {
      const kept = versions.filter(({ until }) => until > this.#now - this.#skew)
      if (kept.every(({ slice }) => slice === undefined)) this.#slices.delete(name)
      else this.#slices.set(name, kept)
      for (const [index, { slice }] of kept.entries())
        if (slice !== undefined) this.#seen.set(`${name} ${index}`, slice)
    }
  }
}

function isOf(slice: KubeObject | undefined, service: string): boolean {
  return slice?.metadata.labels?.['kubernetes.io/service-name'] === service
}

function readyIn(slice: KubeObject | undefined): readonly unknown[] {
  return ((slice?.['endpoints'] ?? []) as { conditions: { ready?: boolean } }[]).filter(
    ({ conditions }) => conditions.ready,
  )
}
