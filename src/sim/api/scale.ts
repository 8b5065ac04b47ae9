import { ApiFailure, notFound, type KubeObject } from '../objects.ts'
import { jsonPatch, mergePatch, type Operation } from '../patch.ts'
import { afterUpdate } from '../managed-fields.ts'
import { json, mediaType } from './body.ts'
import type { ApiVerb } from './request-info.ts'
import { dryRun, type WriteRequest } from './write.ts'

/**
 * Reads or writes how many replicas an object shall have (autoscaling/v1 Scale): what `kubectl scale` does. @throws
 * ApiFailure 400, 404, 405, 409, 415
 */
export function scale(verb: ApiVerb, request: WriteRequest): unknown {
  const { store, now, resource, at, query, contentType, body, by } = request
  const name = at.name!
  const current = store.get(resource, at.namespace, name)
  if (current === undefined) throw notFound(resource, name)
  if (verb === 'get') return scaleOf(current)
  const wanted = wantedScale(verb, scaleOf(current), contentType, body)
  const spec = { replicas: wanted.spec?.replicas ?? 0 }
  const { resourceVersion } = wanted.metadata ?? {}
  const managedFields = afterUpdate(current, mergePatch(current, { spec }), by, now, 'scale')
  const change = { metadata: { ...(resourceVersion && { resourceVersion }), managedFields }, spec }
  return scaleOf(store.patch(resource, at.namespace, name, { type: 'merge', body: change, dryRun: dryRun(query) }))
}

function wantedScale(verb: ApiVerb, current: any, contentType: string | undefined, body: string): any {
  switch (verb) {
    case 'update':
      return json(body, 'error decoding Scale')
    case 'patch': {
      const change = json(body, 'error decoding patch')
      return mediaType(contentType) === 'application/json-patch+json'
        ? jsonPatch(current, change as Operation[])
        : mergePatch(current, change)
    }
    default:
      throw new ApiFailure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource')
  }
}

function scaleOf({
  metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
  spec,
  status,
}: KubeObject): any {
  const selector = Object.entries(spec?.selector?.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec?.replicas ?? 1 },
    status: { replicas: status?.HPAReplicas ?? status?.replicas ?? 0, selector },
  }
}
