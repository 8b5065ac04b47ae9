import type { Configs } from '../objects/config-map.ts'

/** The objects of one namespace that a group is read from, as the API gave them. */
export interface Snapshot {
  readonly namespace: string
  readonly rollouts: readonly unknown[]
  readonly replicaSets: readonly unknown[]
  readonly services: readonly unknown[]
  /** Undefined where they may not be read. */
  readonly endpointSlices: readonly unknown[] | undefined
  /** With them, terminating pods count too; the status of ReplicaSets leaves them out in clusters before 1.35. */
  readonly pods?: readonly unknown[]
  /**
   * Ingresses and HTTPRoutes; `forbidden` where they may not be read, undefined where nobody looked: they say where
   * users come in, beside what can be seen without them.
   */
  readonly fronts?: readonly unknown[] | 'forbidden'
  readonly configs: Configs
  /** A sentence for each read that was refused. */
  readonly unreadable: readonly string[]
}

/** A namespace in which no member is. */
export function emptyNamespace(namespace: string): Snapshot {
  return {
    namespace,
    rollouts: [],
    replicaSets: [],
    services: [],
    endpointSlices: [],
    configs: new Map(),
    unreadable: [],
  }
}
