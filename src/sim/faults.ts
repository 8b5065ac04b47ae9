import type { Watches } from './api/watches.ts'

/** Which requests a fault meets; what is absent matches all. */
export interface Match {
  readonly method?: string
  /** Part of the path with its query, or a pattern for it. */
  readonly path?: string | RegExp
}

/** What happens to a request instead of, or besides, being carried out. */
export type FaultStatus =
  /** Refused with this status; nothing is carried out. `retryAfter` in seconds. */
  | { readonly status: number; readonly message?: string; readonly retryAfter?: number }
  /** The connection breaks: before anything is carried out, or after all of it, when only the answer is lost. */
  | { readonly lose: 'request' | 'answer' }
  /** Carried out so many milliseconds later. */
  | { readonly delay: number }
  /** Answered 200 with this text; nothing is carried out. */
  | { readonly body: string }
  /** Carried out, but only half of the answer comes: then the connection breaks, or falls silent for ever. */
  | { readonly half: 'cut' | 'silent' }

interface Aimed {
  readonly method: string
  readonly path: string
}

interface Planned {
  readonly match: Match
  readonly failure: FaultStatus
  left: number
}

/** What can go wrong with a simulated cluster, settable at any time. */
export class Faults {
  readonly #planned: Planned[] = []
  readonly #watches: Watches
  readonly #controllers: { pause(): void; resume(): void }
  readonly #compact: () => void

  constructor(watches: Watches, controllers: { pause(): void; resume(): void }, compact: () => void) {
    this.#watches = watches
    this.#controllers = controllers
    this.#compact = compact
  }

  /** Fails the next `times` requests that match; what was planned first goes first. */
  fail(match: Match, failure: FaultStatus, times = 1): void {
    this.#planned.push({ match, failure, left: times })
  }

  /** Takes back every fault that has not happened yet; paused controllers stay paused. */
  clear(): void {
    this.#planned.length = 0
    this.#watches.bookmarks = true
  }

  /** The failure this request meets, which is thereby used up. */
  next(request: Aimed): FaultStatus | undefined {
    const planned = this.#planned.find(({ match, left }) => left > 0 && matches(match, request))
    if (planned === undefined) return undefined
    planned.left -= 1
    return planned.failure
  }

  /** Ends every open watch now, as a server does that restarts. */
  cutWatches(): void {
    this.#watches.cut()
  }

  /** Ends every open watch with an ERROR event, 410 Gone. */
  expireWatches(): void {
    this.#watches.expire()
  }

  /** Forgets what has happened: lists and watches from any earlier version answer 410. */
  compact(): void {
    this.#compact()
  }

  /** Sends a bookmark now to every watch that asked for bookmarks. */
  sendBookmarks(): void {
    this.#watches.bookmark()
  }

  /** No watch is sent bookmarks any more. */
  withoutBookmarks(): void {
    this.#watches.bookmarks = false
  }

  /** Nothing reacts to what is written until `startControllers`; time goes on. */
  stopControllers(): void {
    this.#controllers.pause()
  }

  startControllers(): void {
    this.#controllers.resume()
  }
}

function matches({ method, path }: Match, request: Aimed): boolean {
  return (
    (method === undefined || method === request.method) &&
    (path === undefined || (typeof path === 'string' ? request.path.includes(path) : path.test(request.path)))
  )
}
