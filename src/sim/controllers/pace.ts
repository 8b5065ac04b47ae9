/**
 * Passes over an object at one moment that are honest work; more of them are two controllers that undo each other's
 * writes.
 */
const AT_ONCE = 1000

/**
 * Milliseconds until an object is looked at again after a failed pass, or too many; twice as long each time, up to the
 * last.
 */
const BACK_OFF = { first: 1000, last: 1_000_000 }

interface Pace {
  time: number
  count: number
  wait: number
  until: number
}

/**
 * How soon the objects of a controller are looked at again, ever later where it never ends (client-go, the workqueue's
 * exponential rate limiter).
 */
export class Paces {
  readonly #paces = new Map<string, Pace>()

  /**
   * When a pass over an object may begin: now, or later where too many have begun at this moment. Milliseconds since
   * the epoch.
   */
  begin(key: string, now: number): number {
    const pace = this.#of(key, now)
    pace.count += 1
    if (pace.count <= AT_ONCE) return now
    return pace.until > now ? pace.until : this.#backOff(pace, now)
  }

  /** When an object is looked at again whose pass has failed now. */
  afterFailure(key: string, now: number): number {
    return this.#backOff(this.#of(key, now), now)
  }

  forget(key: string): void {
    this.#paces.delete(key)
  }

  /** What has been calm for a while is as new. */
  #of(key: string, now: number): Pace {
    const pace = this.#paces.get(key)
    if (pace?.time === now) return pace
    const wait = pace === undefined || now - pace.time > 2 * pace.wait ? 0 : pace.wait
    const next = { time: now, count: 0, wait, until: 0 }
    this.#paces.set(key, next)
    return next
  }

  #backOff(pace: Pace, now: number): number {
    pace.wait = Math.min(Math.max(2 * pace.wait, BACK_OFF.first), BACK_OFF.last)
    pace.until = now + pace.wait
    return pace.until
  }
}
