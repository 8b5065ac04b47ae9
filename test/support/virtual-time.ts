import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/execute/context.ts'
import { behind } from '../../src/sim/real-time.ts'
import { Simulation, type SimulationOptions } from '../../src/sim/simulation.ts'

/**
 * What can happen next: a request is carried out, a controller makes one write, or time goes on to whatever is due
 * first.
 */
export type Turn = 'request' | 'controllers' | 'time'

export interface TimeOptions extends SimulationOptions {
  /**
   * Which of the things that can happen does: an index. Default: the first request, else the controllers, else time.
   */
  readonly next?: (turns: readonly Turn[]) => number
  /** Milliseconds by which time goes on at once at most while a request is under way. Default: to whatever is due. */
  readonly slowest?: number
}

interface Timer {
  readonly owner: object
  readonly due: number
  fire(): void
}

/** More requests than anybody has reason to send while nothing else happens. */
const BUSIEST = 1000
/** Longer than any run that ends; what goes on beyond it would never end. */
const LONGEST = 6 * 60 * 60_000

/**
 * A simulation whose time goes on only when the code under test has nothing left to do: one thing happens, everybody
 * who can react to it does, then the next thing happens. No real timers, no real I/O, the same course each time.
 */
export class VirtualTime {
  readonly simulation: Simulation
  /** While false nothing reacts to what is written; time goes on. */
  controllersRun = true
  readonly #valve = { open: true }
  readonly #next: (turns: readonly Turn[]) => number
  readonly #slowest: number
  #requests: { readonly owner: object; carryOut(): void }[] = []
  #timers: Timer[] = []
  #inARow = 0

  constructor({ controllers, next = () => 0, slowest = Infinity, ...options }: TimeOptions) {
    this.simulation = new Simulation({ ...options, controllers: behind(this.#valve, controllers) })
    this.#next = next
    this.#slowest = slowest
  }

  /** @param owner whose timers they are, for `forget` */
  clock(owner: object): Clock {
    return {
      now: () => this.simulation.now,
      after: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          if (signal.aborted) return reject(signal.reason)
          const leave = (): void => {
            this.#timers = this.#timers.filter((each) => each !== timer)
            reject(signal.reason)
          }
          const fire = (): void => {
            signal.removeEventListener('abort', leave)
            resolve()
          }
          const timer: Timer = { owner, due: this.simulation.now + milliseconds, fire }
          this.#timers.push(timer)
          signal.addEventListener('abort', leave, { once: true })
        }),
    }
  }

  /** Carries something out in its turn. Answers what takes it back. */
  enqueue(owner: object, carryOut: () => void): () => void {
    const request = { owner, carryOut }
    this.#requests.push(request)
    return () => {
      this.#requests = this.#requests.filter((each) => each !== request)
    }
  }

  /** Whatever this owner still waits for never comes. */
  forget(owner: object): void {
    this.#requests = this.#requests.filter((each) => each.owner !== owner)
    this.#timers = this.#timers.filter((each) => each.owner !== owner)
  }

  /** Lets things happen until a promise has settled, and answers it. @throws Error where it never would */
  async until<Value>(promise: Promise<Value>): Promise<Value> {
    const latest = this.simulation.now + LONGEST
    let settled = false
    const settle = (): void => {
      settled = true
    }
    promise.then(settle, settle)
    for (await idle(); !settled; await idle()) {
      if (!this.#happen()) throw new Error('nothing will happen any more, and something is still waited for')
      if (this.simulation.now > latest) throw new Error('six hours have passed, and something is still waited for')
    }
    return promise
  }

  /** Lets so much time pass, milliseconds. */
  pass(milliseconds: number): Promise<void> {
    return this.until(this.clock(this).after(milliseconds, new AbortController().signal))
  }

  /** One thing happens; false where nothing can. */
  #happen(): boolean {
    const turns: Turn[] = [
      ...this.#requests.map(() => 'request' as const),
      ...(this.controllersRun ? ['controllers' as const] : []),
      'time',
    ]
    for (;;) {
      const [index] = turns.length === 0 ? [] : [this.#next(turns)]
      if (index === undefined) return false
      if (this.#do(turns, index)) return true
      turns.splice(index, 1)
    }
  }

  #do(turns: readonly Turn[], index: number): boolean {
    this.#inARow = turns[index] === 'request' ? this.#inARow + 1 : 0
    switch (turns[index]) {
      case 'request':
        if (this.#inARow > BUSIEST)
          throw new Error('the client asks in a circle: a thousand requests, and nothing else happened')
        this.#requests.splice(index, 1)[0]!.carryOut()
        return true
      case 'controllers':
        return this.simulation.step()
      default:
        return this.#goOn()
    }
  }

  #goOn(): boolean {
    // Controllers are never so slow that time passes while they have something to write.
    if (this.controllersRun && this.simulation.step()) return true
    const timer = this.#timers.toSorted((one, other) => one.due - other.due)[0]
    const due = Math.min(
      timer?.due ?? Infinity,
      (this.controllersRun ? this.simulation.nextDue() : undefined) ?? Infinity,
      this.#requests.length === 0 ? Infinity : this.simulation.now + this.#slowest,
    )
    if (due === Infinity) return false
    // Only the time changes here: what is due then happens in turns of its own.
    this.#valve.open = false
    this.simulation.advanceTo(due)
    this.#valve.open = true
    if (timer?.due === due) {
      this.#timers = this.#timers.filter((each) => each !== timer)
      timer.fire()
    }
    return true
  }
}

/** When everything that could run has run; what was put off by `setImmediate` is done in the second turn. */
async function idle(): Promise<void> {
  await setImmediate()
  await setImmediate()
}
