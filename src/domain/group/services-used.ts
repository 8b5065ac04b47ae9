import { type BriefService, briefOf, pairsOf } from '../objects/brief-service.ts'
import { parseRollout, type Rollout } from '../objects/rollout.ts'
import { pair, parseServices } from '../objects/service.ts'
import { namedServices } from '../objects/strategy.ts'
import { type Directory, serviceIn } from './hosts.ts'
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
  const rollouts = rolloutsOf(snapshot)
  const sets = byOwner(snapshot)
  const named = new Set(rollouts.flatMap((each) => namedServices(each.strategy)))
  const labels = rollouts.flatMap((each) => setsOf(each, sets).map((set) => pairsIn(set.template.labels)))
  const selectors = rollouts.map((each) => pairsIn(each.selector)).filter((each) => each.size > 0)
  const theirs = new Set([...labels, ...selectors].flatMap((each) => [...each]))
  const asked = new Asked(snapshot.namespace)
  for (const each of rollouts)
    for (const { template } of setsOf(each, sets)) {
      const around = { directory: asked, owners: new Map(), names: new Set<string>() }
      addressesOf(template, each.strategy, snapshot.configs, around)
    }
  const all = [...snapshot.services.map(briefOf), ...others]
  asked.follow(new Map(all.flatMap(({ name, alias }) => (alias === undefined ? [] : [[name, alias]]))))
  if (asked.meansIpv6()) return undefined
  const isOwn = (each: BriefService) => {
    if (named.has(each.name)) return true
    const pairs = pairsOf(each)
    // Of thousands most have nothing in common with members.
    if (!pairs.some((label) => theirs.has(label))) return false
    const selected = new Set(pairs)
    return labels.some((own) => selected.isSubsetOf(own)) || selectors.some((own) => own.isSubsetOf(selected))
  }
  const called = all.filter((each) => asked.mayMean(each) && !isOwn(each))
  const bases = called.map((each) => new Set(pairsOf(each)))
  const isBeside = (each: BriefService) => {
    const pairs = pairsOf(each)
    return pairs.length > 0 && bases.some((base) => pairs.every((label) => base.has(label)))
  }
  const beside = bases.length === 0 ? [] : others.filter(isBeside)
  return {
    names: new Set([...others.filter(isOwn), ...called, ...beside].map((each) => each.name)),
    called: new Set(called.map((each) => each.name)),
  }
}

/** Whether Services are of Rollouts outside the group. @param snapshot with those that are used, whole */
export function leadOutside(snapshot: Snapshot, called: ReadonlySet<string>): boolean {
  if (called.size === 0) return false
  const rollouts = rolloutsOf(snapshot)
  const sets = byOwner(snapshot)
  const services = parseServices(snapshot.services, snapshot.endpointSlices)
  const owners = ownersOf(
    rollouts,
    new Map(rollouts.map((each) => [each.name, setsOf(each, sets)])),
    new Map(services.map((each) => [each.name, each])),
  )
  return !called.isDisjointFrom(outsideServices(services, new Set(rollouts.map((each) => each.name)), owners))
}

function rolloutsOf({ rollouts }: Snapshot): Rollout[] {
  return rollouts.map((raw) => parseRollout(raw)).filter((each): each is Rollout => 'uid' in each)
}

function pairsIn(labels: ReadonlyMap<string, string>): ReadonlySet<string> {
  return new Set([...labels].map(pair))
}

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
  follow(aliases: ReadonlyMap<string, string>): void {
    const { asked } = this.names
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
