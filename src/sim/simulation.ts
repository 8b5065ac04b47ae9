import { ApiFailure, type KubeObject, type ResourceName } from './objects.ts'
import { mergePatch } from './patch.ts'
import { Store } from './store.ts'

/**
 * One write of a controller; `done` is called when it has been carried out, `failed` where the API server refuses it.
 */
export type Write = (
  | { readonly put: ResourceName; readonly object: KubeObject }
  /** A merge patch of all of the object, status included; of an object that is gone it is nothing. */
  | { readonly patch: ResourceName; readonly namespace: string; readonly name: string; readonly body: unknown }
  | { readonly create: ResourceName; readonly namespace: string; readonly body: unknown }
  /** Of an object that is gone it is nothing, too. */
  | { readonly remove: ResourceName; readonly namespace: string | undefined; readonly name: string }
) & { readonly done?: () => void; readonly failed?: (failure: ApiFailure) => void }

/** What controllers see of the world. */
export interface SimWorld {
  readonly store: Store
  /** Milliseconds since the epoch. */
  readonly now: number
  /**
   * When an action that is due at a time is really done, milliseconds since the epoch; asked again it answers the same.
   */
  when(action: DueAction, due: number): number
  /** An index below `count`: which of several things that can be done goes first. */
  choose(count: number): number
}

/** What a controller does by itself, in its own time. */
export interface DueAction {
  readonly kind: 'pod-ready' | 'pod-gone' | 'scale-down' | 'analysis' | 'deadline'
  /** `resource/name` of what it is done to. */
  readonly object: string
}

/**
 * One controller: the next write it would make, when it will want to act again, or nothing. Called again after every
 * change, so each write is a state of its own that others see.
 */
export type Controller = (world: SimWorld) => Write | { readonly wakeAt: number } | undefined

export interface SimulationOptions {
  readonly controllers: readonly Controller[]
  /** Milliseconds since the epoch at which the simulated time begins. */
  readonly start: number
  /** Milliseconds by which an action of a controller comes later than it is due. */
  readonly delay?: (action: DueAction) => number
  /** Which of the controllers that have something to write goes first: an index below `count`. */
  readonly choose?: (count: number) => number
}

/** A cluster in virtual time: time moves only when told to, and everything that is due happens in `settle`. */
export class Simulation {
  readonly store: Store
  readonly #options: SimulationOptions
  readonly #delays = new Map<string, number>()
  #now: number

  constructor(options: SimulationOptions) {
    this.#options = options
    this.#now = options.start
    this.store = new Store(() => this.#now)
  }

  get now(): number {
    return this.#now
  }

  /** Makes one write that is due; false where nothing is due now. */
  step(): boolean {
    const writes: Write[] = []
    for (const controller of this.#options.controllers) {
      const answer = controller(this.#world())
      if (answer === undefined || 'wakeAt' in answer) continue
      writes.push(answer)
      if (this.#options.choose === undefined) break
    }
    const chosen = writes[writes.length > 1 ? this.#options.choose!(writes.length) : 0]
    if (chosen === undefined) return false
    this.#apply(chosen)
    return true
  }

  /** Does everything that is due now. */
  settle(): void {
    while (this.step());
  }

  /**
   * When something will be due next, milliseconds since the epoch; undefined where nothing is pending. Settle first.
   */
  nextDue(): number | undefined {
    const times = this.#options.controllers.flatMap((controller) => {
      const answer = controller(this.#world())
      return answer !== undefined && 'wakeAt' in answer ? [answer.wakeAt] : []
    })
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /**
   * Lets time pass up to a moment; what becomes due on the way happens at its own time.
   * @param most writes; where more are due it answers false, and goes on when it is called again
   */
  advanceTo(time: number, most = Infinity): boolean {
    let left = most
    const settled = (): boolean => {
      while (left > 0 && this.step()) left -= 1
      return left > 0
    }
    if (!settled()) return false
    for (let due = this.nextDue(); due !== undefined && due <= time; due = this.nextDue()) {
      this.#now = Math.max(this.#now, due)
      if (!settled()) return false
    }
    this.#now = Math.max(this.#now, time)
    return true
  }

  /** @throws ApiFailure where it is refused and the controller does not want to know */
  #apply(write: Write): void {
    try {
      this.#carryOut(write)
    } catch (error) {
      if (!(error instanceof ApiFailure) || write.failed === undefined) throw error
      write.failed(error)
      return
    }
    write.done?.()
  }

  #carryOut(write: Write): void {
    if ('put' in write) this.store.put(write.put, write.object)
    else if ('patch' in write) {
      const current = this.store.get(write.patch, write.namespace, write.name)
      if (current !== undefined) this.store.put(write.patch, mergePatch(current, write.body))
    } else if ('create' in write) this.store.create(write.create, write.namespace, write.body)
    else if (this.store.get(write.remove, write.namespace, write.name) !== undefined)
      this.store.remove(write.remove, write.namespace, write.name)
  }

  #world(): SimWorld {
    return {
      store: this.store,
      now: this.#now,
      choose: (count) => (count > 1 ? (this.#options.choose?.(count) ?? 0) : 0),
      when: (action, due) => {
        const id = `${action.kind} ${action.object} ${due}`
        const delay = this.#delays.get(id) ?? this.#options.delay?.(action) ?? 0
        this.#delays.set(id, delay)
        return due + delay
      },
    }
  }
}
