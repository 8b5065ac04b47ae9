import { appliedFirst, serverSideApplied } from '../managed-fields.ts'
import { ApiFailure, type KubeObject } from '../objects.ts'
import { objectIn } from './body.ts'
import { create, dryRun, type WriteRequest } from './write.ts'

export const APPLY_PATCH = 'application/apply-patch+yaml'

/** A server-side apply: makes the object where there is none. @throws ApiFailure 400, 404, 409, 422 */
export function serverSideApply(request: WriteRequest): KubeObject {
  const { store, now, resource, at, query, body, by } = request
  if (!query.get('fieldManager')) {
    throw new ApiFailure(
      422,
      'Invalid',
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    )
  }
  const fields = objectIn(body, 'application/json', resource, at)
  const live = store.get(resource, at.namespace, at.name!)
  if (live === undefined) {
    const metadata = { ...fields.metadata, managedFields: appliedFirst(fields, by, now) }
    return create({ ...request, contentType: 'application/json', body: JSON.stringify({ ...fields, metadata }) })
  }
  const next = serverSideApplied(live, fields, { manager: by, force: query.get('force') === 'true', now })
  return store.replace(resource, at.namespace, at.name!, next, undefined, dryRun(query))
}
