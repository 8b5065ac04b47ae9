import type { Finding } from '../findings/finding.ts'
import type { Configs } from '../objects/config-map.ts'
import { at, text } from '../objects/fields.ts'

/** What a person's files make of the objects that they name. */
export interface Desired {
  readonly objects: readonly Wanted[]
  /** ConfigMaps that the pod templates of these objects name, and that are not among them. */
  readonly configs: Configs
  /** The ResourceQuotas of the namespace, where they may be read. */
  readonly quotas?: readonly unknown[]
  /** How it is wired, for people. */
  readonly wiring?: string
  /** What cannot be meant, or is refused by the API server. */
  readonly findings: readonly Finding[]
}

/** One object of the files. */
export interface Wanted {
  readonly kind: string
  readonly name: string
  /** What is applied; undefined: nothing of it changes, and it is only looked at. */
  readonly given: unknown
  /** As the API server would store it: its answer to a dry run of the very apply. */
  readonly will: unknown
  /** As it was then; undefined: there was none. */
  readonly was: unknown
  /** The file and document it stands in, for people. */
  readonly where: string
}

/** An object of the files, with what names it. */
export function wanted(of: Omit<Wanted, 'kind' | 'name'>): Wanted {
  return { ...of, kind: text(at(of.will, 'kind')) ?? '', name: text(at(of.will, 'metadata', 'name')) ?? '' }
}

/** The pod template that the files give a Rollout, its workload's where it has one; undefined where they give none. */
export function templateIn(rollout: unknown, desired: Desired): unknown {
  return at(rollout, 'spec', 'workloadRef') === undefined
    ? at(rollout, 'spec', 'template')
    : at(workloadOf(rollout, desired)?.will, 'spec', 'template')
}

/** The objects that make up a member, in the order in which they are applied: first the workload that it refers to. */
export function objectsOf(member: string, desired: Desired): readonly Wanted[] {
  const rollout = desired.objects.find(({ kind, name }) => kind === 'Rollout' && name === member)
  return [workloadOf(rollout?.will, desired), rollout].filter((each) => each?.given !== undefined) as Wanted[]
}

/**
 * The objects that are applied before members are deployed, in the order of the files: all but those that make up these
 * members; Rollouts that keep their pods come last.
 */
export function besideMembers(desired: Desired, members: ReadonlySet<string>): readonly Wanted[] {
  const own = new Set([...members].flatMap((each) => objectsOf(each, desired)))
  const others = desired.objects.filter((each) => !own.has(each) && each.given !== undefined)
  return [...others.filter(({ kind }) => kind !== 'Rollout'), ...others.filter(({ kind }) => kind === 'Rollout')]
}

function workloadOf(rollout: unknown, { objects }: Desired): Wanted | undefined {
  const reference = at(rollout, 'spec', 'workloadRef')
  return reference === undefined
    ? undefined
    : objects.find(({ kind, name }) => kind === at(reference, 'kind') && name === at(reference, 'name'))
}
