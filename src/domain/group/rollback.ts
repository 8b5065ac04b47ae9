import type { Member, Revision } from './member.ts'

/** Whether a revision is older than the live one: the controller takes it for a rollback. */
export function isRollback({ live }: Pick<Member, 'live'>, revision: Revision): boolean {
  return live !== undefined && revision.created < live.created
}

/**
 * Whether it comes back within `spec.rollbackWindow`, where no gate stops it: fewer revisions than that lie between
 * (argo-rollouts, rollout/sync.go isRollbackWithinWindow).
 */
export function isWithinWindow(member: Member, revision: Revision): boolean {
  const { live, revisions, rollbackWindow } = member
  if (rollbackWindow <= 0 || !isRollback(member, revision)) return false
  const between = revisions.filter((each) => each.created > revision.created && each.created < live!.created)
  return between.length < rollbackWindow
}
