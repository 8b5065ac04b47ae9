import assert from 'node:assert/strict'
import { ClusterError } from '../../../../src/cluster/port.ts'
import type { KubeObject } from '../../../controlplane/api.ts'
import { blueGreen, service } from '../manifests.ts'
import type { Cases } from '../play.ts'
import { INSTANCE } from '../scene.ts'

export const ownership: Cases = {
  'takes one promote, and every abort, that nobody acts on': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    await scene.hold()
    await scene.promote()
    await assert.rejects(scene.promote(), (error) => error instanceof ClusterError && error.reason === 'Invalid')
    await scene.abort()
    await scene.abort()
    const moment = await scene.pass('2s')
    assert.deepEqual(
      [moment.status.abort, moment.status.abortedAt, moment.behind('active'), moment.behind('preview')],
      [true, undefined, 'v1', 'v2'],
    )
  },

  'gives back at once a Service that it names no longer, which then has every revision behind it': async (scene) => {
    await scene.running(blueGreen())
    await scene.create(service('another'))
    await scene.atGate('v2')
    await scene.spec({ op: 'replace', path: '/spec/strategy/blueGreen/previewService', value: 'another' })
    const moment = await scene.until(
      'given back',
      (each) => each.behind('another') === 'v2' && each.ready('preview') === 4,
    )
    assert.deepEqual(moment.get('services', 'preview')['spec'].selector, { app: 'app' })
    assert.equal(
      moment.get('services', 'preview').metadata.annotations?.['argo-rollouts.argoproj.io/managed-by-rollouts'],
      undefined,
    )
  },

  'leaves alone a Service with a hash of its own that it does not name': async (scene) => {
    const { status } = await scene.running(blueGreen())
    const selector = { app: 'app', 'rollouts-pod-template-hash': status.currentPodHash }
    await scene.create({ ...service('pinned'), spec: { selector, ports: [{ port: 8080 }] } })
    await scene.atGate('v2')
    const later = await scene.pass('2s')
    assert.deepEqual([later.get('services', 'pinned')['spec'].selector, later.ready('pinned')], [selector, 2])
  },

  'never has a status, if it is new': async (scene) => {
    const [active, preview, rollout] = blueGreen()
    await scene.create(active!, preview!, { ...rollout, metadata: { name: 'app', labels: { [INSTANCE]: 'another' } } })
    const moment = await scene.pass('2s')
    assert.deepEqual([moment.rollout['status'], moment.versions, moment.behind('active')], [undefined, [], undefined])
  },

  'leaves a selection of labels as deleted, with the labels of before, and comes into it as added': async (scene) => {
    await scene.create(...blueGreen())
    const done = new AbortController()
    const told: unknown[] = []
    const watch = scene.cluster.watch(
      'rollouts',
      { namespace: scene.namespace, labelSelector: 'group=loan' },
      done.signal,
    )
    const wear = (labels: object): Promise<KubeObject> =>
      scene.spec({ op: 'add', path: '/metadata/labels', value: labels })
    for await (const event of watch) {
      if (event.type === 'listed') {
        assert.deepEqual(event.items, [])
        await wear({ group: 'loan' })
      } else if (event.type === 'added' || event.type === 'deleted') {
        const { metadata } = event.object as KubeObject
        told.push([event.type, metadata.labels])
        if (told.length === 3) done.abort()
        else await wear({ group: told.length === 1 ? 'other' : 'loan' })
      }
    }
    assert.deepEqual(told, [
      ['added', { group: 'loan' }],
      ['deleted', { group: 'loan' }],
      ['added', { group: 'loan' }],
    ])
  },
}
