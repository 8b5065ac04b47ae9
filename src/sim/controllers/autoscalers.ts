import { afterUpdate } from '../managed-fields.ts'
import { mergePatch } from '../patch.ts'
import type { KubeObject } from '../objects.ts'
import type { Controller, SimWorld } from '../simulation.ts'
import { keyOf, type Pass, reconciling } from './reconciler.ts'

/**
 * Kubernetes' HorizontalPodAutoscaler controller where nothing is measured: it keeps a Rollout between `minReplicas`
 * and `maxReplicas`.
 */
export function autoscalers(): Controller {
  return reconciling({
    resource: 'horizontalpodautoscalers',
    concerns: ({ resource, object }, store) =>
      resource !== 'rollouts'
        ? []
        : [...store.all('horizontalpodautoscalers')]
            .filter(
              (each) => each.metadata.namespace === object.metadata.namespace && targets(each, object.metadata.name),
            )
            .map((each) => keyOf(each.metadata)),
    reconcile,
  })
}

function targets({ spec }: KubeObject, name: string): boolean {
  return spec?.scaleTargetRef?.kind === 'Rollout' && spec.scaleTargetRef.name === name
}

function* reconcile({ metadata: { namespace = '' }, spec }: KubeObject, { store, now }: SimWorld): Pass {
  const rollout = store.get('rollouts', namespace, spec?.scaleTargetRef?.name)
  if (rollout === undefined || spec.scaleTargetRef.kind !== 'Rollout') return
  const current: number = rollout.spec.replicas ?? 1
  // What somebody has set to 0 is left alone.
  if (current === 0) return
  const wanted = Math.min(Math.max(current, spec.minReplicas ?? 1), spec.maxReplicas)
  if (!Number.isInteger(wanted) || wanted === current) return
  // It writes by the subresource, and is noted so.
  const change = { spec: { replicas: wanted } }
  const managedFields = afterUpdate(rollout, mergePatch(rollout, change), 'kube-controller-manager', now, 'scale')
  yield { patch: 'rollouts', namespace, name: rollout.metadata.name, body: { metadata: { managedFields }, ...change } }
}
