import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import type { Forwarding, PortsShown } from '../../view/tui/state.ts'
import type { WatchedPorts } from '../../view/tui/world.ts'
import type { CurrentStore } from '../../watch/current-store.ts'
import { failureOf } from '../errors.ts'
import { openForwarder } from '../forward/forwarder.ts'
import { type Subject, snapshotOf } from './subject.ts'

/** Ports of this machine for a group, led where its sides are now, until they are closed. */
export function forwardGroup(
  subject: Subject,
  store: CurrentStore<readonly Snapshot[]>,
  { namespace, name, member }: Forwarding,
): WatchedPorts {
  const { cluster, mode, selectorOf } = subject
  const listeners = new Set<() => void>()
  const forwarder = openForwarder(
    { cluster, scope: { namespace, selector: selectorOf(name) } },
    { also: member, failed: (trouble) => show({ trouble }) },
  )
  let shown: PortsShown = { ports: [], trouble: undefined }
  let seen: Snapshot | undefined
  let closed = false
  const show = (change: Partial<PortsShown>): void => {
    shown = { ...shown, ...change }
    for (const listener of listeners) listener()
  }
  const look = (): void => {
    const found = snapshotOf(subject, store, { namespace, name })
    if (found === undefined || found === seen || closed) return
    seen = found
    forwarder.update(readGroup(seen, name, mode), seen).then(
      (ports) => show({ ports }),
      (error) => show({ trouble: failureOf(error, 'forward').lines[0]! }),
    )
  }
  const forget = store.subscribe(look)
  look()
  return {
    ports: () => shown,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      closed = true
      forget()
      listeners.clear()
      void forwarder.close()
    },
  }
}
