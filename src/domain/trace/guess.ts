import type { Revision, Wire } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'

/** Calls that a revision may make beyond its wires. */
export interface Guess {
  /** It may call anybody of these but its own member; undefined: nobody but the others. */
  readonly anybody: Anybody | undefined
  readonly wires: readonly Wire[]
}

/** Whom each revision may call. */
export type Guessing = (from: Revision) => Guess

/** Calls that many revisions may make alike, which nobody wants to have once for each of them. */
export interface Anybody {
  readonly wires: readonly Wire[]
  /** Those of them that lead to a member, by its name: its own revisions do not make them. */
  readonly own: ReadonlyMap<string, readonly Wire[]>
}

/** Calls to every Service of members that is wanted. */
export function anybodyIn({ owners }: Group, wanted: (service: string) => boolean): Anybody {
  const wires: Wire[] = []
  const own = new Map<string, Wire[]>()
  for (const [service, names] of owners)
    if (wanted(service)) {
      const to = names.map((name): Wire => ({ to: name, service, where: '' }))
      wires.push(...to)
      for (const name of names) own.set(name, [...(own.get(name) ?? []), ...to])
    }
  return { wires, own }
}

/** Whether a revision may make any such call. */
export function mayGuess({ anybody, wires }: Guess, { member }: Revision): boolean {
  return wires.length > 0 || (anybody !== undefined && anybody.wires.length > ownOf(anybody, member).length)
}

/** Calls that lead to a member. */
export function ownOf({ own }: Anybody, member: string): readonly Wire[] {
  return own.get(member) ?? []
}

/**
 * Calls that still lead somewhere new: one that was made, by whomever, finds nothing when it is made again.
 */
export class Fresh {
  readonly #left = new Map<Anybody, Set<Wire>>()
  readonly #from: (anybody: Anybody) => readonly Wire[]

  /** @param from those of many calls that count */
  constructor(from: (anybody: Anybody) => readonly Wire[] = ({ wires }) => wires) {
    this.#from = from
  }

  /** What a revision may call, and nobody has called before. */
  of({ anybody, wires }: Guess, { member }: Revision): readonly Wire[] {
    if (anybody === undefined) return wires
    const left = this.#left.get(anybody) ?? new Set(this.#from(anybody))
    const own = ownOf(anybody, member)
    const fresh = [...left].filter((each) => !own.includes(each))
    this.#left.set(anybody, new Set(own.filter((each) => left.has(each))))
    return [...fresh, ...wires]
  }
}
