import type { KubeObject } from '../../objects.ts'
import type { Write } from '../../simulation.ts'
import { ownedBy } from '../reconciler.ts'
import { isReady } from '../replica-sets.ts'
import { maxUnavailable } from './canary-counts.ts'
import { needsRestart } from './restart-time.ts'
import { hashOf, patchOf, sum, type View } from './view.ts'

/** Milliseconds until pods that could not be restarted are looked at again. */
const AGAIN = 30_000

/**
 * Restarts pods older than `restartAt`: so many at a time as may be unavailable, at least one, the stable ones first.
 * Answers how many, whether all are new, and when to look again (rollout/restart.go Reconcile).
 */
export function* restartPods(
  view: View,
): Generator<Write, { readonly restarted: number; readonly done?: boolean; readonly wakeAt?: number }> {
  const { spec, status, world, sets, replicas } = view
  if (!needsRestart(spec, status)) return { restarted: 0 }
  const at = Date.parse(spec.restartAt)
  if (world.now <= at) return { restarted: 0, wakeAt: at + 1 }
  const pods = byPriority(view).flatMap((set) => ownedBy(world.store, 'pods', set))
  const there = pods.filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined).length
  const least =
    Math.max(
      replicas,
      sum(sets, (each) => each.spec.replicas),
    ) - Math.max(spec.strategy.canary === undefined ? 1 : maxUnavailable(view), 1)
  const old = pods.filter(({ metadata }) => Date.parse(metadata.creationTimestamp) < at)
  const going = old
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .slice(0, Math.max(0, there - least))
  for (const pod of going)
    yield patchOf('pods', pod, { metadata: { deletionTimestamp: new Date(world.now).toISOString() } })
  return old.length === going.length
    ? { restarted: going.length, done: true }
    : { restarted: going.length, wakeAt: world.now + AGAIN }
}

function byPriority({ sets, status, hash }: View): KubeObject[] {
  const rank = (set: KubeObject) => [status.stableRS, hash].indexOf(hashOf(set))
  return [...sets].sort((a, b) => (rank(a) < 0 ? 2 : rank(a)) - (rank(b) < 0 ? 2 : rank(b)))
}
