import type { Move } from '../actions/step.ts'
import type { CheckContext } from '../checks/context.ts'
import { mayBeEntered } from '../group/call-graph.ts'
import { memberNamed } from '../group/member.ts'
import type { Scene } from '../trace/requests.ts'
import { knownIn, type Proof, prove } from './prove.ts'

type Waves = readonly (readonly Move[])[]

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
export function merged(context: CheckContext, scene: Scene, waves: Waves): Waves {
  const { group, options } = context
  if (options.oneByOne === true || group.mode === 'modern' || knownIn(scene).size > 0) return waves
  const open = group.members.filter((each) => mayBeEntered(group, each)).map((each) => each.name)
  const once = gathered(context, { ...scene, entries: [...new Set([...scene.entries, ...open])] }, waves)
  // What two waves drain together may allow a third one that neither allowed alone.
  return once.length === waves.length ? waves : merged(context, scene, once)
}

function gathered(context: CheckContext, scene: Scene, waves: Waves): Waves {
  let known: Proof | undefined
  const apart = () => (known ??= prove(scene, waves))
  const found: (readonly Move[])[] = []
  let here = scene
  for (let from = 0; from < waves.length; ) {
    const alone = prove(here, [waves[from]!])
    const together = (to: number) => {
      const wave = waves.slice(from, to).flat()
      const proof = prove(here, [wave])
      const isOne =
        isNoWorse(proof, [() => alone.drains, () => apart().drains.slice(from, to)]) && isSeen(context, wave)
      return isOne ? { wave, to, after: proof.after } : undefined
    }
    const best = longest({ wave: waves[from]!, to: from + 1, after: alone.after }, waves.length, together)
    found.push(best.wave)
    here = { ...here, state: best.after }
    from = best.to
  }
  return found
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
 * Whether one wave brings no trouble, and waits for nobody for whom several did not.
 * @param apart whom these wait for, in the order in which it is dear to know
 */
function isNoWorse(one: Proof, apart: readonly (() => Proof['drains'])[]): boolean {
  const known = (drains: Proof['drains']) => new Set(one.drains.flat()).isSubsetOf(new Set(drains.flat()))
  return one.broken.length + one.doubted.length === 0 && apart.some((drains) => known(drains()))
}

/** Whether each call between the members of a wave has an address that was read, in every revision that makes it. */
function isSeen({ graph, group }: CheckContext, wave: readonly Move[]): boolean {
  const within = new Set(wave.map((each) => each.member))
  return graph.edges
    .filter((each) => within.has(each.consumer) && within.has(each.dependency))
    .every(({ consumer, dependency, wired }) => {
      const revisions = memberNamed(group.members, consumer)!.revisions.filter((each) => each.role !== 'old')
      const says = ({ declared, wires }: (typeof revisions)[number]) =>
        declared?.includes(dependency) === true && !wires.some((wire) => wire.to === dependency)
      return wired && !revisions.some(says)
    })
}
