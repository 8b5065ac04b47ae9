import { isDeepStrictEqual } from 'node:util'
import type { Resource } from '../cluster/port.ts'
import { parseReplicaSet } from '../domain/objects/replica-set.ts'
import { parseSlice } from '../domain/objects/service.ts'

/**
 * What is read of an object, where that is not all of it. Of a Rollout it is: whoever waits for a write knows it by the
 * version it left.
 */
const READ: { readonly [resource in Resource]?: (raw: unknown) => unknown } = {
  replicasets: parseReplicaSet,
  endpointslices: parseSlice,
}

/**
 * Whether an object tells what the one in its place did not: controllers write much that nobody here reads, counts of
 * labelled pods, times of triggers.
 */
export function isNews(resource: Resource, object: unknown, before: unknown): boolean {
  const read = READ[resource]
  return before === undefined || read === undefined || !isDeepStrictEqual(read(object), read(before))
}
