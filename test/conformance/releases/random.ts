/**
 * The dice of the suite, the same for the same seed: RELEASES_SEED, or another one each time, which the suite prints.
 */
export const seed = Number(process.env['RELEASES_SEED'] ?? Date.now() % 1_000_000)

/** Mulberry32: numbers from 0 up to, and without, 1. */
export function dice(salt: string): () => number {
  let state = [...salt].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
