import { RELEASE } from '../objects/labels.ts'
import { madeOnce } from '../objects/parse-once.ts'
import type { ReplicaSet } from '../objects/replica-set.ts'
import type { Rollout } from '../objects/rollout.ts'
import type { Strength } from '../evidence/evidence.ts'
import type { SettingChange } from './settings-change.ts'
import type { Version } from './version.ts'

/** Whether a member has a next revision. */
export function isChanging(member: Member): boolean {
  return member.next !== undefined
}

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
  /** Whom its pods call. */
  readonly wires: readonly Wire[]
  /** Addresses in ConfigMaps that were changed under its pods: whom it would call if these were started again. */
  readonly believed: readonly Wire[]
  /** What else names a Service of a member: `doubtful`, or `named` and so no call. */
  readonly weak: readonly Mention[]
  /** Where an address may stand that nobody reads. */
  readonly unread: readonly Unread[]
  /** All that it calls, as its annotations say; undefined where they say nothing. */
  readonly declared: readonly string[] | undefined
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
  /**
   * What its next revision changes where that is the live version for certain; undefined where it is another, or may
   * be.
   */
  readonly settings: readonly SettingChange[] | undefined
  /** Its versions are numbered apart from those of the other members. */
  readonly independent: boolean
  /** Why nothing may be decided on this status yet; undefined where it is current. */
  readonly stale: string | undefined
  readonly entry: boolean
  /** What the newest revision is declared to call; undefined where nothing says so. */
  readonly dependsOn: readonly string[] | undefined
}

/** A revision as a person calls it: `my-frontend 2.0`. */
export function called(revision: Revision): string {
  return `${revision.member} ${revision.version.text}`
}

/** The release that a revision belongs to, by its label. */
export function labelOf({ template }: Revision): string | undefined {
  return template.labels.get(RELEASE)
}

/** Whom a revision calls: what it declares is all of it. */
export function callsOf(revision: Revision): readonly string[] {
  return revision.declared ?? wiredTo(revision)
}

/** The members that a revision's addresses lead to, those included that its pods may not have been given. */
export function wiredTo({ wires, believed }: Pick<Revision, 'wires' | 'believed'>): string[] {
  return [...wires, ...believed].map((wire) => wire.to)
}

/** An address of a revision that names a Service of a Rollout outside the group. */
export interface Outside {
  readonly rollout: string
  readonly service: string
  /** Where it stands, in a person's words. */
  readonly where: string
}

/** Why running pods may have been given something else than what can be read. */
export interface Unsure {
  readonly configMap: string
  /** When its data was changed after pods may have started, milliseconds since the epoch; undefined: it is gone. */
  readonly changed: number | undefined
  /** Whether it may hold an address. */
  readonly calls: boolean
  /** Whether it may hold the version. */
  readonly version: boolean
}

/** A host name in a revision's pod template that resolves to a Service of another member. */
export interface Wire {
  /** The member it leads to. */
  readonly to: string
  readonly service: string
  /** Where it stands, in a person's words. */
  readonly where: string
  /** What stands there for the Service, where that is not its name. */
  readonly written?: string
  /** The ConfigMap in which it stands. */
  readonly configMap?: string
  /** Set where ephemeral metadata carries it: the role in which the pods have it, and how they read it. */
  readonly role?: { readonly of: Role; readonly by: 'volume' | 'field' }
}

/** A string that names a Service of another member, and how sure it is that it is called. */
export interface Evidence extends Wire {
  readonly strength: Strength
  /** Of one that is doubtful, though it is an address by its form: whether nothing is compared with it. */
  readonly callable?: boolean
}

/** Evidence that makes no wire. */
export interface Mention extends Evidence {
  readonly strength: Exclude<Strength, 'sure'>
}

/** A Secret in a revision's environment: Secrets are never read. */
export interface Unread {
  /** E.g. `API_URL from Secret urls`. */
  readonly where: string
  /** `unknown`: it may hold the address of anybody; `doubtful`: a variable whose name says that it is an address. */
  readonly strength: 'unknown' | 'doubtful'
}

const byName = madeOnce((members: readonly Member[]) => new Map(members.map((each) => [each.name, each])))

/** The member of a name among those of a group. */
export function memberNamed(members: readonly Member[], name: string): Member | undefined {
  return byName(members).get(name)
}
