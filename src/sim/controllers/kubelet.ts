import { type KubeObject, timestamp } from '../objects.ts'
import type { Controller, SimWorld } from '../simulation.ts'
import { type Pass, reconciling } from './reconciler.ts'

/** Milliseconds until a pod that says nothing else is ready. */
const READY_AFTER = 1000

/**
 * A kubelet whose pods are only counted. What a pod does is told by its annotations:
 *
 * | annotation | effect |
 * |---|---|
 * | (none) | running at once, ready 1 s later, gone as soon as it is deleted |
 * | `pod-ready.stage.kwok.x-k8s.io/delay: 20s` | ready after so long |
 * | `pod-ready.stage.kwok.x-k8s.io/never: "true"` | never ready, until the annotation is gone |
 * | `pod-delete.stage.kwok.x-k8s.io/delay: 5s` | terminating for so long, serving to the end |
 */
export function kubelet(): Controller {
  return reconciling({ resource: 'pods', concerns: () => [], reconcile })
}

function* reconcile(pod: KubeObject, world: SimWorld): Pass {
  const { name, namespace = '', annotations = {} } = pod.metadata
  const patch = (status: unknown) => ({ patch: 'pods' as const, namespace, name, body: { status } })
  const due = (kind: 'pod-ready' | 'pod-gone', since: string, delay: number) =>
    world.when({ kind, object: `pods/${name}` }, Date.parse(since) + delay)
  if (pod.metadata.deletionTimestamp !== undefined) {
    const gone = due(
      'pod-gone',
      pod.metadata.deletionTimestamp,
      seconds(annotations['pod-delete.stage.kwok.x-k8s.io/delay']) ?? 0,
    )
    if (gone > world.now) return gone
    yield { remove: 'pods', namespace, name }
    return
  }
  if (pod.status?.podIP === undefined) {
    yield patch({
      phase: 'Running',
      startTime: new Date(world.now).toISOString(),
      hostIP: '10.0.0.1',
      podIP: addressOf(pod),
      conditions: ready(false, world.now),
      containerStatuses: containers(pod, false),
    })
    return
  }
  if (
    readiness(pod)?.reason !== 'ContainersNotReady' ||
    annotations['pod-ready.stage.kwok.x-k8s.io/never'] !== undefined
  )
    return
  const time = due(
    'pod-ready',
    pod.status.startTime,
    seconds(annotations['pod-ready.stage.kwok.x-k8s.io/delay']) ?? READY_AFTER,
  )
  if (time > world.now) return time
  yield patch({ conditions: ready(true, world.now), containerStatuses: containers(pod, true) })
}

function readiness(pod: KubeObject): { reason?: string } | undefined {
  return pod.status.conditions?.find((each: { type: string }) => each.type === 'Ready')
}

function ready(is: boolean, now: number): unknown[] {
  const state = {
    status: is ? 'True' : 'False',
    lastTransitionTime: timestamp(now),
    ...(!is && { reason: 'ContainersNotReady' }),
  }
  return [
    { type: 'Initialized', status: 'True', lastTransitionTime: timestamp(now) },
    { type: 'Ready', ...state },
    { type: 'ContainersReady', ...state },
  ]
}

function containers(pod: KubeObject, is: boolean): unknown[] {
  return pod.spec.containers.map(({ name, image }: { name: string; image: string }) => ({
    name,
    image,
    ready: is,
    started: true,
    restartCount: 0,
  }))
}

/** Milliseconds of `500ms`, `20s` or `2m`. */
function seconds(text: string | undefined): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text ?? '') ?? []
  return number === undefined ? undefined : Number(number) * { ms: 1, s: 1000, m: 60_000 }[unit as 'ms' | 's' | 'm']
}

function addressOf(pod: KubeObject): string {
  const number = Number(pod.metadata.uid.slice(-12))
  return `10.128.${(number >> 8) & 255}.${number & 255}`
}
