import type { Move } from '../actions/step.ts'
import { transition } from '../actions/actions.ts'
import { memberNamed, type RevisionId } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { type Guesses, guessesOf } from './guesses.ts'
import { type Moment, type State, without, withScaleDowns } from '../trace/moments.ts'
import { type Scene } from '../trace/requests.ts'
import { onceForAlike, type Violation, violationKey, violations } from '../trace/violations.ts'

/** Trouble that a wave (counted from 0) brings. */
export interface Broken {
  readonly wave: number
  readonly violation: Violation
}

export interface Proof {
  /** For each wave, the lingering revisions whose pods must be gone before it. */
  readonly drains: readonly (readonly RevisionId[])[]
  /** Those of them whose last requests could otherwise meet two versions, and not only find no pod. */
  readonly mixing: ReadonlySet<RevisionId>
  /** What a wave (counted from 0) would make bad that is not bad already, draining or not. */
  readonly broken: readonly Broken[]
  /** What it may make bad, if a revision calls whom it may. */
  readonly doubted: readonly Broken[]
  /** The state the plan ends in, pending scale-downs included. */
  readonly after: State
}

/**
 * Replays waves on a state. While a wave runs, each of its members may be at any moment of its transition, everybody
 * else at any moment that pending scale-downs allow; all that together is judged at once, so every order inside the
 * wave, a crash after any request, and requests that span a step are covered.
 *
 * A violation that needs a revision which was lingering before the wave is cured by draining that revision first.
 * @param doubtful whether revisions may make the calls that doubtful evidence speaks of; those that may call anybody do
 *   in any case
 * @param already the violations, by their keys, that count as known
 */
export function prove(
  scene: Scene,
  waves: readonly (readonly Move[])[],
  doubtful = false,
  already: ReadonlySet<string> = knownIn(scene),
): Proof {
  const guesses = guessesOf(scene, doubtful)
  const replayed = guesses === undefined ? replayedOnce : (from: Scene, wave: Wave) => replay(from, wave, guesses)
  const drains: (readonly RevisionId[])[] = []
  const mixing = new Set<RevisionId>()
  const broken: Broken[] = []
  const doubted: Broken[] = []
  let { state } = scene
  for (const [index, wave] of waves.entries()) {
    const after = replayed({ ...scene, state }, wave)
    drains.push(after.drained)
    for (const id of after.mixing) mixing.add(id)
    for (const violation of after.found)
      if (!already.has(violationKey(violation)))
        (violation.guessed === undefined ? broken : doubted).push({ wave: index, violation })
    state = after.state
  }
  return { drains, mixing, broken, doubted, after: state }
}

type Wave = readonly Move[]

/** What comes of one wave. */
interface Replayed {
  readonly drained: readonly RevisionId[]
  readonly mixing: ReadonlySet<RevisionId>
  readonly found: readonly Violation[]
  /** The state when it is over. */
  readonly state: State
}

function replay(scene: Scene, wave: Wave, guesses?: Guesses): Replayed {
  const { group, state } = scene
  const drained = new Set<RevisionId>()
  const mixing = new Set<RevisionId>()
  const held = new Set([...state.values()].flatMap((moments) => moments.flatMap((each) => [...each.held])))
  for (;;) {
    const before = drop(state, drained)
    const moved = movedBy(group, wave, before)
    const then = { ...scene, state: stateWith(before, moved, (each) => each.all) }
    const found = [...violations(then), ...(guesses?.(then) ?? [])]
    const waited = found.filter((each) => group.mode === 'legacy' || each.kind === 'dead')
    const curable = waited.flatMap((each) => lingeringOn(each, held)).filter((id) => !drained.has(id))
    for (const each of waited) if (each.kind === 'mixed') for (const id of lingeringOn(each, held)) mixing.add(id)
    if (curable.length === 0)
      return { drained: [...drained].sort(), mixing, found, state: stateWith(before, moved, (each) => each.rest) }
    for (const id of curable) drained.add(id)
  }
}

/** Waves that are tried in several rows: what comes of one where nobody guesses is a matter of the scene alone. */
function replayedOnce(scene: Scene, wave: Wave): Replayed {
  const known = tried(scene)
  const found = known.find((each) => areAlike(each.wave, wave))
  if (found !== undefined) return found.replayed
  const replayed = replay(scene, wave)
  known.push({ wave, replayed })
  return replayed
}

const tried = onceForAlike((): { readonly wave: Wave; readonly replayed: Replayed }[] => [])

function areAlike(one: Wave, other: Wave): boolean {
  return (
    one.length === other.length &&
    one.every(({ member, action }, index) => member === other[index]!.member && action === other[index]!.action)
  )
}

/** The violations there are, by their keys. */
export function knownIn(scene: Scene): Set<string> {
  return new Set(violations(scene).map(violationKey))
}

/** A member that a wave moves: every moment that may be while it runs, and those in which it rests. */
interface Moved {
  readonly all: readonly Moment[]
  readonly rest: readonly Moment[]
}

function movedBy(group: Group, wave: Wave, state: State): ReadonlyMap<string, Moved> {
  return new Map(
    wave.flatMap(({ member: name, action }): [string, Moved][] => {
      const member = memberNamed(group.members, name)
      if (member === undefined) return []
      const from = state.get(name)!
      const { passing, rest } = transition(group, member, from[0]!, action)
      const resting = withScaleDowns(member, rest)
      return [[name, { all: [...from, ...passing, ...resting], rest: resting }]]
    }),
  )
}

function stateWith(state: State, moved: ReadonlyMap<string, Moved>, to: (each: Moved) => readonly Moment[]): State {
  const changed = new Map(state)
  for (const [name, each] of moved) changed.set(name, to(each))
  return changed
}

function drop(state: State, gone: ReadonlySet<RevisionId>): State {
  return gone.size === 0
    ? state
    : new Map([...state].map(([name, moments]) => [name, moments.map((each) => without(each, gone))]))
}

/** Revisions on the way of a violation that held old connections before the wave began. */
function lingeringOn(violation: Violation, held: ReadonlySet<RevisionId>): RevisionId[] {
  const ids = [violation.root, ...[...violation.path, ...(violation.other ?? [])].map((hop) => hop.revision)].map(
    (each) => each.id,
  )
  return [...new Set(ids)].filter((id) => held.has(id))
}
