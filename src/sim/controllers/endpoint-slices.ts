import type { KubeObject } from '../objects.ts'
import { same } from '../patch.ts'
import type { Controller, SimWorld } from '../simulation.ts'
import { keyOf, type Pass, reconciling } from './reconciler.ts'
import { isOver, isReady } from './replica-sets.ts'

/**
 * Kubernetes' EndpointSlice controller: behind each Service with a selector the pods that it selects, terminating ones
 * as such.
 */
export function endpointSlices(): Controller {
  return reconciling({
    resource: 'services',
    concerns: ({ resource, object, previous }, store) =>
      resource !== 'pods'
        ? []
        : [...store.all('services')]
            .filter(
              (service) =>
                service.metadata.namespace === object.metadata.namespace &&
                [object, previous].some((each) => each !== undefined && selects(service, each)),
            )
            .map((service) => keyOf(service.metadata)),
    reconcile,
  })
}

function* reconcile(service: KubeObject, { store }: SimWorld): Pass {
  if (Object.keys(service.spec?.selector ?? {}).length === 0 || service.spec.type === 'ExternalName') return
  const namespace = service.metadata.namespace!
  const name = `${service.metadata.name}-${service.metadata.uid.slice(-5)}`
  const pods = [...store.all('pods')].filter(
    (pod) =>
      pod.metadata.namespace === namespace &&
      pod.status?.podIP !== undefined &&
      !isOver(pod.status.phase) &&
      selects(service, pod),
  )
  const endpoints = pods.map(endpointOf)
  const ports =
    service.spec.ports?.map((each: { name?: string; port: number; protocol?: string }) => ({
      name: each.name ?? '',
      port: each.port,
      protocol: each.protocol ?? 'TCP',
    })) ?? []
  const current = store.get('endpointslices', namespace, name)
  if (current === undefined) {
    yield {
      create: 'endpointslices',
      namespace,
      body: {
        metadata: {
          name,
          labels: {
            'kubernetes.io/service-name': service.metadata.name,
            'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          },
          ownerReferences: [
            {
              apiVersion: 'v1',
              kind: 'Service',
              name: service.metadata.name,
              uid: service.metadata.uid,
              controller: true,
            },
          ],
        },
        addressType: 'IPv4',
        endpoints,
        ports,
      },
    }
  } else if (!same(current['endpoints'], endpoints))
    yield { patch: 'endpointslices', namespace, name, body: { endpoints } }
}

function selects({ spec }: KubeObject, { metadata }: KubeObject): boolean {
  const wanted = Object.entries(spec?.selector ?? {})
  return wanted.length > 0 && wanted.every(([key, value]) => metadata.labels?.[key] === value)
}

function endpointOf(pod: KubeObject): unknown {
  const [serving, terminating] = [isReady(pod), pod.metadata.deletionTimestamp !== undefined]
  return {
    addresses: [pod.status.podIP],
    conditions: { ready: serving && !terminating, serving, terminating },
    nodeName: 'simulated',
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
  }
}
