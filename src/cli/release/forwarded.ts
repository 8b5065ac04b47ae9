import { readGroup } from '../../domain/group/read-group.ts'
import { openGroupStore } from '../../watch/group-store.ts'
import { openForwarder, portLine } from '../forward/forwarder.ts'
import { writeLines } from '../terminal/output.ts'
import type { Releasing } from './releasing.ts'

/** Ports of this machine for every member's two sides, kept on ready pods until it is disposed of. */
export interface Forwarded extends AsyncDisposable {
  /** By `member live` and `member next`: `127.0.0.1:9000`. */
  readonly addresses: ReadonlyMap<string, string>
}

/** Opens them where the members are now, and follows. @throws ClusterError */
export async function forwarded({ context, target }: Releasing): Promise<Forwarded> {
  const over = new AbortController()
  const say = (lines: readonly string[]) => writeLines(context.stderr, lines)
  const store = openGroupStore(target.cluster, target.scope, over.signal)
  const known = () => {
    const snapshot = store.getSnapshot()
    return snapshot && { snapshot, group: readGroup(snapshot, target.group, target.mode) }
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const failed = (sentence: string) => say([`error: ${sentence}`])
  let forwarder: ReturnType<typeof openForwarder> | undefined
  const look = async (): Promise<void> => {
    const seen = known()
    if (seen === undefined) return store.failure() === undefined ? undefined : reject(store.failure())
    const first = forwarder === undefined
    forwarder ??= openForwarder(target, { only: seen.group.members.map((each) => each.name), failed })
    const ports = await forwarder.update(seen.group, seen.snapshot)
    if (first) say(ports.map(portLine))
    resolve()
  }
  const unsubscribe = store.subscribe(() => void look().catch(reject))
  const close = async (): Promise<void> => {
    unsubscribe()
    over.abort()
    await forwarder?.close()
  }
  try {
    await look()
    await promise
  } catch (error) {
    await close()
    throw error
  }
  return { addresses: forwarder!.addresses, [Symbol.asyncDispose]: close }
}
