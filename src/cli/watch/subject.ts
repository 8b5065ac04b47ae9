import type { Cluster } from '../../cluster/port.ts'
import type { Mode } from '../../domain/findings/mode.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import type { GroupPlace } from '../../view/tui/running.ts'
import type { CurrentStore } from '../../watch/current-store.ts'
import type { Named } from '../../view/words/view-cache.ts'
import type { Breadth } from '../../watch/discover.ts'

/** What a live screen is about. */
export interface Subject {
  readonly cluster: Cluster
  readonly breadth: Breadth
  readonly mode: Mode | undefined
  /** The name of the one group that is shown; undefined: all that are found. */
  readonly group: string | undefined
  /** Divides what is seen into groups. */
  groupsIn(seen: readonly Snapshot[]): readonly Named[]
  /** Selects the Rollouts of a group. */
  selectorOf(group: string): string
  /** Called where the first look finds nothing. @throws what a person is told of it */
  none(): Promise<void>
}

/** A group as it was read last. */
export function snapshotOf(
  { groupsIn }: Subject,
  store: CurrentStore<readonly Snapshot[]>,
  place: GroupPlace,
): Snapshot | undefined {
  return groupsIn(store.getSnapshot() ?? []).find(
    ({ name, snapshot }) => name === place.name && snapshot.namespace === place.namespace,
  )?.snapshot
}
