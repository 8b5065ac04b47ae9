import { setTimeout } from 'node:timers/promises'

/** The adapter's bounds, its clock and its dice; tests replace them. */
export interface Tuning {
  /** An answer larger than this, unpacked, is malformed. */
  readonly maxBodyBytes: number
  /** After so many seconds the server ends a watch by itself, to be resumed. */
  readonly watchSeconds: number
  /** A connection on which a request hears nothing for so long is dead. */
  readonly silenceMs: number
  /** Rejects when the signal ends it. */
  readonly pause: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
  /** Between 0 and 1, as `Math.random`. */
  readonly random: () => number
}

/**
 * An API server ends every request that is no watch within 60 s (kube-apiserver --request-timeout), and a watch within
 * `watchSeconds`: silence beyond both needs no heartbeat to be seen for what it is.
 */
export const TUNING: Tuning = {
  maxBodyBytes: 256 * 1024 * 1024,
  watchSeconds: 60,
  silenceMs: 75_000,
  pause: (milliseconds, signal) => setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal }),
  random: Math.random,
}
