import { at, text } from '../objects/fields.ts'
import { HASH_LABEL } from '../objects/labels.ts'
import { parseReplicaSet } from '../objects/replica-set.ts'

/** The name of an object. */
export function nameOf(object: unknown): string | undefined {
  return text(at(object, 'metadata', 'name'))
}

/** The pod template hash of a ReplicaSet. */
export function hashOf(set: unknown): string | undefined {
  return text(at(set, 'metadata', 'labels', HASH_LABEL))
}

/** The pod template hash in a Service's selector. */
export function hashIn(service: unknown): string | undefined {
  return text(at(service, 'spec', 'selector', HASH_LABEL))
}

/** How many pods of a ReplicaSet are available. */
export function podsOf(set: unknown): number {
  const pods = at(set, 'status', 'availableReplicas')
  return typeof pods === 'number' ? pods : 0
}

/** The uid of the Rollout that a ReplicaSet belongs to. */
export function ownerOf(set: unknown): string | undefined {
  return parseReplicaSet(set)?.owner
}
