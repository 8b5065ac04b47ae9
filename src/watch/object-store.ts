import type { Cluster, Query, Resource } from '../cluster/port.ts'
import { at, text } from '../domain/objects/fields.ts'
import type { CurrentStore } from './current-store.ts'

/** Watches the objects of one resource until the signal ends it: undefined until they are listed. */
export function openObjectStore(
  cluster: Cluster,
  resource: Resource,
  query: Query,
  signal: AbortSignal,
): CurrentStore<readonly unknown[]> {
  const listeners = new Set<() => void>()
  let objects: Map<string, unknown> | undefined
  let seen: readonly unknown[] | undefined
  let lost: string | undefined
  let failure: unknown
  const changed = () => {
    seen = objects && [...objects.values()]
    for (const listener of [...listeners]) listener()
  }
  void follow()
  return {
    getSnapshot: () => seen,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    connection: () => (lost === undefined ? { state: 'connected' } : { state: 'disconnected', reason: lost }),
    failure: () => failure,
  }

  async function follow(): Promise<void> {
    try {
      for await (const event of cluster.watch(resource, query, signal)) {
        lost = event.type === 'disconnected' ? event.reason : undefined
        if (event.type === 'listed') objects = new Map(event.items.map((each) => [nameOf(each), each]))
        else if (event.type === 'deleted') objects?.delete(nameOf(event.object))
        else if (event.type === 'added' || event.type === 'modified') objects?.set(nameOf(event.object), event.object)
        changed()
      }
    } catch (error) {
      failure = error
      changed()
    }
  }
}

function nameOf(object: unknown): string {
  return `${text(at(object, 'metadata', 'namespace'))}/${text(at(object, 'metadata', 'name'))}`
}
