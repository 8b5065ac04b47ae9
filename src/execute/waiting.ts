import { readGroup, type Group } from '../domain/group.ts'
import type { GroupStore } from '../live/group-store.ts'
import { Interrupted, tell, TimedOut, type RunContext } from './context.ts'

/** What ends a wait early: the first interruption, a lost lock, the run's time. */
export interface Bounds {
  readonly signal: AbortSignal
  /** Throws what ended it: TimedOut, Interrupted, or the signal's own reason. */
  check(): void
}

/**
 * Looks at the group whenever the watch shows a change, until `look` answers something.
 * @throws TimedOut, Interrupted; ClusterError where a watch cannot go on
 */
export async function until<Found>(context: RunContext, store: GroupStore, bounds: Bounds, look: (group: Group) => Found | undefined): Promise<Found> {
  for (;;) {
    bounds.check()
    const changed = nextChange(store, bounds.signal)
    const failure = store.failure()
    if (failure !== undefined) throw failure
    const snapshot = store.getSnapshot()
    const found = snapshot === undefined ? undefined : look(readGroup(snapshot, context.group, context.mode))
    if (found !== undefined) return found
    await changed
  }
}

function nextChange(store: GroupStore, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => resolve()
  const unsubscribe = store.subscribe(wake)
  signal.addEventListener('abort', wake, { once: true })
  return promise.finally(() => {
    unsubscribe()
    signal.removeEventListener('abort', wake)
  })
}

/** Tells a sentence once, until it changes. */
export function onChange(say: (sentence: string) => void): (sentence: string) => void {
  let last: string | undefined
  return (sentence) => {
    if (sentence === last) return
    last = sentence
    say(sentence)
  }
}

/** The bounds of a run: its timeout, the user's interruption, a lost lock. Dispose of them when it ends. */
export function boundsOf(context: RunContext, lost?: AbortSignal): Bounds & Disposable {
  const over = new AbortController()
  const timer = new AbortController()
  if (context.timeoutMs > 0) {
    context.clock.after(context.timeoutMs, timer.signal).then(() => over.abort(new TimedOut('--timeout')), () => {})
  }
  const interrupt = () => {
    tell(context, { type: 'interrupted' })
    over.abort(new Interrupted('interrupted'))
  }
  if (context.stopping.aborted) interrupt()
  context.stopping.addEventListener('abort', interrupt, { once: true })
  lost?.addEventListener('abort', () => over.abort(new Interrupted('the lock was taken away')), { once: true })
  return {
    signal: over.signal,
    check: () => over.signal.throwIfAborted(),
    [Symbol.dispose]: () => {
      timer.abort()
      context.stopping.removeEventListener('abort', interrupt)
    },
  }
}
