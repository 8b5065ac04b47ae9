import type { World } from './world.ts'

/**
 * Milliseconds in which changes of the cluster come as one frame: the first after a quiet time, and while they go on.
 */
const BATCH = 50
const PACE = 250

/** Looks soon after a change, and never more often than a person can follow. */
export class Paced {
  readonly #world: Pick<World, 'now' | 'after'>
  readonly #look: () => void
  readonly #over: AbortSignal
  #batched = false
  #looked = 0
  readonly #began: number

  constructor(world: Pick<World, 'now' | 'after'>, look: () => void, over: AbortSignal) {
    this.#world = world
    this.#look = look
    this.#over = over
    this.#began = world.now()
  }

  /** Something has changed: it is looked at within a moment, together with what else does until then. */
  readonly soon = (): void => {
    if (this.#batched) return
    this.#batched = true
    const rest = this.#looked + PACE - this.#world.now()
    this.#world.after(Math.max(BATCH, Math.min(PACE, rest)), this.#over).then(
      () => {
        this.#batched = false
        this.now()
      },
      () => {},
    )
  }

  /** Looks at once. */
  now(): void {
    this.#looked = this.#world.now()
    this.#look()
  }

  /** Whether nothing was looked at for so many milliseconds. */
  restedFor(milliseconds: number): boolean {
    return this.#world.now() - Math.max(this.#looked, this.#began) >= milliseconds
  }

  /** Each second while it is wanted, until it is over. */
  async eachSecond(wanted: () => boolean): Promise<void> {
    while (!this.#over.aborted) {
      await this.#world.after(1000, this.#over).catch(() => {})
      if (!this.#over.aborted && wanted()) this.now()
    }
  }
}
