import type { ClusterError } from '../cluster/port.ts'

/** Failures that end by themselves. */
const PASSING: ReadonlySet<string> = new Set(['Conflict', 'TooManyRequests', 'ServerError', 'Unreachable'])

/** Seconds that a server may ask a run to wait. */
const LONGEST_ASKED = 60

/**
 * Milliseconds before a write is looked at anew: as long as the server asks, or doubling from a quarter of a second.
 * @throws the error itself, where it does not pass
 */
export function pauseAfter(error: ClusterError, tries: number): number {
  const asked = error.retryAfter ?? 0
  if (!PASSING.has(error.reason) || error.status === 501 || asked > LONGEST_ASKED) throw error
  return Math.max(1000 * asked, 125 * 2 ** tries)
}
