import { EXIT, type Exit } from '../../domain/run/outcome.ts'
import type { Session, ScreenTerminal } from './app.ts'
import { frame, type Size } from './frame.ts'
import { changesIn } from './marks.ts'
import { reduce } from './reduce.ts'
import {
  currentGroup,
  currentRow,
  type Effect,
  type Extra,
  type Input,
  isRunning,
  keyOf,
  type Model,
  type ScreenState,
} from './state.ts'
import type { WatchedExtra, World } from './world.ts'

/** Milliseconds a change stays marked. */
const MARKED = 2000
/**
 * Milliseconds in which changes of the cluster come as one frame: the first after a quiet time, and while they go on.
 */
const BATCH = 50
const PACE = 200
const NOTHING: Extra = { events: undefined, analysisRuns: undefined }

/**
 * Holds the state of a live screen between its inputs. When the signal ends, so does it: at once, or when the run that
 * goes on is over.
 */
export function openSession(first: ScreenState, world: World, ended: AbortSignal): Session {
  const listeners = new Set<() => void>()
  const changed = new Map<string, number>()
  const over = new AbortController()
  let state = first
  let version = 0
  let drawn: { readonly size: Size; readonly lines: readonly string[] } | undefined
  let deepest = 0
  let views = world.groups.views()
  let lostSince = world.groups.lost() && world.now()
  let terminal: ScreenTerminal | undefined
  let exit: Exit | undefined
  let lent = false
  let batched = false
  let looked = 0
  let opened: { readonly member: string; readonly watched: WatchedExtra } | undefined

  const model = (): Model => {
    const now = world.now()
    const lost = world.groups.lost()
    for (const [name, at] of changed) if (now - at >= MARKED) changed.delete(name)
    return {
      views,
      extra: opened?.watched.extra() ?? NOTHING,
      lost: lost && { since: lostSince ?? now, reason: lost.reason },
      changed: new Set(changed.keys()),
      readOnly: world.readOnly,
      now,
      deepest,
    }
  }
  const draw = (size: Size): readonly string[] => {
    const made = frame(state, model(), size, world)
    deepest = made.deepest
    drawn = { size, lines: made.lines }
    return drawn.lines
  }
  const tell = (): void => {
    version += 1
    for (const listener of [...listeners]) listener()
  }
  const redraw = (): void => {
    drawn = undefined
    tell()
  }
  const leave = (how: Exit): void => {
    exit ??= how
    over.abort()
    unsubscribe()
    opened?.watched.close()
    terminal?.leave(exit)
  }
  const input = (what: Input): void => {
    const { state: next, effect } = reduce(state, what, model())
    if (next.dialog !== undefined && state.dialog === undefined) deepest = Infinity
    state = next
    follow()
    redraw()
    if (effect !== undefined) carryOut(effect)
    if (what.type === 'over' && ended.aborted) leave(EXIT.interrupted)
  }
  const carryOut = (effect: Effect): void => {
    switch (effect.type) {
      case 'quit':
        return leave(effect.exit)
      case 'stop':
        return world.stop()
      case 'suspend':
        return terminal?.givenAway(world.suspend)
      case 'redraw':
        return terminal?.givenAway(() => {})
      case 'run':
        return void world
          .run(effect.plan, (event) => input({ type: 'event', event }))
          .then((end) => input({ type: 'over', end }))
    }
  }
  /** Watches the member that is open, and no other. */
  const follow = (): void => {
    const view = state.page === 'member' ? currentGroup(state, model()) : undefined
    const row = view && currentRow(state, view)
    const wanted = view && row && `${keyOf(view)}/${row.member.name}`
    if (wanted === opened?.member) return
    opened?.watched.close()
    opened =
      wanted === undefined
        ? undefined
        : { member: wanted, watched: world.watchMember(view!.namespace, row!.member.name) }
    opened?.watched.subscribe(soon)
  }
  const look = (): void => {
    const before = new Map((views ?? []).map((view) => [keyOf(view), view]))
    const known = views !== undefined
    views = world.groups.views()
    const now = world.now()
    const found = known ? (views ?? []).flatMap((view) => changesIn(view, before.get(keyOf(view)))) : []
    for (const name of found) changed.set(name, now)
    if (found.length > 0) world.after(MARKED, over.signal).then(soon, () => {})
    looked = now
    follow()
    if (drawn === undefined) return redraw()
    const { size, lines } = drawn
    draw(size)
    if (isOther(drawn.lines, lines)) tell()
  }
  const soon = (): void => {
    if (batched) return
    batched = true
    world.after(Math.max(BATCH, Math.min(PACE, looked + PACE - world.now())), over.signal).then(
      () => {
        batched = false
        look()
      },
      () => {},
    )
  }
  const told = (): void => {
    lostSince = world.groups.lost() === undefined ? undefined : (lostSince ?? world.now())
    soon()
  }
  const unsubscribe = world.groups.subscribe(told)
  ended.addEventListener(
    'abort',
    () => (isRunning(state) ? input({ type: 'key', key: 'ctrl-c' }) : leave(EXIT.interrupted)),
    { once: true },
  )
  if (ended.aborted) leave(EXIT.interrupted)
  void tick()

  return {
    version: () => version,
    frame: (size) => (drawn?.size.columns === size.columns && drawn.size.rows === size.rows ? drawn.lines : draw(size)),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    changed: redraw,
    pressed(keys) {
      // A plan is never confirmed by keys that were on their way before it was seen.
      const shown = state.dialog !== undefined
      for (const key of keys) if ((state.dialog !== undefined) === shown) input({ type: 'key', key })
    },
    pasted: (text) => input({ type: 'text', text }),
    attach(given) {
      terminal = given
      if (exit !== undefined) given.leave(exit)
    },
    isLent: () => lent,
    lend<T>(use: () => Promise<T>): Promise<T> {
      if (terminal === undefined || exit !== undefined || lent) return use()
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      lent = true
      terminal.lent(async () => {
        await use().then(resolve, reject)
        lent = false
      })
      return promise
    },
  }

  /** Each second where the screen shows time: a run, old pods that are counted down, a lost connection. */
  async function tick(): Promise<void> {
    while (!over.signal.aborted) {
      await world.after(1000, over.signal).catch(() => {})
      const counting =
        isRunning(state) ||
        world.groups.lost() !== undefined ||
        (views ?? []).some((view) => view.rows.some((row) => row.member.lingering.length > 0))
      if (counting && !over.signal.aborted) look()
    }
  }
}

function isOther(lines: readonly string[], before: readonly string[]): boolean {
  return lines.length !== before.length || lines.some((line, index) => line !== before[index])
}
