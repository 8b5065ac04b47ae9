import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import type { Session, ScreenTerminal } from './app.ts'
import { frame, type Size } from './frame.ts'
import { changesAmong, MARKED, RecentChanges } from './marks.ts'
import { Paced } from './paced.ts'
import { reduce } from './reduce.ts'
import { FORWARDING } from './share-keys.ts'
import { RunsHeard } from './runs-heard.ts'
import { currentGroup, type Effect, type Input, isRunning, type Model, type ScreenState } from './state.ts'
import { WhatIsOpen } from './what-is-open.ts'
import type { World } from './world.ts'

/**
 * Holds the state of a live screen between its inputs. When the signal ends, so does it: at once, or when the run that
 * goes on is over.
 */
export function openSession(first: ScreenState, world: World, ended: AbortSignal): Session {
  return new OpenSession(first, world, ended)
}

class OpenSession implements Session {
  readonly #world: World
  readonly #ended: AbortSignal
  readonly #over = new AbortController()
  readonly #listeners = new Set<() => void>()
  readonly #changes = new RecentChanges()
  readonly #runs = new RunsHeard((input) => this.#take(input))
  readonly #pace: Paced
  readonly #open: WhatIsOpen
  readonly #unsubscribe: () => void
  #state: ScreenState
  #version = 0
  #drawn: { readonly size: Size; readonly lines: readonly string[] } | undefined
  #seen = { deepest: 0, sight: 10 }
  #views: Model['views']
  #lostSince: number | undefined
  #terminal: ScreenTerminal | undefined
  #exit: Exit | undefined
  #lent = false

  constructor(first: ScreenState, world: World, ended: AbortSignal) {
    this.#state = first
    this.#world = world
    this.#ended = ended
    this.#views = world.groups.views()
    this.#lostSince = world.groups.lost() && world.now()
    this.#pace = new Paced(world, () => this.#look(), this.#over.signal)
    this.#open = new WhatIsOpen(world, this.#pace.soon, this.#over.signal)
    this.#unsubscribe = world.groups.subscribe(() => {
      this.#lostSince = world.groups.lost() === undefined ? undefined : (this.#lostSince ?? world.now())
      this.#pace.soon()
    })
    const end = () =>
      isRunning(this.#state) ? this.#take({ type: 'key', key: 'ctrl-c' }) : this.#leave(EXIT.interrupted)
    ended.addEventListener('abort', end, { once: true })
    if (ended.aborted) this.#leave(EXIT.interrupted)
    void this.#pace.eachSecond(() => this.#countsTime())
  }

  readonly version = (): number => this.#version

  frame(size: Size): readonly string[] {
    const { columns, rows } = this.#drawn?.size ?? {}
    if (columns === size.columns && rows === size.rows) return this.#drawn!.lines
    const lines = this.#draw(size)
    // What is watched depends on how wide it is; and a group in which nothing changes is drawn without being looked at.
    if (this.#exit === undefined) this.#follow()
    return lines
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  changed(): void {
    this.#drawn = undefined
    this.#tell()
  }

  pressed(keys: readonly string[]): void {
    // A plan is never confirmed by keys that were on their way before it was seen.
    const shown = this.#state.dialog !== undefined
    for (const key of keys) if ((this.#state.dialog !== undefined) === shown) this.#take({ type: 'key', key })
  }

  pasted(text: string): void {
    this.#take({ type: 'text', text })
  }

  attach(terminal: ScreenTerminal): void {
    this.#terminal = terminal
    if (this.#exit !== undefined) terminal.leave(this.#exit)
  }

  isLent(): boolean {
    return this.#lent
  }

  readonly lend = <T>(use: () => Promise<T>): Promise<T> => {
    if (this.#terminal === undefined || this.#exit !== undefined || this.#lent) return use()
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#lent = true
    this.#terminal.lent(async () => {
      await use().then(resolve, reject)
      this.#lent = false
    })
    return promise
  }

  #model(): Model {
    const now = this.#world.now()
    const lost = this.#world.groups.lost()
    return {
      views: this.#views,
      ...this.#open.known(),
      lost: lost && { since: this.#lostSince ?? now, reason: lost.reason },
      changed: this.#changes.at(now),
      requests: this.#world.requests(),
      readOnly: this.#world.readOnly,
      guarded: this.#world.guarded,
      typed: this.#world.typed,
      now,
      ...this.#seen,
    }
  }

  #draw(size: Size): readonly string[] {
    const { lines, ...seen } = frame(this.#state, this.#model(), size, this.#world)
    this.#seen = seen
    this.#drawn = { size, lines }
    return lines
  }

  #tell(): void {
    this.#version += 1
    for (const listener of [...this.#listeners]) listener()
  }

  #take(input: Input): void {
    const before = this.#state
    const { state, effect } = reduce(before, input, this.#model())
    if (input.type === 'seen' && state === before) return
    // Of a plan that was never drawn nobody has seen the end.
    if (state.dialog !== undefined && state.dialog.plan !== before.dialog?.plan)
      this.#seen = { ...this.#seen, deepest: Infinity }
    this.#state = state
    this.#follow()
    this.changed()
    if (effect !== undefined) this.#carryOut(effect)
    if (input.type === 'over' && this.#ended.aborted) this.#leave(EXIT.interrupted)
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'quit':
        return this.#leave(effect.exit)
      case 'stop':
        return this.#world.stop()
      case 'suspend':
        return this.#terminal?.givenAway(this.#world.suspend)
      case 'redraw':
        return this.#terminal?.givenAway(() => {})
      case 'copy':
        return this.#world.copy(effect.text)
      case 'run':
        return void this.#world.run(effect.plan, this.#runs.emit).then(this.#runs.over)
      case 'phases':
        return void this.#world.inPhases(effect.wish, effect.place, this.#runs).then(this.#runs.over)
      case 'answer':
        return this.#runs.answer(effect.yes)
    }
  }

  #follow(): void {
    this.#open.follow(this.#state, currentGroup(this.#state, this.#model()))
  }

  #look(): void {
    const before = this.#views
    this.#views = this.#world.groups.views()
    const found = changesAmong(this.#views, before)
    this.#changes.add(found, this.#world.now())
    if (found.length > 0) this.#world.after(MARKED, this.#over.signal).then(this.#pace.soon, () => {})
    this.#follow()
    const { dialog, notice } = this.#state
    if (dialog !== undefined || notice === FORWARDING) this.#take({ type: 'seen' })
    if (this.#drawn === undefined) return this.changed()
    const { size, lines } = this.#drawn
    if (isOther(this.#draw(size), lines)) this.#tell()
  }

  /** A run, old pods that are counted down, a lost connection; and now and then the age of a gate. */
  #countsTime(): boolean {
    return (
      this.#pace.restedFor(30_000) ||
      isRunning(this.#state) ||
      this.#world.groups.lost() !== undefined ||
      (this.#views ?? []).some((view) => view.rows.some((row) => row.member.lingering.length > 0))
    )
  }

  #leave(how: Exit): void {
    this.#exit ??= how
    this.#over.abort()
    if (this.#state.asking !== undefined) this.#world.stop()
    this.#runs.answer(false)
    this.#unsubscribe()
    this.#open.close()
    this.#terminal?.leave(this.#exit)
  }
}

function isOther(lines: readonly string[], before: readonly string[]): boolean {
  return lines.length !== before.length || lines.some((line, index) => line !== before[index])
}
