import type { Closable } from './world.ts'

/** What is watched while it is shown: one of a kind at most. */
export class WhileShown<Watch extends Closable> {
  readonly #changed: () => void
  #wanted: { readonly name: string } | undefined
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

  /** The same, but nothing new is watched before it has been wanted for a time: who only passes by reads nothing. */
  showLater(name: string | undefined, open: () => Watch, rested: () => Promise<void>): void {
    if (name !== undefined && name === this.#wanted?.name) return
    if (name === this.#shown?.name) {
      this.#wanted = undefined
      return
    }
    this.close()
    if (name === undefined) return
    const wanted = { name }
    this.#wanted = wanted
    rested().then(
      () => {
        if (this.#wanted !== wanted) return
        this.show(name, open)
        this.#changed()
      },
      () => {},
    )
  }

  close(): void {
    this.#wanted = undefined
    this.#shown?.watch.close()
    this.#shown = undefined
  }
}
