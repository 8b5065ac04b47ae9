import { isUntrusted, neverSent } from './errors.ts'
import type { ClusterError } from './port.ts'

/**
 * What may be sent twice. `read`: it changes nothing. `conditional`: the server refuses it once it has been carried
 * out, or once what it was decided from has changed. `patient`: it changes nothing, and whoever asks has time until the
 * signal ends it. `once`: only what was certainly not carried out is sent again. `never`: the caller retries.
 */
export type Repeat = 'read' | 'patient' | 'conditional' | 'once' | 'never'

const ATTEMPTS = 6
const LONGEST_WAIT_SECONDS = 60

/** Back-off before attempt `tried + 1`, in milliseconds: doubling from 250 ms up to 4 s, between half and all of it. */
export function backOff(tried: number, random: () => number): number {
  return Math.min(250 * 2 ** tried, 4000) * (0.5 + random() / 2)
}

/**
 * Milliseconds to wait before the request is sent again, or undefined where it is not.
 * @param tried attempts made so far
 * @param known the server has answered before; one that never did is told at once, after a single further attempt
 */
export function waitBefore(
  repeat: Repeat,
  error: ClusterError,
  tried: number,
  known: boolean,
  random: () => number,
): number | undefined {
  const asked = error.retryAfter ?? 0
  if (repeat === 'patient')
    return passing(error) || error.reason === 'Timeout' ? Math.max(asked * 1000, backOff(tried - 1, random)) : undefined
  if (tried >= ATTEMPTS || !mayRepeat(repeat, error)) return undefined
  if (error.reason === 'Unreachable' && !known && tried > 1) return undefined
  return asked > LONGEST_WAIT_SECONDS ? undefined : Math.max(asked * 1000, backOff(tried - 1, random))
}

function mayRepeat(repeat: Repeat, error: ClusterError): boolean {
  switch (repeat) {
    case 'never':
      return false
    case 'once':
      return error.reason === 'TooManyRequests' || (neverSent(error) && !isUntrusted(error))
    case 'read':
    case 'patient':
      return passing(error)
    case 'conditional':
      return passing(error) || error.reason === 'Conflict' || error.reason === 'AlreadyExists'
  }
}

function passing(error: ClusterError): boolean {
  switch (error.reason) {
    case 'TooManyRequests':
      return true
    case 'ServerError':
      return error.status !== 501
    case 'Unreachable':
      return !isUntrusted(error)
    default:
      return false
  }
}
