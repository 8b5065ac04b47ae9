import { type Graph, graphOf } from '../group/call-graph.ts'
import { isChanging, type Member, memberNamed } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { type VerbKind, type PlanOptions, type Verb, VERBS } from '../intent.ts'
import type { Service } from '../objects/service.ts'
import { namedServices, type Strategy } from '../objects/strategy.ts'
import { stateOf } from '../trace/moments.ts'
import { type Releases, releasesOf } from '../trace/releases.ts'
import type { Scene } from '../trace/requests.ts'
import { once } from './once.ts'

/** What is so whatever is done next. */
export const factsOf = once((group, options) => {
  const graph = graphOf(group)
  const releases = releasesOf(group, options)
  const scene: Scene = { group, entries: graph.entries, releases, state: stateOf(group) }
  return { graph, releases, scene }
})

/**
 * Everything the checks of a verb look at; the same object for a group as it is.
 * @param present the group as it is, where it is judged as it will be
 */
export function contextOf(group: Group, verb: Verb, options: PlanOptions, present: Group = group): CheckContext {
  if (present !== group) return made(group, verb, options, present)
  const known = contexts(group, options)
  const context = known.get(verb) ?? made(group, verb, options, present)
  known.set(verb, context)
  return context
}

const contexts = once(() => new Map<Verb, CheckContext>())

function made(group: Group, verb: Verb, options: PlanOptions, present: Group): CheckContext {
  const { graph, releases, scene } = factsOf(group, options)
  const { towards, deed, on } = VERBS[verb]
  const acting = group.members.filter(
    (each) => IS_FOR[on](each) && (options.only === undefined || options.only.includes(each.name)),
  )
  return {
    group,
    present,
    graph,
    releases,
    scene,
    now: factsOf(present, options).scene,
    verb,
    towards,
    deed,
    options,
    acting,
    changing: acting.filter(isChanging),
  }
}

/** Whom a verb may act on. */
const IS_FOR: Record<(typeof VERBS)[Verb]['on'], (member: Member) => boolean> = {
  changing: isChanging,
  aborted: isAborted,
  all: () => true,
}

/** What every check looks at. */
export interface CheckContext {
  readonly group: Group
  readonly graph: Graph
  readonly releases: Releases
  readonly scene: Scene
  /** The group as it is; another one than that which is judged where the files of a deploy are laid over it. */
  readonly present: Group
  /** What users of that may meet. */
  readonly now: Scene
  readonly verb: Verb
  /** The revision that the verb leads users to. */
  readonly towards: 'next' | 'stable' | 'same'
  readonly deed: VerbKind
  readonly options: PlanOptions
  /** The release is only thought of: nothing waits yet, and every step of it is still to come. */
  readonly ahead?: true
  /** Members that the verb would act on. */
  readonly acting: readonly Member[]
  /** Those of them that have a next revision. */
  readonly changing: readonly Member[]
}

/**
 * Whether a member has a next revision that a promotion could still bring to users; one that was aborted only lies
 * there.
 */
export function isWaiting(member: Member): boolean {
  return member.next !== undefined && !member.status.abort
}

/** Whether a next revision lies there that was aborted. */
export function isAborted(member: Member): boolean {
  return member.next !== undefined && member.status.abort
}

export function memberOf(context: CheckContext, name: string): Member | undefined {
  return memberNamed(context.group.members, name)
}

/** The Services that a strategy names, of those that are there. */
export function servicesOf({ group }: CheckContext, strategy: Strategy): Service[] {
  return [...new Set(namedServices(strategy))].flatMap((name) => group.services.get(name) ?? [])
}
