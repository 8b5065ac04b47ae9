import { ACTIONS } from '../actions/actions.ts'
import { wavesOf } from '../actions/order.ts'
import type { Move } from '../actions/step.ts'
import { listed } from '../checks/say.ts'
import type { CheckContext } from '../checks/context.ts'
import { mayBeEntered } from '../group/call-graph.ts'
import { called, memberNamed } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { withoutMeshed } from '../trace/meshed.ts'
import type { Scene } from '../trace/requests.ts'
import type { Violation } from '../trace/violations.ts'
import { meet } from '../trace/words.ts'
import { knownIn, type Proof, prove } from './prove.ts'

type Waves = readonly (readonly Move[])[]

/** Waves, and why each of them but the first is not one with the wave before it. */
export interface Merged {
  readonly waves: Waves
  /** A clause each. */
  readonly apart: readonly string[]
}

/**
 * As few waves as the proof allows: neighbouring ones become one wherever nothing bad is found then, and no more has to
 * be drained. The layers of the graph are only a first draft. Consumers that reach their dependencies by role need
 * two: first the entries, then, once their old pods are gone, everything else at once (the two-phase update of
 * Reitblatt et al., SIGCOMM 2012).
 *
 * Users may come in at any member where what would show it may not be read. The layers stay where they were asked for,
 * where something is bad already, which is to end as soon as it can, and between members of which only a word says that
 * one calls the other: there the order is all that is promised.
 * @param scene the state that the first of the waves begins in
 */
export function merged(context: CheckContext, scene: Scene, waves: Waves): Merged {
  const { group, options } = context
  const layered = (why: string): Merged => ({ waves, apart: waves.slice(1).map(() => why) })
  if (waves.length < 2) return { waves, apart: [] }
  if (options.oneByOne === true) return layered('one by one, as was asked')
  if (group.mode === 'modern') return layered(ACTIONS[waves[0]![0]!.action].order.reason)
  if (knownIn(withoutMeshed(scene)).size > 0)
    return layered('users meet trouble already, and it is not to last longer than it must')
  if (knownIn(scene).size > 0) return layered('a router splits calls, and which version they meet is not known')
  const open = group.members.filter((each) => mayBeEntered(group, each)).map((each) => each.name)
  return fewest(
    context,
    { ...scene, entries: [...new Set([...scene.entries, ...open])] },
    waves,
    new Set(scene.entries),
  )
}

/** In modern mode all go at once, unless users would find no pod then, and would find one consumers first. */
export function atOnceInModern({ graph }: CheckContext, scene: Scene, once: Waves): Merged {
  const moves = once.flat()
  const dead = (each: Waves) => prove(scene, each).broken.find(({ violation }) => violation.kind === 'dead')
  const trouble = dead(once)
  if (trouble === undefined) return { waves: once, apart: [] }
  const names = new Set(moves.map(({ member }) => member))
  const layers = wavesOf(graph, names, ACTIONS.promote.order)
  const waves = layers.map((layer) => moves.filter(({ member }) => layer.includes(member)))
  if (dead(waves) !== undefined) return { waves: once, apart: [] }
  return { waves, apart: waves.slice(1).map(() => `together, users could ${meet(trouble.violation)}`) }
}

/** What two waves drain together may allow a third one that neither allowed alone. */
function fewest(context: CheckContext, scene: Scene, waves: Waves, sure: ReadonlySet<string>): Merged {
  const once = gathered(context, scene, waves, sure)
  return once.waves.length === waves.length ? once : fewest(context, scene, once.waves, sure)
}

function gathered(context: CheckContext, scene: Scene, waves: Waves, sure: ReadonlySet<string>): Merged {
  const { group } = context
  let known: Proof | undefined
  const asTheyAre = () => (known ??= prove(scene, waves))
  const found: (readonly Move[])[] = []
  const apart: string[] = []
  let here = scene
  for (let from = 0; from < waves.length; ) {
    const first = waves[from]!
    let single: Proof | undefined
    const alone = () => (single ??= prove(here, [first]))
    let not = ''
    const together = (to: number) => {
      const wave = waves.slice(from, to).flat()
      const proof = prove(here, [wave])
      const why =
        worse(group, proof, sure, [() => alone().drains, () => asTheyAre().drains.slice(from, to)]) ??
        unseen(context, wave)
      if (why === undefined) return { wave, to, after: () => proof.after }
      not = why()
      return undefined
    }
    const best = longest({ wave: first, to: from + 1, after: () => alone().after }, waves.length, together)
    found.push(best.wave)
    // The shortest that is not one was tried last.
    if (best.to < waves.length) apart.push(not)
    from = best.to
    if (from < waves.length) here = { ...here, state: best.after() }
  }
  return { waves: found, apart }
}

/**
 * The longest row of waves that may be one, up to the last: all of them, or else, since what goes wrong with some goes
 * wrong with more, found by doubling and halving.
 */
function longest<T extends { readonly to: number }>(one: T, last: number, together: (to: number) => T | undefined): T {
  if (one.to === last) return one
  const all = together(last)
  if (all !== undefined) return all
  let best = one
  for (let [step, bad] = [1, last]; best.to + 1 < bad; ) {
    const to = Math.min(best.to + step, Math.floor((best.to + bad) / 2))
    const longer = together(to)
    if (longer === undefined) bad = to
    else best = longer
    step = longer === undefined ? 1 : 2 * step
  }
  return best
}

/**
 * Why one wave is worse than several: it brings trouble, or waits for somebody for whom these do not.
 * @param sure where users are known to come in
 * @param apart whom these wait for, in the order in which it is dear to know
 */
function worse(
  group: Group,
  { broken, doubted, drains }: Proof,
  sure: ReadonlySet<string>,
  apart: readonly (() => Proof['drains'])[],
): (() => string) | undefined {
  const trouble = broken[0] ?? doubted[0]
  if (trouble !== undefined) return () => `together, users could ${mayMeet(trouble.violation, sure)}`
  const waited = new Set(drains.flat())
  if (apart.some((each) => waited.isSubsetOf(new Set(each().flat())))) return undefined
  const more = waited.difference(new Set(apart.at(-1)!().flat()))
  const old = group.members.filter(({ revisions }) => revisions.some(({ id }) => more.has(id)))
  return () => `together, they would wait until the old pods of ${listed(old.map(({ name }) => name))} are gone`
}

function mayMeet(violation: Violation, sure: ReadonlySet<string>): string {
  const { root, guessed = [] } = violation
  const unless = [
    ...(sure.has(root.member) ? [] : [`they come in at ${root.member}`]),
    ...(guessed.length === 0 ? [] : [`${listed(guessed.map(called))} should call so`]),
  ]
  return meet(violation) + (unless.length === 0 ? '' : `, if ${unless.join(' and ')}`)
}

/** Whom nothing but a word says that a member of a wave calls in it: each other call has an address that was read. */
function unseen({ graph, group }: CheckContext, wave: readonly Move[]): (() => string) | undefined {
  const within = new Set(wave.map((each) => each.member))
  const said = graph.edges.find(({ consumer, dependency, wired }) => {
    if (!within.has(consumer) || !within.has(dependency)) return false
    const revisions = memberNamed(group.members, consumer)!.revisions.filter((each) => each.role !== 'old')
    const says = ({ declared, wires }: (typeof revisions)[number]) =>
      declared?.includes(dependency) === true && !wires.some((wire) => wire.to === dependency)
    return !wired || revisions.some(says)
  })
  return said && (() => `only a declaration says that ${said.consumer} calls ${said.dependency}`)
}
