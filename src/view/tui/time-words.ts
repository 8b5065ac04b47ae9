import { elapsed } from '../draw/time.ts'

/** A moment as hours, minutes and seconds, UTC. */
export function clock(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 19)
}

/** How long something has gone on, in whole seconds: `7s`, `2m05s`. */
export function lasting(milliseconds: number): string {
  return milliseconds < 60_000 ? `${Math.max(0, Math.floor(milliseconds / 1000))}s` : elapsed(milliseconds)
}
