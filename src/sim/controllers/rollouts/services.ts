import { afterUpdate } from '../../managed-fields.ts'
import type { KubeObject } from '../../objects.ts'
import { mergePatch } from '../../patch.ts'
import type { Write } from '../../simulation.ts'
import { HASH, MANAGED_BY } from './keys.ts'
import { available, hashOf, patchOf, type View } from './view.ts'

export function serviceOf(
  { world, namespace }: Pick<View, 'world' | 'namespace'>,
  name: string | undefined,
): KubeObject | undefined {
  return name === undefined ? undefined : world.store.get('services', namespace, name)
}

/** The hash a Service is pointed at; empty where it is at none yet. */
export function selectorOf(view: View, name: string | undefined): string {
  return serviceOf(view, name)?.spec.selector?.[HASH] ?? ''
}

/** Points a Service at one revision (rollout/service.go switchServiceSelector). */
export function* switchService(view: View, name: string | undefined, hash: string): Generator<Write> {
  const service = serviceOf(view, name)
  if (
    service === undefined ||
    (service.spec.selector?.[HASH] === hash && service.metadata.annotations?.[MANAGED_BY] !== undefined)
  )
    return
  const change = {
    metadata: { annotations: { [MANAGED_BY]: view.rollout.metadata.name } },
    spec: { selector: { [HASH]: hash } },
  }
  const managedFields = afterUpdate(service, mergePatch(service, change), 'rollouts-controller', view.world.now)
  yield patchOf('services', service, { ...change, metadata: { ...change.metadata, managedFields } })
}

/**
 * Points a canary's Service at a ReplicaSet that has a pod available; one that is new to the controller, only at a full
 * one (rollout/service.go ensureSVCTargets).
 * @param looks whether it is looked at pods at all
 */
export function* ensureTargets(
  view: View,
  name: string | undefined,
  set: KubeObject | undefined,
  looks = true,
): Generator<Write> {
  const service = serviceOf(view, name)
  if (service === undefined || set === undefined || selectorOf(view, name) === hashOf(set)) return
  const adopting = service.metadata.annotations?.[MANAGED_BY] === undefined
  const full = set.spec.replicas > 0 && available(set) >= set.spec.replicas
  if (!looks || (adopting ? full : available(set) > 0)) yield* switchService(view, name, hashOf(set))
}
