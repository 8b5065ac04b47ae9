import { RESOURCES, type KubeObject, type ResourceName } from '../objects.ts'
import type { Controller, SimWorld } from '../simulation.ts'
import { gone } from './garbage-collector.ts'
import { reconciling, type Pass } from './reconciler.ts'

const NAMESPACED = (Object.keys(RESOURCES) as ResourceName[]).filter((each) => RESOURCES[each].namespaced)

/** Kubernetes' namespace controller: a namespace that is deleted goes when all that was in it is gone. */
export function namespaces(): Controller {
  return reconciling({
    resource: 'namespaces',
    concerns: ({ type, object: { metadata } }) =>
      type === 'DELETED' && metadata.namespace !== undefined ? [`/${metadata.namespace}`] : [],
    reconcile,
  })
}

function* reconcile({ metadata: { name, deletionTimestamp } }: KubeObject, { store, now }: SimWorld): Pass {
  if (deletionTimestamp === undefined) return
  for (const resource of NAMESPACED) {
    for (const object of [...store.all(resource)].filter(
      ({ metadata }) => metadata.namespace === name && metadata.deletionTimestamp === undefined,
    ))
      yield gone(resource, object, now)
  }
  const full = NAMESPACED.some((resource) =>
    [...store.all(resource)].some(({ metadata }) => metadata.namespace === name),
  )
  if (!full) yield { remove: 'namespaces', namespace: undefined, name }
}
