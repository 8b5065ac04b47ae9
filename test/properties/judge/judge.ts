/**
 * Says of each moment of a namespace which requests of users meet two releases or an empty Service.
 *
 * It reads raw objects only and shares no code with the product, whose proofs it judges.
 */

import { directory, environment, hosts, startValues, volumeValues } from './addresses.ts'
import {
  EITHER,
  isReady,
  matches,
  ownerOf,
  releaseOf,
  type RawPod,
  type RawReplicaSet,
  type Release,
  type World,
} from './raw.ts'

/** Where users come in: a Rollout, and the Services through which they reach its live pods. */
export interface Entry {
  readonly rollout: string
  readonly doors: readonly string[]
}

/** A request that goes wrong. */
export interface Trouble {
  /** The same for the same users in the same trouble: kind, where the request begins, and which Service is empty. */
  readonly key: string
  /** Every call of the request, for a person. */
  readonly story: string
}

/** What earlier moments left behind. */
export interface Memory {
  /** ReplicaSets users have come to, while they have pods. */
  readonly served: Set<string>
  /** ReplicaSets a consumer may hold connections to, by consumer and Service. */
  readonly used: Map<string, Set<string>>
  /** What each pod read of its own metadata when it started. */
  readonly started: Map<string, readonly string[]>
}

export interface Judge {
  /** Every trouble of this moment; moments must be shown in their order. */
  observe(world: World): Trouble[]
  readonly memory: Memory
}

/** One running ReplicaSet and the calls its pods make: by Service, the ReplicaSets each may end on. */
interface Node {
  readonly name: string
  readonly rollout: string
  readonly release: Release
  readonly calls: ReadonlyMap<string, ReadonlySet<string>>
}

export function newMemory(): Memory {
  return { served: new Set(), used: new Map(), started: new Map() }
}

export function openJudge(namespace: string, entries: readonly Entry[], memory: Memory = newMemory()): Judge {
  const fixed = new Map<string, readonly string[]>()
  return { memory, observe }

  function observe(world: World): Trouble[] {
    const pods = Map.groupBy(world.pods, ownerOf)
    const running = world.replicaSets.filter((each) => pods.has(each.metadata.name))
    const services = new Map(
      world.services.map((each) => [each.metadata.name, endpoints(each.spec.selector, world.pods)]),
    )
    forget(running)
    const carriers = carrying(world)
    const ways = directory(world.services, namespace)
    const nodes = new Map(
      running.map((set): [string, Node] => {
        const calls = [
          ...new Set(addresses(set, pods.get(set.metadata.name)!, world).flatMap((value) => hosts(value, ways))),
        ]
        return [
          set.metadata.name,
          {
            name: set.metadata.name,
            rollout: ownerOf(set),
            release: releaseOf(set),
            calls: new Map(
              calls.map((service) => [
                service,
                targets(set.metadata.name, service, services.get(service)!, carriers.has(service)),
              ]),
            ),
          },
        ]
      }),
    )
    const roots = entries.flatMap((entry) => rootsOf(entry, world, nodes, services))
    return [
      ...entries.flatMap((entry) =>
        entry.doors
          .filter((door) => services.get(door)?.size === 0)
          .map(
            (door): Trouble => ({ key: `empty ${entry.rollout} ${door}`, story: `users find nothing behind ${door}` }),
          ),
      ),
      ...roots.flatMap((root) => troublesOf(root, nodes, services)),
    ]
  }

  /** What is gone holds nothing. */
  function forget(running: readonly RawReplicaSet[]): void {
    const there = new Set(running.map((each) => each.metadata.name))
    for (const name of memory.served) if (!there.has(name)) memory.served.delete(name)
    for (const [key, held] of memory.used) {
      if (there.has(key.split(' ')[0]!))
        for (const name of held) {
          if (!there.has(name)) held.delete(name)
        }
      else memory.used.delete(key)
    }
  }

  function addresses(set: RawReplicaSet, pods: readonly RawPod[], world: World): string[] {
    const { template } = set.spec
    const always = fixed.get(set.metadata.name) ?? environment(template, world.configMaps)
    fixed.set(set.metadata.name, always)
    return [
      ...always,
      ...pods.flatMap((pod) => {
        const first = memory.started.get(pod.metadata.name) ?? startValues(template, pod)
        memory.started.set(pod.metadata.name, first)
        return [...first, ...volumeValues(template, pod)]
      }),
    ]
  }

  /**
   * A Service that carries users leaves its callers with connections to where it pointed before, as long as that runs.
   */
  function targets(consumer: string, service: string, now: ReadonlySet<string>, carries: boolean): ReadonlySet<string> {
    if (!carries) return now
    const key = `${consumer} ${service}`
    const held = memory.used.get(key) ?? new Set()
    for (const name of now) held.add(name)
    memory.used.set(key, held)
    return held
  }

  /**
   * The revisions of an entry that users are on: behind its door, formerly behind it and still running, or a canary's
   * ready pods.
   */
  function rootsOf(
    entry: Entry,
    world: World,
    nodes: ReadonlyMap<string, Node>,
    services: ReadonlyMap<string, ReadonlySet<string>>,
  ): Node[] {
    const own = [...nodes.values()].filter((each) => each.rollout === entry.rollout)
    const canary = world.rollouts.some(
      (each) => each.metadata.name === entry.rollout && each.spec.strategy.canary !== undefined,
    )
    for (const { name } of own) {
      const reached = entry.doors.some((door) => services.get(door)?.has(name))
      if (reached || (canary && world.pods.some((pod) => ownerOf(pod) === name && isReady(pod))))
        memory.served.add(name)
    }
    return own.filter((each) => memory.served.has(each.name))
  }
}

