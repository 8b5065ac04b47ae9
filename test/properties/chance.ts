import type { DueAction } from '../../src/sim/simulation.ts'

/** Longest milliseconds by which the controllers are late. */
const LATE: Record<DueAction['kind'], number> = {
  'pod-ready': 5_000,
  'pod-gone': 8_000,
  'scale-down': 90_000,
  analysis: 5_000,
  deadline: 0,
}

/** The same action is as late in every course of a group. */
export function chances({ seed }: { readonly seed: number }) {
  const choose = dice(seed + 1)
  return {
    delay: ({ kind, object }: DueAction) =>
      Math.floor(
        dice([...`${seed}${kind}${object}`].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7))() *
          LATE[kind],
      ),
    choose: (count: number) => Math.floor(choose() * count),
  }
}

/** Numbers from 0 up to 1 (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
