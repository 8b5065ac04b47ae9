import assert from 'node:assert/strict'
import { canary } from '../../conformance/lifecycle/manifests.ts'
import { cluster, pass } from './cluster.ts'

describe('a mirror route', () => {
  it('is told to a mesh at once, and nothing of it is seen in the weights', () => {
    const mesh = {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'VirtualService',
      metadata: { name: 'mesh' },
      spec: {},
    }
    const steps = [
      { setCanaryScale: { replicas: 1 } },
      { setMirrorRoute: { name: 'copy', percentage: 50 } },
      { pause: {} },
    ]
    const trafficRouting = { istio: { virtualService: { name: 'mesh' } }, managedRoutes: [{ name: 'copy' }] }
    const simulation = cluster(mesh, ...canary({ steps, trafficRouting }))
    simulation.store.patch('rollouts', 'n', 'app', {
      type: 'merge',
      body: { spec: { template: { metadata: { annotations: { version: 'v2' } } } } },
    })
    pass(simulation)
    const { status } = simulation.store.get('rollouts', 'n', 'app')!
    assert.deepEqual(
      [status.phase, status.currentStepIndex, status.updatedReplicas, status.canary.weights.canary.weight],
      ['Paused', 2, 1, 0],
    )
  })
})