/** The active and stable Services of all Rollouts. */
function carrying(world: World): Set<string> {
  return new Set(
    world.rollouts.flatMap(
      ({ spec: { strategy } }) => strategy.blueGreen?.activeService ?? strategy.canary?.stableService ?? [],
    ),
  )
}

/** The ReplicaSets whose pods a selector finds ready; where none is, those that serve until they are gone. */
function endpoints(selector: Readonly<Record<string, string>> | undefined, pods: readonly RawPod[]): Set<string> {
  const found = pods.filter((each) => matches(selector, each.metadata.labels))
  const ready = found.filter(isReady)
  return new Set(
    (ready.length > 0 ? ready : found.filter((each) => each.metadata.deletionTimestamp !== undefined)).map(ownerOf),
  )
}

function troublesOf(
  root: Node,
  nodes: ReadonlyMap<string, Node>,
  services: ReadonlyMap<string, ReadonlySet<string>>,
): Trouble[] {
  const reached = reach(root, nodes)
  const story = () =>
    [...reached]
      .map(
        (node) =>
          `${node.name} (${node.release})${[...node.calls].map(([service, to]) => ` ${service}→${[...to].join('|') || 'nothing'}`).join(',')}`,
      )
      .join('; ')
  const empty = new Set(
    [...reached].flatMap((node) => [...node.calls.keys()].filter((service) => services.get(service)!.size === 0)),
  )
  return [
    ...[...empty].map((service): Trouble => ({ key: `empty ${root.name} ${service}`, story: story() })),
    ...(meetsBoth(reached, nodes) ? [{ key: `mixed ${root.name}`, story: story() }] : []),
  ]
}

function reach(root: Node, nodes: ReadonlyMap<string, Node>): Set<Node> {
  const found = new Set([root])
  for (const node of found) for (const to of node.calls.values()) for (const name of to) found.add(nodes.get(name)!)
  return found
}

/**
 * A call over one wire ends on one revision, and every call is made anew. So one request meets two releases if
 * somewhere on its way a revision of the one leads to another, or two different calls of one revision lead to two.
 */
function meetsBoth(reached: ReadonlySet<Node>, nodes: ReadonlyMap<string, Node>): boolean {
  const ledTo = (to: Iterable<string>) =>
    new Set(
      [...to]
        .flatMap((name) => [...reach(nodes.get(name)!, nodes)].map((each) => each.release))
        .filter((each) => each !== EITHER),
    )
  return [...reached].some((node) => {
    const calls = [...node.calls.values()].map(ledTo)
    const own = node.release === EITHER ? [] : [new Set([node.release])]
    const met = [...own, ...calls]
    return met.some((one, index) =>
      met.some((other, at) => at > index && [...other].some((each) => differs(one, each))),
    )
  })
}

/** Whether any of these releases is another one. */
function differs(releases: ReadonlySet<Release>, other: Release): boolean {
  return [...releases].some((each) => each !== other)
}
