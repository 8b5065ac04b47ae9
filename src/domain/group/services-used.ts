import { baseOf, type BriefService, briefOf } from '../objects/brief-service.ts'
import { madeOnce } from '../objects/parse-once.ts'
import { parseRollout, type Rollout } from '../objects/rollout.ts'
import { pair, parseServices } from '../objects/service.ts'
import { namedServices } from '../objects/strategy.ts'
import { type Directory, serviceIn } from '../evidence/hosts.ts'
import { outsideServices } from './outside-services.ts'
import { setsOf } from './own-sets.ts'
import { ownersOf } from './owners.ts'
import { byOwner } from './running-pods.ts'
import type { Snapshot } from './snapshot.ts'
import { addressesOf } from './wires.ts'

/** The Services by which what is seen of a group may be another. */
export interface UsedServices {
  /** Those that may be of members, those that these may call, and those that select the same pods as the latter. */
  readonly names: ReadonlySet<string>
  /** Those of them that may be called, and are of no member. */
  readonly called: ReadonlySet<string>
}

/**
 * Which Services of a namespace a group uses, at most.
 * @param snapshot with some of them, whole
 * @param others the rest
 * @returns undefined where it cannot be told of the rest: it may be any of them
 */
export function servicesUsed(snapshot: Snapshot, others: readonly BriefService[]): UsedServices | undefined {
  const { rollouts, sets } = setsByName(snapshot)
  const asked = new Asked(snapshot.namespace)
  const around = { directory: asked, owners: new Map(), names: new Set<string>() }
  for (const { name, strategy } of rollouts)
    for (const { template } of sets.get(name)!) addressesOf(template, strategy, snapshot.configs, around)
  const all = [...snapshot.services.map(briefOf), ...others]
  asked.follow(all)
  if (asked.meansIpv6()) return undefined
  const owners = briefOwners(snapshot, all)
  const called = all.filter((each) => asked.mayMean(each) && !owners.has(each.name))
  const bases = called.map(({ pairs }) => new Set(pairs))
  const beside = bases.length === 0 ? [] : all.filter((each) => bases.some((base) => asksForNoMore(each, base)))
  return {
    names: new Set([...owners.keys(), ...called.map((each) => each.name), ...beside.map((each) => each.name)]),
    called: new Set(called.map((each) => each.name)),
  }
}

/** Whether a Service selects whatever has these labels. */
function asksForNoMore({ pairs }: BriefService, labels: ReadonlySet<string>): boolean {
  return pairs.length > 0 && pairs.every((each) => labels.has(each))
}

/** The members that Services belong to: of thousands most have nothing in common with them. */
function briefOwners(snapshot: Snapshot, all: readonly BriefService[]): ReadonlyMap<string, readonly string[]> {
  const { rollouts, sets } = setsByName(snapshot)
  const named = new Set(rollouts.flatMap((each) => namedServices(each.strategy)))
  const labels = rollouts.flatMap((each) => [each.selector, ...sets.get(each.name)!.map((set) => set.template.labels)])
  const theirs = new Set(labels.flatMap((each) => [...each].map(pair)))
  const alike = all.filter((each) => named.has(each.name) || each.pairs.some((label) => theirs.has(label)))
  return ownersOf(rollouts, sets, new Map(alike.map((each) => [each.name, { name: each.name, base: baseOf(each) }])))
}

/** Whether Services are of Rollouts outside the group. @param snapshot with those that are used, whole */
export function leadOutside(snapshot: Snapshot, called: ReadonlySet<string>): boolean {
  if (called.size === 0) return false
  const { rollouts, sets } = setsByName(snapshot)
  const services = parseServices(snapshot.services, snapshot.endpointSlices)
  const owners = ownersOf(rollouts, sets, new Map(services.map((each) => [each.name, each])))
  return !called.isDisjointFrom(outsideServices(services, new Set(sets.keys()), owners))
}

/** The Rollouts, and their ReplicaSets by their names. */
const setsByName = madeOnce((snapshot: Snapshot) => {
  const all = byOwner(snapshot)
  const parsed = snapshot.rollouts.map((raw) => parseRollout(raw))
  const rollouts = parsed.filter((each): each is Rollout => 'uid' in each)
  return { rollouts, sets: new Map(rollouts.map((each) => [each.name, setsOf(each, all)])) }
})

/** A map that holds nothing, and knows what was looked up in it. */
class Wanted extends Map<string, string> {
  readonly asked = new Set<string>()
  override get(key: string): undefined {
    this.asked.add(key)
  }
  override has(key: string): boolean {
    this.asked.add(key)
    return false
  }
  override get size(): number {
    return 1
  }
  /** What an address looks like. */
  override keys(): MapIterator<string> {
    return ['::'].values() as MapIterator<string>
  }
}

/** Parts of an address of IPv6 that is not shortened. */
const WHOLE_IPV6 = 8

/** Every name, address and variable that strings may mean, whether there is such a Service or not. */
class Asked implements Directory {
  readonly names = new Wanted()
  readonly addresses = new Wanted()
  readonly variables = new Wanted()
  readonly namespace: string

  constructor(namespace: string) {
    this.namespace = namespace
  }

  /** Asks for those that a variable tells of, and for whom aliases stand. */
  follow(services: readonly BriefService[]): void {
    const { asked } = this.names
    const aliases = new Map(services.filter(({ alias }) => alias !== undefined).map(({ name, alias }) => [name, alias]))
    for (const each of this.variables.asked) asked.add(each.toLowerCase().replaceAll('_', '-'))
    for (const each of asked) {
      const alias = aliases.get(each)
      const end = alias === undefined ? undefined : serviceIn(alias, this.namespace)
      if (end !== undefined) asked.add(end)
    }
  }

  /** Of two addresses a brief Service has one, which is rarely that of IPv6. */
  meansIpv6(): boolean {
    return this.addresses.asked.values().some((each) => each.includes('::') || each.split(':').length === WHOLE_IPV6)
  }

  mayMean({ name, clusterIP }: BriefService): boolean {
    return this.names.asked.has(name) || this.addresses.asked.has(clusterIP)
  }
}
