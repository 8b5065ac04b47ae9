import type { Move } from '../actions/step.ts'
import type { Scene } from '../trace/requests.ts'
import { knownIn, type Proof, prove } from './prove.ts'

type Waves = readonly (readonly Move[])[]

/**
 * As few waves as the proof allows: neighbouring ones become one wherever nothing bad is found then, and no more has to
 * be drained. The layers of the graph are only a first draft. Consumers that reach their dependencies by role need
 * two: first the entries, then, once their old pods are gone, everything else at once (the two-phase update of
 * Reitblatt et al., SIGCOMM 2012).
 * @param already the violations, by their keys, that count as known
 */
export function merged(scene: Scene, waves: Waves, already: ReadonlySet<string> = knownIn(scene)): Waves {
  const once = gathered(scene, waves, already)
  // What two waves drain together may allow a third one that neither allowed alone.
  return once.length === waves.length ? waves : merged(scene, once, already)
}

function gathered(scene: Scene, waves: Waves, already: ReadonlySet<string>): Waves {
  const apart = prove(scene, waves, false, already)
  const found: (readonly Move[])[] = []
  let here = scene
  for (let from = 0; from < waves.length; ) {
    const together = (to: number) => {
      const wave = waves.slice(from, to).flat()
      const proof = prove(here, [wave], false, already)
      return to === from + 1 || isNoWorse(proof, apart, from, to) ? { wave, to, after: proof.after } : undefined
    }
    const best = together(waves.length) ?? longest(from + 1, waves.length - 1, together)
    found.push(best.wave)
    here = { ...here, state: best.after }
    from = best.to
  }
  return found
}

/** The longest row of waves from the first on that may be one, a wave more at a time. */
function longest<T extends object>(first: number, last: number, together: (to: number) => T | undefined): T {
  let best = together(first)!
  for (let to = first + 1; to <= last; to++) {
    const longer = together(to)
    if (longer === undefined) break
    best = longer
  }
  return best
}

/** Whether one wave brings no trouble, and waits for nobody for whom several did not. */
function isNoWorse(one: Proof, apart: Proof, from: number, to: number): boolean {
  const drained = new Set(apart.drains.slice(from, to).flat())
  return one.broken.length + one.doubted.length === 0 && one.drains.flat().every((id) => drained.has(id))
}
