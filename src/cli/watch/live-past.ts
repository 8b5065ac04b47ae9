import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import type { GroupPlace } from '../../view/tui/running.ts'
import type { Model } from '../../view/tui/state.ts'
import type { WatchedPast } from '../../view/tui/world.ts'
import type { CurrentStore } from '../../watch/current-store.ts'
import { withEarlier } from '../../watch/discover.ts'
import { failureOf } from '../errors.ts'
import { type Subject, snapshotOf } from './subject.ts'

/** A group with all that its earlier revisions rest on, read again whenever it changes, until it is closed. */
export function watchPast(
  subject: Subject,
  store: CurrentStore<readonly Snapshot[]>,
  { namespace, name }: GroupPlace,
): WatchedPast {
  const { cluster, mode, selectorOf } = subject
  const listeners = new Set<() => void>()
  const closed = new AbortController()
  let past: Model['past']
  let seen: Snapshot | undefined
  const look = (): void => {
    const found = snapshotOf(subject, store, { namespace, name })
    if (found === undefined || found === seen) return
    seen = found
    const show = (read: Model['past']): void => {
      // What was seen since is read already.
      if (closed.signal.aborted || found !== seen) return
      past = read
      for (const listener of listeners) listener()
    }
    withEarlier(cluster, { namespace, selector: selectorOf(name) }, found, closed.signal).then(
      (snapshot) => show(readGroup(snapshot, name, mode)),
      (error) => show(failureOf(error, 'history').lines[0]!),
    )
  }
  const forget = store.subscribe(look)
  look()
  return {
    past: () => past,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      forget()
      closed.abort()
    },
  }
}
