import { at, list, text } from './fields.ts'

/** The ReplicaSet of a pod, by name; empty where it has none. */
export function ownerOf(pod: unknown): string {
  return text(at(list(at(pod, 'metadata', 'ownerReferences'))[0], 'name')) ?? ''
}

/**
 * Whether anything of a pod still runs: a terminating one does; an evicted or completed one, which stays as a record
 * until it is collected, does not, and its ReplicaSet does not count it either (kubernetes,
 * controller.FilterActivePods).
 */
export function runs(pod: unknown): boolean {
  const phase = at(pod, 'status', 'phase')
  return phase !== 'Failed' && phase !== 'Succeeded'
}

/** Whether a pod takes calls: it is ready, and not about to go. */
export function isReady(pod: unknown): boolean {
  const ready = list(at(pod, 'status', 'conditions')).find((each) => at(each, 'type') === 'Ready')
  return at(ready, 'status') === 'True' && at(pod, 'metadata', 'deletionTimestamp') === undefined
}
