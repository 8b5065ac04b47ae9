import { isWaiting } from '../checks/context.ts'
import type { PatchOperation } from '../actions/patch.ts'
import type { Member } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { APPROVED, SMOKE } from '../objects/labels.ts'

/**
 * What was found out about a release at its gates, kept on the ReplicaSets of the revisions that wait: Events live an
 * hour, and a run that goes on must not ask again for what was answered of these very revisions.
 */
export type Vouching = { readonly of: 'smoke'; readonly command: string } | { readonly of: 'approval' }

/** The annotation of each kind. */
const KEYS = { smoke: SMOKE, approval: APPROVED } as const

/** Whether all that waits was vouched for: a smoke test counts for the command that passed alone. */
export function isVouched(group: Group, vouching: Vouching): boolean {
  const waiting = group.members.filter(isWaiting)
  return waiting.length > 0 && waiting.every((each) => saidOf(each, vouching))
}

function saidOf({ next }: Member, vouching: Vouching): boolean {
  const said = next?.annotations.get(KEYS[vouching.of])
  return said !== undefined && (vouching.of === 'approval' || said.endsWith(`: ${vouching.command}`))
}

/** A patch of one ReplicaSet. */
export interface VouchingWrite {
  readonly replicaSet: string
  readonly operations: readonly PatchOperation[]
}

/** The writes that keep it. @param words who or what, and when: `jane@laptop 2026-01-01T12:00:00Z` */
export function vouchingWrites(group: Group, vouching: Vouching, words: string): readonly VouchingWrite[] {
  const value = vouching.of === 'smoke' ? `passed ${words}: ${vouching.command}` : words
  return group.members.filter(isWaiting).map(({ next }) => ({
    replicaSet: next!.name,
    operations: [{ op: 'add', path: `/metadata/annotations/${KEYS[vouching.of].replaceAll('/', '~1')}`, value }],
  }))
}
