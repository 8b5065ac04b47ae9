import { digits } from '../objects/fields.ts'
import { REVISION, SCALE_DOWN_DEADLINE, WITHDRAWN, WORKLOAD_GENERATION } from '../objects/labels.ts'
import { isUnseen } from '../objects/phase.ts'
import { comeSince, refusalOf } from '../objects/refusal.ts'
import type { ReplicaSet } from '../objects/replica-set.ts'
import type { Rollout } from '../objects/rollout.ts'
import type { Service } from '../objects/service.ts'
import type { Role } from './member.ts'

/**
 * The role of a ReplicaSet of a Rollout. `lingering` where it may have carried users: a superseded revision is newer
 * than the stable one and never did. One withdrawn by the stable template is older, since that is numbered anew, and so
 * is one that was undone after its cutover.
 * @param services with them, the first of these is told from the second by when the active Service was last pointed
 */
export function roleOf(
  set: ReplicaSet,
  rollout: Rollout,
  stableRevision: number,
  services?: ReadonlyMap<string, Service>,
): Role {
  const { stableRS, currentPodHash } = rollout.status
  if (set.hash === stableRS) return 'live'
  if (set.hash === currentPodHash) return 'next'
  if (isMarkedWithdrawn(set)) return 'old'
  return set.revision < stableRevision && set.pods > 0 && !neverActive(set, rollout, services) ? 'lingering' : 'old'
}

/** It has the deadline still that it had when it was withdrawn: had users come to it later, it would have another. */
function isMarkedWithdrawn({ annotations }: ReplicaSet): boolean {
  const deadline = annotations.get(WITHDRAWN)
  return deadline !== undefined && annotations.get(SCALE_DOWN_DEADLINE) === deadline
}

/** Whether the active Service has stood where it stands since before this ReplicaSet was made. */
function neverActive(
  set: ReplicaSet,
  { strategy }: Rollout,
  services: ReadonlyMap<string, Service> | undefined,
): boolean {
  const active = strategy.kind === 'BlueGreen' ? services?.get(strategy.activeService) : undefined
  return (
    active?.hash !== undefined &&
    active.hash !== set.hash &&
    active.pointedAt !== undefined &&
    active.pointedAt < set.created
  )
}

/**
 * Why a status may not be decided on yet; undefined where it is current.
 *
 * For some 20 ms after a template change `observedGeneration` is current while the rest of the status is the old one
 * (seen on 1.10.1), so the revision annotations of the Rollout and of its current ReplicaSet must agree as well, and
 * the Services must point where the status says.
 */
export function staleness(
  rollout: Rollout,
  sets: readonly ReplicaSet[],
  services: ReadonlyMap<string, Service>,
): string | undefined {
  const { status } = rollout
  if (!status.exists) return 'it has no status: no controller has seen it'
  if (isUnseen(rollout)) return 'waiting for rollout spec update to be observed'
  const refusal = refusalOf(rollout)
  if (refusal?.of === 'spec') {
    const come = comeSince(refusal, services)
    return come === undefined
      ? `the controller refuses its spec: ${refusal.sentence}`
      : `its controller has yet to see that Service ${come} is there by now`
  }
  const copied = digits(rollout.annotations.get(WORKLOAD_GENERATION))
  if (rollout.workloadRef !== undefined && copied !== status.workloadObservedGeneration) {
    return 'waiting for rollout spec update to be observed for the reference workload'
  }
  const current = sets.find((each) => each.hash === status.currentPodHash)
  if (current === undefined) return `waiting for the ReplicaSet of ${status.currentPodHash ?? 'the new pod template'}`
  const revision = digits(rollout.annotations.get(REVISION))
  if (revision !== current.revision) return 'waiting for the new revision to be numbered'
  const apart = pointsOf(rollout).find(({ name, hash }) => {
    const points = name === undefined ? undefined : services.get(name)?.hash
    return points !== undefined && hash !== undefined && points !== hash
  })
  return apart === undefined ? undefined : `waiting for Service ${apart.name} and the status to agree`
}

/**
 * Where a status says that Services point. They are read in requests of their own, and written by the controller one
 * after the other: a Service just before its switch and a status just after it would together look like users on pods
 * that are about to go.
 */
function pointsOf({
  strategy,
  status,
}: Rollout): readonly { readonly name: string | undefined; readonly hash: string | undefined }[] {
  return strategy.kind === 'BlueGreen'
    ? [
        { name: strategy.activeService, hash: status.activeSelector },
        { name: strategy.previewService, hash: status.previewSelector },
      ]
    : [{ name: strategy.stableService, hash: status.stableRS }]
}
