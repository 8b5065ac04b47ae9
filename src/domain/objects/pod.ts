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
