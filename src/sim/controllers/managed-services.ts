import type { KubeObject } from '../objects.ts'
import type { Controller, SimWorld } from '../simulation.ts'
import { keyOf, reconciling, type Pass } from './reconciler.ts'
import { HASH, MANAGED_BY } from './rollouts/keys.ts'
import { namedServices, namesService } from './rollouts/service-names.ts'

/**
 * Argo Rollouts' Service controller: a Service that no Rollout names any more is as it was before one did
 * (service/service.go syncService).
 */
export function managedServices(): Controller {
  return reconciling({
    resource: 'services',
    concerns: ({ resource, object, previous }) =>
      resource !== 'rollouts'
        ? []
        : [object, previous].flatMap((each) =>
            each === undefined
              ? []
              : namedServices(each).map(({ name }) => keyOf({ namespace: object.metadata.namespace!, name })),
          ),
    reconcile,
  })
}

function* reconcile(service: KubeObject, { store }: SimWorld): Pass {
  const { name, namespace = '', annotations } = service.metadata
  const manager = annotations?.[MANAGED_BY]
  if (service.spec?.selector?.[HASH] === undefined || manager === undefined) return
  const rollout = store.get('rollouts', namespace, manager)
  if (rollout !== undefined && namesService(rollout, name)) return
  yield {
    patch: 'services',
    namespace,
    name,
    body: { metadata: { annotations: { [MANAGED_BY]: null } }, spec: { selector: { [HASH]: null } } },
  }
}

/**
 * The Rollout that a changed Service is a matter of: its manager, or all who name it where it has none; nobody's where
 * it has no hash.
 */
export function rolloutsOf(service: KubeObject, rollouts: Iterable<KubeObject>): KubeObject[] {
  if (service.spec?.selector?.[HASH] === undefined) return []
  const manager = service.metadata.annotations?.[MANAGED_BY]
  return [...rollouts].filter(
    (each) =>
      each.metadata.namespace === service.metadata.namespace &&
      (manager === undefined || manager === each.metadata.name) &&
      namesService(each, service.metadata.name),
  )
}
