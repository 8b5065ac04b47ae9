import assert from 'node:assert/strict'
import { ClusterError, type PatchOperation } from '../../../../src/cluster/port.ts'
import type { KubeObject } from '../../../controlplane/api.ts'
import { blueGreen } from '../manifests.ts'
import type { Cases } from '../play.ts'

/** The test with which everything else in a patch stands or falls. */
const test = (path: string, value: unknown): PatchOperation => ({ op: 'test', path, value })

async function refused(patch: Promise<unknown>): Promise<void> {
  await assert.rejects(
    patch,
    (error) =>
      error instanceof ClusterError &&
      error.status === 422 &&
      error.reason === 'Invalid' &&
      error.message.includes('the server rejected our request due to an error in our request'),
  )
}

export const writes: Cases = {
  'a promote that tests the hash passes the gate, and a second one is refused': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    await scene.hold()
    await scene.promote()
    await refused(scene.promote())
    await scene.unhold()
    await scene.untilHealthyOn('v2')
  },

  'a merge patch that removes the pause conditions, as the official plugin sends it, passes the gate alike': async (
    scene,
  ) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    const path = `/apis/argoproj.io/v1alpha1/namespaces/${scene.namespace}/rollouts/app/status`
    await scene.api.request('PATCH', path, { status: { pauseConditions: null } }, 'application/merge-patch+json')
    await scene.untilHealthyOn('v2')
  },

  'a test that fails, and removing what is not there, change nothing': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    await refused(
      scene.status({ op: 'remove', path: '/status/pauseConditions' }, test('/status/currentPodHash', 'another')),
    )
    await refused(
      scene.status({ op: 'remove', path: '/status/pauseConditions' }, { op: 'remove', path: '/status/abort' }),
    )
    const stored = (await scene.cluster.get('rollouts', { namespace: scene.namespace, name: 'app' })) as KubeObject
    assert.equal(stored['status'].pauseConditions.length, 1)
  },

  'a test with null matches what is absent, one with false does not, and one below something absent is refused': async (
    scene,
  ) => {
    await scene.running(blueGreen())
    await scene.status(test('/status/abort', null), test('/spec/paused', null))
    await refused(scene.status(test('/status/abort', false)))
    await refused(scene.status(test('/status/canary/weights/canary/weight', null)))
  },

  'a patch of the status may test metadata and spec, and what it changes there is dropped': async (scene) => {
    await scene.running(blueGreen())
    const { metadata } = (await scene.atGate('v2')).rollout
    await refused(scene.status(test('/metadata/generation', 1)))
    await refused(scene.status(test('/spec/replicas', 1)))
    const after = await scene.status(
      test('/metadata/uid', metadata.uid),
      test('/metadata/generation', metadata.generation),
      test('/spec/replicas', 2),
      { op: 'add', path: '/metadata/labels', value: { lost: 'yes' } },
      { op: 'replace', path: '/spec/replicas', value: 7 },
      { op: 'add', path: '/status/message', value: 'kept' },
    )
    assert.deepEqual([after.metadata.labels, after['spec'].replicas, after['status'].message], [undefined, 2, 'kept'])
  },

  'a patch of the spec leaves the status as it is, and a patch of either moves generation only by the spec': async (
    scene,
  ) => {
    await scene.running(blueGreen())
    await scene.hold()
    const { metadata, status } = scene.now.rollout
    const byStatus = await scene.status({ op: 'add', path: '/status/message', value: 'another' })
    assert.equal(byStatus.metadata.generation, metadata.generation)
    const bySpec = await scene.spec(
      { op: 'add', path: '/spec/replicas', value: 3 },
      { op: 'add', path: '/status/phase', value: 'Lost' },
    )
    assert.deepEqual([bySpec.metadata.generation, bySpec['status'].phase], [metadata.generation! + 1, status.phase])
  },

  'a merge patch with an old resourceVersion is a conflict': async (scene) => {
    const { rollout } = await scene.running(blueGreen())
    await scene.spec({ op: 'add', path: '/spec/replicas', value: 3 })
    const body = { metadata: { resourceVersion: rollout.metadata.resourceVersion }, status: { abort: true } }
    const path = `/apis/argoproj.io/v1alpha1/namespaces/${scene.namespace}/rollouts/app/status`
    await assert.rejects(scene.api.request('PATCH', path, body, 'application/merge-patch+json'), { status: 409 })
  },

  'a dry run answers as if, and stores nothing': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    const dry = await scene.patch('rollouts', 'app', [{ op: 'remove', path: '/status/pauseConditions' }], {
      subresource: 'status',
      dryRun: true,
    })
    assert.equal(dry['status'].pauseConditions, undefined)
    await refused(
      scene.patch('rollouts', 'app', [test('/status/abort', true)], { subresource: 'status', dryRun: true }),
    )
    const stored = (await scene.cluster.get('rollouts', { namespace: scene.namespace, name: 'app' })) as KubeObject
    assert.equal(stored['status'].pauseConditions.length, 1)
  },

  'a promote on the old hash after a newer template promotes nothing, and is refused if it tests the generation':
    async (scene) => {
      await scene.running(blueGreen())
      const { rollout } = await scene.atGate('v2')
      await scene.hold()
      await scene.deploy('v3')
      await refused(
        scene.status(test('/metadata/generation', rollout.metadata.generation), {
          op: 'remove',
          path: '/status/pauseConditions',
        }),
      )
      await scene.promote()
      await scene.unhold()
      const moment = await scene.untilAtGate('v3')
      assert.deepEqual([moment.behind('active'), moment.stable], ['v1', 'v1'])
    },
}
