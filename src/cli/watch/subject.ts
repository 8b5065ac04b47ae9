import type { Cluster } from '../../cluster/port.ts'
import type { Mode } from '../../domain/findings/mode.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
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
