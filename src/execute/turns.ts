/** When a step of a wave may send its write. */
export interface Turn {
  /** Whether it may: those before it have sent theirs, and these are in. */
  readonly comes: Promise<boolean>
  /** Passes the turn on. @param isIn whether its own write is in, or none was needed */
  pass(isIn: boolean): void
}

/** Whoever waits for nobody. */
export const atOnce: Turn = { comes: Promise.resolve(true), pass: () => undefined }

/**
 * The turns of so many steps, which are sent one after the other, in the order of the plan, and verified all at once:
 * what somebody else does to one of them meanwhile is seen before the next is sent.
 */
export function inTurn(steps: number): readonly Turn[] {
  let comes = Promise.resolve(true)
  return Array.from({ length: steps }, () => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const turn: Turn = { comes, pass: resolve }
    comes = promise
    return turn
  })
}
