import assert from 'node:assert/strict'
import { canary, type Manifest, service } from '../manifests.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { never } from '../story.ts'

const istio = 'networking.istio.io/v1alpha3'

/** A VirtualService `mesh` whose one route splits users between two destinations. */
function virtualService(...destinations: readonly [Manifest, Manifest]): Manifest {
  const route = destinations.map((destination, index) => ({ destination, weight: index === 0 ? 100 : 0 }))
  const spec = { hosts: ['app'], http: [{ name: 'primary', route }] }
  return { apiVersion: istio, kind: 'VirtualService', metadata: { name: 'mesh' }, spec }
}

const VIRTUAL_SERVICE = { name: 'mesh', routes: ['primary'] }

/** A canary in a mesh that tells the two Services apart. */
function byService(steps: readonly Manifest[], trafficRouting: Manifest = {}): readonly Manifest[] {
  return [
    virtualService({ host: 'stable' }, { host: 'canary' }),
    ...canary({ steps, trafficRouting: { istio: { virtualService: VIRTUAL_SERVICE }, ...trafficRouting } }),
  ]
}

/** A canary in a mesh with one host, whose subsets are told apart by the hash of their pods. */
function bySubset(steps: readonly Manifest[]): readonly Manifest[] {
  const subsets = ['stable', 'canary'].map((name) => ({ name, labels: { app: 'app' } }))
  const destinationRule = { name: 'subsets', stableSubsetName: 'stable', canarySubsetName: 'canary' }
  const strategy = { stableService: undefined, canaryService: undefined, steps }
  return [
    virtualService({ host: 'host', subset: 'stable' }, { host: 'host', subset: 'canary' }),
    { apiVersion: istio, kind: 'DestinationRule', metadata: { name: 'subsets' }, spec: { host: 'host', subsets } },
    service('host'),
    canary({ ...strategy, trafficRouting: { istio: { virtualService: VIRTUAL_SERVICE, destinationRule } } }).at(-1)!,
  ]
}

const create = async (scene: Scene, manifests: readonly Manifest[]): Promise<void> => {
  await scene.create(...manifests)
  await scene.until('told', (moment) => moment.isHealthyOn('v1') && moment.weights?.[0] === 0)
}

export const meshes: Cases = {
  'with a mirror route has pods and its Service for copies of requests, at weight 0': async (scene) => {
    const match = [{ path: { prefix: '/' } }]
    const steps = [
      { setCanaryScale: { replicas: 2 } },
      { setMirrorRoute: { name: 'copy', percentage: 50, match } },
      { pause: {} },
      { setMirrorRoute: { name: 'copy' } },
      { setCanaryScale: { matchTrafficWeight: true } },
      { setWeight: 20 },
      { pause: {} },
    ]
    await create(scene, byService(steps, { managedRoutes: [{ name: 'copy' }] }))
    await scene.deploy('v2')
    const gate = await scene.untilAtStep(2)
    assert.deepEqual(
      [gate.weights, gate.scale('v2').available, gate.behind('canary'), gate.ready('canary')],
      [[0, 100], 2, 'v2', 2],
    )
    await scene.promote()
    const next = await scene.untilAtStep(6)
    assert.deepEqual([next.weights, next.scale('v2').available], [[20, 80], 1])
  },

  'split by subsets has one Service on the pods of both, which says nothing of who gets whom': async (scene) => {
    await create(scene, bySubset([{ setWeight: 20 }, { pause: {} }]))
    const { rollout } = scene.now
    await scene.deploy('v2')
    const gate = await scene.untilAtStep(1)
    assert.deepEqual([gate.weights, gate.behind('host'), gate.ready('host')], [[20, 80], undefined, 6])
    await scene.promote()
    await scene.until('at its end', (moment) => moment.isHealthyOn('v2') && moment.weights?.[0] === 0)
    never(await scene.story(rollout), 'a hash in the Service', (moment) => moment.behind('host') !== undefined)
  },
}
