import assert from 'node:assert/strict'
import { blueGreen, manifestPath, type Manifest } from '../manifests.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'

const app: Manifest = blueGreen()[2]!

function remove(
  scene: Scene,
  manifest: Manifest,
  options: Manifest = { propagationPolicy: 'Background' },
): Promise<unknown> {
  return scene.api.request('DELETE', `${manifestPath(manifest, scene.namespace)}/${manifest['metadata'].name}`, {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...options,
  })
}

export const deletion: Cases = {
  'takes its ReplicaSets and pods with it, and leaves its Services as they were before': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    await remove(scene, app)
    const gone = await scene.until(
      'gone',
      (moment) =>
        moment.all('replicasets').length + moment.all('pods').length + moment.all('rollouts').length === 0 &&
        moment
          .all('services')
          .every(
            ({ metadata }) => metadata.annotations?.['argo-rollouts.argoproj.io/managed-by-rollouts'] === undefined,
          ),
    )
    assert.deepEqual(
      gone.all('services').map((each) => each['spec'].selector),
      [{ app: 'app' }, { app: 'app' }],
    )
  },

  'and applied again starts as new': async (scene) => {
    await scene.running(blueGreen())
    await remove(scene, app)
    await scene.until('gone', (moment) => moment.all('replicasets').length + moment.all('pods').length === 0)
    await scene.create(app)
    const again = await scene.untilHealthyOn('v1')
    assert.equal(again.rollout.metadata.annotations?.['rollout.argoproj.io/revision'], '1')
    await scene.until(
      'all behind its Service',
      (moment) => moment.ready('active') === 2 && moment.behind('active') === 'v1',
    )
  },

  'alone leaves its ReplicaSets to the next of its name, with the same pods': async (scene) => {
    const { rollout, pods } = await scene
      .running(blueGreen())
      .then((moment) => ({ rollout: moment.rollout, pods: moment.pods('v1').map(({ metadata }) => metadata.name) }))
    await remove(scene, app, { propagationPolicy: 'Orphan' })
    await scene.until(
      'left alone',
      (moment) =>
        moment.find('rollouts', 'app') === undefined && moment.set('v1').metadata.ownerReferences === undefined,
    )
    await scene.create(app)
    const again = await scene.untilHealthyOn('v1')
    assert.notEqual(again.rollout.metadata.uid, rollout.metadata.uid)
    assert.deepEqual(
      again
        .pods('v1')
        .map(({ metadata }) => metadata.name)
        .toSorted(),
      pods.toSorted(),
    )
    assert.equal(again.set('v1').metadata.ownerReferences?.[0]?.uid, again.rollout.metadata.uid)
  },

  'of the live ReplicaSet makes another one': async (scene) => {
    const healthy = await scene.running(blueGreen())
    const {
      metadata: { name, uid },
    } = healthy.set('v1')
    await remove(scene, { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name } })
    await scene.until(
      'another',
      (moment) =>
        moment.versions.length === 1 &&
        moment.set('v1').metadata.uid !== uid &&
        moment.scale('v1').available === 2 &&
        moment.ready('active') === 2,
    )
  },

  'of a Service takes its EndpointSlices': async (scene) => {
    await scene.running(blueGreen())
    await remove(scene, blueGreen()[1]!)
    await scene.until('gone', (moment) =>
      moment
        .all('endpointslices')
        .every(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] !== 'preview'),
    )
  },

  'of a pod lets it serve to its end, and another one takes its place': async (scene) => {
    await scene.running(
      blueGreen(
        {},
        {
          template: {
            ...app['spec'].template,
            metadata: {
              ...app['spec'].template.metadata,
              annotations: {
                version: 'v1',
                'pod-ready.stage.kwok.x-k8s.io/delay': '1s',
                'pod-delete.stage.kwok.x-k8s.io/delay': '3s',
              },
            },
          },
        },
      ),
    )
    const [pod] = scene.now.pods('v1')
    await remove(scene, { apiVersion: 'v1', kind: 'Pod', metadata: { name: pod!.metadata.name } }, {})
    await scene.until(
      'terminating beside the new one',
      (moment) =>
        moment.find('pods', pod!.metadata.name)?.metadata.deletionTimestamp !== undefined &&
        moment.scale('v1').available === 2 &&
        moment.serving('active') === 3,
    )
    await scene.until('gone', (moment) => moment.find('pods', pod!.metadata.name) === undefined)
  },
}
