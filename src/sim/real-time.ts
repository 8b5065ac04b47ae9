import type { Controller, Simulation } from './simulation.ts'

/** Whether controllers may act. */
export interface Valve {
  open: boolean
}

/** Controllers that do nothing while the valve is closed. */
export function behind(valve: Valve, controllers: readonly Controller[]): readonly Controller[] {
  return controllers.map(
    (controller): Controller =>
      (world) =>
        valve.open ? controller(world) : undefined,
  )
}

export interface Pace {
  /** Simulated seconds in a second. */
  readonly timeScale: number
  /** Simulated milliseconds until controllers see what was written; 25 to 90 on a real cluster. */
  readonly reaction: number
}

/**
 * Writes of controllers at one go: then others have their turn, so that a cluster that is never done still answers, and
 * ends.
 */
const AT_ONE_GO = 2000

/** Lets a simulation's time pass by the clock, with one timer that is set for whatever comes next. */
export class RealTime {
  readonly #simulation: Simulation
  readonly #valve: Valve
  readonly #pace: Pace
  readonly #origin: { readonly real: number; readonly simulated: number }
  #timer: NodeJS.Timeout | undefined
  #reactAt: number | undefined
  #paused = false
  #stopped = false
  #advancing = false

  constructor(simulation: Simulation, valve: Valve, pace: Pace) {
    this.#simulation = simulation
    this.#valve = valve
    this.#pace = pace
    this.#origin = { real: performance.now(), simulated: simulation.now }
    simulation.store.subscribe(() => this.#written())
    this.#arm()
  }

  /**
   * Does what is due by now, or as much of it as can be done at one go, and answers the simulated time in milliseconds
   * since the epoch.
   */
  now(): number {
    const now = this.#read()
    const reacts = this.#reactAt === undefined || this.#reactAt <= now
    if (reacts) this.#reactAt = undefined
    this.#valve.open = reacts && !this.#paused
    this.#advancing = true
    const done = this.#simulation.advanceTo(now, AT_ONE_GO)
    this.#advancing = false
    if (!done) this.#reactAt = now + 1
    this.#arm()
    return now
  }

  /** Controllers stop; time goes on. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.now()
  }

  /** Nothing happens by itself any more. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #written(): void {
    if (this.#advancing) return
    this.#reactAt ??= this.#read() + this.#pace.reaction
    this.#arm()
  }

  #read(): number {
    return Math.floor(this.#origin.simulated + (performance.now() - this.#origin.real) * this.#pace.timeScale)
  }

  #arm(): void {
    clearTimeout(this.#timer)
    if (this.#stopped) return
    const next = this.#reactAt ?? this.#simulation.nextDue()
    if (next === undefined) return
    const wait = Math.ceil((next - this.#read()) / this.#pace.timeScale)
    this.#timer = setTimeout(() => this.now(), Math.min(Math.max(wait, 0), 2 ** 31 - 1))
  }
}
