import assert from 'node:assert/strict'
import { ClusterError } from '../../../../src/cluster/port.ts'
import { canary } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { never } from '../story.ts'

/** Users on v2, v1 gone. */
async function completed(scene: Scene, spec = {}): Promise<Moment> {
  await scene.running(canary({ steps: [{ setWeight: 20 }, { pause: {} }] }, spec))
  await scene.atGate('v2')
  await scene.promote()
  return scene.until(
    'v1 is gone',
    (moment) => moment.isHealthyOn('v2') && moment.behind('stable') === 'v2' && moment.scale('v1').replicas === 0,
  )
}

/** Timed out on a canary pod that never is ready. */
async function timedOut(scene: Scene, spec = {}): Promise<Moment> {
  await scene.running(canary({}, { progressDeadlineSeconds: 2, ...spec }))
  await scene.deploy({ name: 'v2', pods: 'unready' })
  return scene.until(
    'timed out',
    (moment) => moment.isCurrent && moment.current === 'v2' && moment.phase === 'Degraded',
  )
}

export const canaryWaysBack: Cases = {
  'after its end is another canary, with its gates': async (scene) => {
    await completed(scene)
    const undone = await scene.deploy('v1')
    const gate = await scene.until(
      'at its gate',
      (moment) => moment.current === 'v1' && moment.isPausedBy('CanaryPauseStep'),
    )
    assert.deepEqual(
      [gate.status.currentStepIndex, gate.behind('stable'), gate.behind('canary'), gate.stable],
      [1, 'v2', 'v1', 'v2'],
    )
    never(await scene.story(undone), 'users moved', (moment) => moment.behind('stable') !== 'v2')
  },

  'after its end skips every gate within rollbackWindow': async (scene) => {
    await completed(scene, { rollbackWindow: { revisions: 1 } })
    const undone = await scene.deploy('v1')
    await scene.until('back', (moment) => moment.isHealthyOn('v1') && moment.behind('stable') === 'v1')
    never(await scene.story(undone), 'a gate', (moment) => moment.phase === 'Paused')
  },

  'past its deadline is told of and not aborted; late pods bring it to its gate': async (scene) => {
    const moment = await timedOut(scene)
    assert.match(
      moment.status.message,
      /^ProgressDeadlineExceeded: ReplicaSet "app-[a-z0-9]+" has timed out progressing\.$/,
    )
    assert.deepEqual([moment.status.abort, moment.behind('stable'), moment.behind('canary')], [undefined, 'v1', 'v1'])
    await assert.rejects(scene.promote(), (error) => error instanceof ClusterError && error.reason === 'Invalid')
    await scene.release('v2', 1)
    await scene.untilAtStep(1)
  },

  'past its deadline is aborted with progressDeadlineAbort': async (scene) => {
    const moment = await timedOut(scene, { progressDeadlineAbort: true })
    assert.ok(moment.isAborted)
    await scene.until('as before', (each) => each.scale('v2').replicas === 0 && each.scale('v1').available === 5)
  },

  'paused by hand at its gate is aborted in its status, and its pods stay until it is un-paused': async (scene) => {
    await scene.running(canary())
    await scene.atGate('v2')
    await scene.spec({ op: 'add', path: '/spec/paused', value: true })
    await scene.aborted()
    const later = await scene.pass('2s')
    assert.deepEqual(
      [later.scale('v2').available, later.scale('v1').available, later.ready('stable') > 0],
      [1, 4, true],
    )
    await scene.spec({ op: 'remove', path: '/spec/paused' })
    await scene.until(
      'as before',
      (moment) => moment.isAborted && moment.scale('v2').replicas === 0 && moment.scale('v1').available === 5,
    )
  },
}
