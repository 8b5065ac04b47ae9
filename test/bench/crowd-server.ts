/**
 * Serves the crowd from a thread of its own, so that nothing it does delays what is measured. Says its kubeconfig; told
 * anything, it begins to change.
 */

import { setTimeout } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { startSim } from '../../src/sim/start-sim.ts'
import { crowd } from './crowd.ts'

const { changes } = workerData as { readonly changes: number }
const sim = await startSim({ scenario: crowd })
parentPort!.once('message', () => void change())
parentPort!.postMessage(sim.kubeconfig())

/**
 * Changes Rollouts, ReplicaSets and EndpointSlices in turn, evenly over all groups: an annotation that nobody reads,
 * and of an EndpointSlice whether a pod is ready. Every tenth change pauses a Rollout or lets it go on, which is to be
 * seen in the list. The controllers answer.
 */
async function change(): Promise<void> {
  const objects = (['rollouts', 'replicasets', 'endpointslices'] as const).flatMap((resource) =>
    sim.store.list(resource, {}).map(({ metadata }) => ({ resource, metadata })),
  )
  const rollouts = objects.filter(({ resource }) => resource === 'rollouts')
  for (let count = 0; ; count++) {
    const shown = count % 10 === 0
    const {
      resource,
      metadata: { namespace, name },
    } = shown ? rollouts[((count / 10) * 7919) % rollouts.length]! : objects[(count * 7919) % objects.length]!
    const now = sim.store.get(resource, namespace!, name)!
    const body = shown
      ? { spec: { paused: now.spec.paused !== true } }
      : resource === 'endpointslices'
        ? {
            endpoints: now.endpoints.map((each: { conditions: { ready: boolean } }, index: number) =>
              index === 0 ? { ...each, conditions: { ...each.conditions, ready: !each.conditions.ready } } : each,
            ),
          }
        : { metadata: { annotations: { changed: String(count) } } }
    sim.store.patch(resource, namespace!, name, { type: 'merge', body })
    await setTimeout(1000 / changes)
  }
}
