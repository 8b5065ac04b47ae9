import type { WatchRequest } from '../../src/sim/api/watches.ts'
import { versionIn } from '../../src/sim/api/list.ts'
import { statusOf } from '../../src/sim/api/status.ts'
import { type Change, seenBy } from '../../src/sim/selection.ts'
import type { Store } from '../../src/sim/store.ts'

/**
 * The body of one watch's answer: a line for each change its selection sees, from the asked version on, until somebody
 * ends it.
 */
export class VirtualWatch implements AsyncIterable<Buffer> {
  readonly #lines: Buffer[] = []
  readonly #unsubscribe: () => void
  #held = false
  #over: { readonly error: Error | undefined } | undefined
  #wake: () => void = () => {}

  constructor(store: Store, { resource, selection, query }: WatchRequest, signal: AbortSignal) {
    const deliver = (change: Change): void => {
      const seen = seenBy(change, resource, selection)
      if (seen !== undefined) this.#tell(seen)
    }
    this.#unsubscribe = store.subscribe(deliver)
    signal.addEventListener('abort', () => this.#end(new Error('aborted')), { once: true })
    const missed = store.since(versionIn(query) ?? store.version)
    if (missed === undefined) this.expire()
    else missed.forEach(deliver)
  }

  get open(): boolean {
    return this.#over === undefined
  }

  /** The connection breaks. */
  cut(): void {
    this.#end(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
  }

  /** Ends as a server ends every watch from time to time. */
  end(): void {
    this.#end(undefined)
  }

  /** Ends as a server ends it whose version is too old. */
  expire(): void {
    this.#tell({
      type: 'ERROR',
      object: statusOf({ code: 410, reason: 'Expired', message: 'too old resource version' }).body,
    })
    this.end()
  }

  /** Events are on their way, and arrive only with `release`. */
  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
    this.#wake()
  }

  /** Its reader is dead: nothing arrives any more, not even an end. */
  drop(): void {
    this.#unsubscribe()
    this.#held = true
    this.#lines.length = 0
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    try {
      for (;;) {
        while (!this.#held && this.#lines.length > 0) yield this.#lines.shift()!
        if (this.#over?.error !== undefined) throw this.#over.error
        if (this.#over !== undefined) return
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    } finally {
      this.#unsubscribe()
    }
  }

  #tell(event: unknown): void {
    this.#lines.push(Buffer.from(`${JSON.stringify(event)}\n`))
    this.#wake()
  }

  #end(error: Error | undefined): void {
    this.#unsubscribe()
    this.#over ??= { error }
    this.#wake()
  }
}
