import type { Plan } from '../../domain/plan/plan.ts'
import type { PhaseAhead, RunPhase } from '../../domain/release/undo-ahead.ts'
import type { RunEvent } from '../../domain/run/event.ts'
import type { RunEnd } from './running.ts'
import type { Input } from './state.ts'
import type { Audience } from './world.ts'

/** What runs tell becomes input of the screen; each plan that is to be confirmed waits for an answer from there. */
export class RunsHeard implements Audience {
  readonly #take: (input: Input) => void
  #answer: (yes: boolean) => void = () => {}
  #declined = false

  constructor(take: (input: Input) => void) {
    this.#take = take
  }

  readonly emit = (event: RunEvent): void => this.#take({ type: 'event', event })
  readonly say = (words: string): void => this.#take({ type: 'said', words })
  readonly foresee = (ahead: readonly PhaseAhead[]): void => this.#take({ type: 'foreseen', ahead })
  readonly begins = (phase: RunPhase): void => this.#take({ type: 'phase', phase })
  readonly over = (end: RunEnd | undefined): void => {
    // Of what was declined a person has heard all there is.
    if (!this.#declined) this.#take({ type: 'over', end })
    this.#declined = false
  }

  readonly confirm = (plan: Plan): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#answer = resolve
    this.#take({ type: 'planned', plan })
    return promise
  }

  answer(yes: boolean): void {
    this.#declined = !yes
    this.#answer(yes)
  }
}
