import { about, ApiFailure, fullName, notFound, RESOURCES, type KubeObject, type ResourceName } from '../objects.ts'
import type { Store } from '../store.ts'
import { json } from './body.ts'
import { dryRun, type WriteRequest } from './write.ts'

/**
 * Deletes an object and answers what it was; what it owns goes, or with the policy `Orphan` stays without it. A pod
 * that has a node, and a namespace, only begin to go.
 * @throws ApiFailure 404, 409 where a precondition does not hold
 */
export function remove({ store, now, resource, at, query, body }: WriteRequest): KubeObject {
  const options = body === '' ? ({} as any) : json(body, 'error decoding DeleteOptions')
  const current = store.get(resource, at.namespace, at.name!)
  if (current === undefined) throw notFound(resource, at.name!)
  for (const [field, words] of [
    ['uid', 'UID'],
    ['resourceVersion', 'ResourceVersion'],
  ] as const) {
    const [wanted, actual] = [options.preconditions?.[field], current.metadata[field]]
    if (wanted !== undefined && wanted !== actual) {
      throw new ApiFailure(
        409,
        'Conflict',
        `Operation cannot be fulfilled on ${fullName(resource)} ${JSON.stringify(at.name)}: the ` +
          `${words} in the precondition (${wanted}) does not match the ${words} in ` +
          `record (${actual}). The object might have been deleted and then recreated`,
        about(resource, at.name!),
      )
    }
  }
  if (dryRun(query) || [options.dryRun].flat().includes('All')) return current
  if ((query.get('propagationPolicy') ?? options.propagationPolicy) === 'Orphan') orphan(store, current)
  const grace = query.get('gracePeriodSeconds') ?? options.gracePeriodSeconds ?? 'usual'
  const ends =
    resource === 'namespaces'
      ? { phase: 'Terminating' }
      : resource === 'pods' && current.spec?.nodeName !== undefined && String(grace) !== '0'
        ? {}
        : undefined
  if (ends === undefined) return store.remove(resource, at.namespace, at.name!)
  const deletionTimestamp = current.metadata.deletionTimestamp ?? new Date(now).toISOString()
  return store.put(resource, {
    ...current,
    metadata: { ...current.metadata, deletionTimestamp },
    status: { ...current.status, ...ends },
  })
}

/** What an object owns stays, without it as an owner. */
function orphan(store: Store, { metadata: { uid } }: KubeObject): void {
  for (const resource of Object.keys(RESOURCES) as ResourceName[]) {
    for (const object of [...store.all(resource)]) {
      const { ownerReferences = [], ...metadata } = object.metadata
      const left = ownerReferences.filter((each) => each.uid !== uid)
      if (left.length < ownerReferences.length)
        store.put(resource, { ...object, metadata: { ...metadata, ...(left.length > 0 && { ownerReferences: left }) } })
    }
  }
}
