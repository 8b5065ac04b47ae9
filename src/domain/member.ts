import type { Outside } from './outside.ts'
import type { ReplicaSet } from './revision.ts'
import type { Rollout } from './rollout.ts'
import type { Unsure } from './unsure.ts'
import type { Version } from './version.ts'
import type { Wire } from './wires.ts'

/**
 * What a revision is to its Rollout. `live`: status.stableRS. `next`: status.currentPodHash where it differs.
 * `lingering`: it carried users and its pods still run. `old`: history.
 */
export type Role = 'live' | 'next' | 'lingering' | 'old'

/** One ReplicaSet of a member, with what its template says. */
export interface Revision extends ReplicaSet {
  readonly id: RevisionId
  readonly member: string
  readonly role: Role
  readonly version: Version
  readonly wires: readonly Wire[]
  /** Why its pods may have been given something else. */
  readonly unsure: readonly Unsure[]
  /** Addresses that lead to Rollouts outside the group. */
  readonly outside: readonly Outside[]
}

/** `member/hash`: unique in a group. */
export type RevisionId = string

/** One Rollout of a group with its revisions. */
export interface Member extends Rollout {
  /** Newest first. */
  readonly revisions: readonly Revision[]
  readonly live: Revision | undefined
  readonly next: Revision | undefined
  readonly lingering: readonly Revision[]
  /** Why nothing may be decided on this status yet; undefined where it is current. */
  readonly stale: string | undefined
  readonly entry: boolean
  /** Names from the `depends-on` annotation; undefined where there is none. */
  readonly dependsOn: readonly string[] | undefined
}

/** A revision as a person calls it: `my-frontend 2.0`. */
export function called(revision: Revision): string {
  return `${revision.member} ${revision.version.text}`
}
