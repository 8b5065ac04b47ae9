import assert from 'node:assert/strict'
import { blueGreen, canary, routed } from '../manifests.ts'
import type { Cases } from '../play.ts'
import { never } from '../story.ts'
import { outage } from './abort.ts'

export const retry: Cases = {
  'brings an aborted revision back to its gate, once its pods are up again': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    await scene.aborted()
    await scene.until('v2 is gone', (moment) => moment.scale('v2').replicas === 0)
    const retried = await scene.retry()
    const gate = await scene.untilAtGate('v2')
    assert.deepEqual(
      [gate.status.abort, gate.status.abortedAt, gate.scale('v2').available, gate.behind('active')],
      [false, undefined, 2, 'v1'],
    )
    never(await scene.story(retried), 'users moved', (moment) => moment.behind('active') !== 'v1')
  },

  'brings it back to its gate at once while its pods still are there': async (scene) => {
    await scene.running(blueGreen({ abortScaleDownDelaySeconds: 60 }))
    await scene.atGate('v2')
    await scene.aborted()
    const due = await scene.until('v2 is due to go', (moment) => moment.deadline('v2') !== undefined)
    const delay = due.deadline('v2')! - Date.parse(due.status.abortedAt)
    assert.ok(
      delay >= 59_000 && delay < 90_000,
      JSON.stringify([due.set('v2').metadata.annotations, due.status.abortedAt]),
    )
    const retried = await scene.retry()
    const gate = await scene.untilAtGate('v2')
    assert.equal(gate.deadline('v2'), undefined)
    never(
      await scene.story(retried),
      'users moved, or fewer pods',
      (moment) => moment.behind('active') !== 'v1' || moment.scale('v2').available < 2,
    )
  },

  'goes live without a gate, if it was aborted after its promote with previewReplicaCount': async (scene) => {
    await scene.running(blueGreen({ previewReplicaCount: 1, abortScaleDownDelaySeconds: 60 }))
    await scene.deploy({ name: 'v2', pods: 'unready' })
    await scene.release('v2', 1)
    await scene.untilAtGate('v2')
    await scene.promote()
    await scene.until(
      'growing',
      (moment) => moment.status.blueGreen.scaleUpPreviewCheckPoint === true && moment.pods('v2').length === 2,
    )
    const aborted = await scene.aborted()
    assert.deepEqual([aborted.behind('active'), aborted.status.blueGreen.scaleUpPreviewCheckPoint], ['v1', true])
    const retried = await scene.retry()
    await scene.release('v2', 2)
    await scene.untilHealthyOn('v2')
    never(await scene.story(retried), 'a gate', (moment) => moment.phase === 'Paused')
  },

  'has no gate where users already are on the aborted revision': async (scene) => {
    await outage(scene)
    const retried = await scene.retry()
    await scene.judge('post', 'Successful')
    const healthy = await scene.untilHealthyOn('v2')
    assert.equal(healthy.behind('active'), 'v2')
    never(await scene.story(retried), 'a gate', (moment) => moment.phase === 'Paused')
  },
}

export const retriedCanaries: Cases = {
  'comes back to its first gate, wherever it was aborted': async (scene) => {
    await scene.running(canary({ maxUnavailable: 0 }))
    await scene.atGate('v2')
    await scene.promote()
    await scene.untilAtStep(3)
    await scene.aborted()
    await scene.until('v2 is gone', (moment) => moment.pods('v2').length === 0)
    const retried = await scene.retry()
    const gate = await scene.untilAtStep(1)
    assert.deepEqual([gate.status.abort, gate.status.abortedAt], [false, undefined])
    await scene.until(
      'on the canary Service',
      (moment) => moment.behind('canary') === 'v2' && moment.ready('canary') === 1,
    )
    never(await scene.story(retried), 'a later step', ({ status }) => (status.currentStepIndex ?? 0) > 1)
  },

  'gets its users again from its router': async (scene) => {
    await scene.running(routed())
    await scene.atGate('v2')
    await scene.aborted()
    await scene.until('no users', (moment) => moment.status.canary.weights.canary.weight === 0)
    await scene.retry()
    const gate = await scene.untilAtStep(1)
    assert.equal(gate.status.canary.weights.canary.weight, 20)
  },
}
