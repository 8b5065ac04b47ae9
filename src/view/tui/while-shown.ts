import type { Closable } from './world.ts'

/** What is watched while it is shown: one of a kind at most. */
export class WhileShown<Watch extends Closable> {
  readonly #changed: () => void
  #shown: { readonly name: string; readonly watch: Watch } | undefined

  constructor(changed: () => void) {
    this.#changed = changed
  }

  get watch(): Watch | undefined {
    return this.#shown?.watch
  }

  /** Watches what has this name, the same as before where it is watched already; undefined: nothing. */
  show(name: string | undefined, open: () => Watch): void {
    if (name === this.#shown?.name) return
    this.close()
    if (name === undefined) return
    this.#shown = { name, watch: open() }
    this.#shown.watch.subscribe(this.#changed)
  }

  close(): void {
    this.#shown?.watch.close()
    this.#shown = undefined
  }
}
