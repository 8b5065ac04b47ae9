import { type Group, readGroup } from '../domain/group/read-group.ts'
import type { Snapshot } from '../domain/group/snapshot.ts'
import { madeOnce } from '../domain/objects/parse-once.ts'
import type { GroupStore } from '../watch/current-store.ts'
import { Interrupted, type RunContext, tell, TimedOut } from './context.ts'

/** What ends a wait early: the first interruption, a lost lock, the run's time. */
export interface Bounds {
  readonly signal: AbortSignal
  /** Aborted when the time is up, and by nothing else. */
  readonly overdue: AbortSignal
  /** Throws what ended it: TimedOut, Interrupted, or the signal's own reason. */
  check(): void
}

/**
 * Looks at the group whenever the watch shows a change, and once when `again` is aborted, until `look` answers
 * something.
 * @throws TimedOut, Interrupted; ClusterError where a watch cannot go on
 */
export async function until<Found>(
  context: Pick<RunContext, 'group' | 'mode'>,
  store: GroupStore,
  bounds: Bounds,
  look: (group: Group) => Found | undefined,
  again?: AbortSignal,
): Promise<Found> {
  for (;;) {
    bounds.check()
    const changed = nextChange(store, bounds.signal, again)
    const failure = store.failure()
    if (failure !== undefined) throw failure
    const snapshot = store.getSnapshot()
    const found = snapshot === undefined ? undefined : look(groupIn(context, snapshot))
    if (found !== undefined) return found
    await changed
  }
}

/** The group of a snapshot. The steps of a wave wait at the same time: what they all look at is read once. */
export function groupIn(context: Pick<RunContext, 'group' | 'mode'>, snapshot: Snapshot): Group {
  return readerFor(context)(snapshot)
}

const readerFor = madeOnce(({ group, mode }: Pick<RunContext, 'group' | 'mode'>) =>
  madeOnce((snapshot: Snapshot) => readGroup(snapshot, group, mode)),
)

/**
 * Looks as `until` does, after a read of the group has shown that there is something to wait for. A watch that does not
 * know of it yet is given a moment: nobody reads in a circle while it is behind, or disconnected.
 */
export async function untilSeen(
  context: RunContext,
  store: GroupStore,
  bounds: Bounds,
  look: (group: Group) => true | undefined,
): Promise<void> {
  let looks = 0
  await until(context, store, bounds, (group) => {
    looks += 1
    return look(group)
  })
  if (looks > 1) return
  const over = new AbortController()
  const moment = context.clock.after(BEHIND, AbortSignal.any([bounds.signal, over.signal])).catch(() => {})
  await Promise.race([nextChange(store, bounds.signal), moment])
  over.abort()
}

/** Milliseconds after which a group is read again that the watch has nothing new of. */
const BEHIND = 1000

function nextChange(store: GroupStore, ...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => resolve()
  const unsubscribe = store.subscribe(wake)
  for (const each of signals) each?.addEventListener('abort', wake, { once: true })
  return promise.finally(() => {
    unsubscribe()
    for (const each of signals) each?.removeEventListener('abort', wake)
  })
}

/** Tells what the whole run waits for. */
export function tellWaiting(context: Pick<RunContext, 'clock' | 'emit'>): (sentence: string) => void {
  return onChange((waitingFor) => tell(context, { type: 'waiting', wave: undefined, member: '', waitingFor }))
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

/**
 * What cuts a request off that is under way: the run's time, and the second interruption. The first one lets it end.
 */
export function cutting({ stopped }: Pick<RunContext, 'stopped'>, { overdue }: Pick<Bounds, 'overdue'>): AbortSignal {
  return AbortSignal.any([overdue, stopped])
}

/** A signal that ends with others, or after so many milliseconds. Dispose of it when what it bounds is over. */
export function within(
  { clock }: Pick<RunContext, 'clock'>,
  milliseconds: number,
  ...others: readonly AbortSignal[]
): { readonly signal: AbortSignal } & Disposable {
  const over = new AbortController()
  const timer = new AbortController()
  clock.after(milliseconds, timer.signal).then(
    () => over.abort(),
    () => {},
  )
  return { signal: AbortSignal.any([over.signal, ...others]), [Symbol.dispose]: () => timer.abort() }
}

/** A signal that ends so many milliseconds after the first interruption. Dispose of it when what it bounds is over. */
export function soonAfter(
  { clock, stopping }: Pick<RunContext, 'clock' | 'stopping'>,
  milliseconds: number,
): { readonly signal: AbortSignal } & Disposable {
  const over = new AbortController()
  const timer = new AbortController()
  const begin = (): void =>
    void clock.after(milliseconds, timer.signal).then(
      () => over.abort(),
      () => {},
    )
  stopping.addEventListener('abort', begin, { once: true })
  if (stopping.aborted) begin()
  return {
    signal: over.signal,
    [Symbol.dispose]: () => {
      timer.abort()
      stopping.removeEventListener('abort', begin)
    },
  }
}

/** Resource versions of one resource grow; a watch that has not come as far shows what was before. */
export function olderThan(seen: string, known: string): boolean {
  return /^\d+$/.test(seen) && /^\d+$/.test(known) && BigInt(seen) < BigInt(known)
}

/**
 * The bounds of a run: so many milliseconds (0: no end), the user's interruption, a lost lock. Dispose of them when it
 * ends.
 */
export function boundsOf(
  context: Pick<RunContext, 'clock' | 'stopping'>,
  timeoutMs: number,
  lost?: AbortSignal,
): Bounds & Disposable {
  const over = new AbortController()
  const overdue = new AbortController()
  const timer = new AbortController()
  const expire = () => {
    overdue.abort(new TimedOut())
    over.abort(overdue.signal.reason)
  }
  if (timeoutMs > 0) context.clock.after(timeoutMs, timer.signal).then(expire, () => {})
  const interrupt = () => over.abort(new Interrupted('interrupted'))
  const lose = () => over.abort(lost!.reason)
  if (context.stopping.aborted) interrupt()
  context.stopping.addEventListener('abort', interrupt, { once: true })
  if (lost?.aborted === true) lose()
  lost?.addEventListener('abort', lose, { once: true })
  return {
    signal: over.signal,
    overdue: overdue.signal,
    check: () => over.signal.throwIfAborted(),
    [Symbol.dispose]: () => {
      timer.abort()
      context.stopping.removeEventListener('abort', interrupt)
      lost?.removeEventListener('abort', lose)
    },
  }
}
