import assert from 'node:assert/strict'
import { ClusterError } from '../../../../src/cluster/port.ts'
import { blueGreen } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'

/** Timed out on pods of v2 that never are ready. */
async function timedOut(scene: Scene, spec = {}): Promise<Moment> {
  await scene.running(blueGreen({}, { progressDeadlineSeconds: 2, ...spec }))
  await scene.deploy({ name: 'v2', pods: 'unready' })
  return scene.until(
    'timed out',
    (moment) => moment.isCurrent && moment.current === 'v2' && moment.phase === 'Degraded',
  )
}

export const deadlines: Cases = {
  'are told, but end nothing: pods that come up late bring the revision to its gate': async (scene) => {
    const moment = await timedOut(scene)
    assert.match(
      moment.status.message,
      /^ProgressDeadlineExceeded: ReplicaSet "app-[a-z0-9]+" has timed out progressing\.$/,
    )
    assert.deepEqual(
      [moment.status.abort, moment.behind('active'), moment.behind('preview'), moment.scale('v2').desired],
      [undefined, 'v1', 'v2', 2],
    )
    await scene.release('v2', 2)
    await scene.untilAtGate('v2')
  },

  'leave nothing to promote': async (scene) => {
    await timedOut(scene)
    await assert.rejects(scene.promote(), (error) => error instanceof ClusterError && error.reason === 'Invalid')
  },

  'are left behind by the stable template': async (scene) => {
    await timedOut(scene)
    await scene.deploy('v1')
    const healthy = await scene.untilHealthyOn('v1')
    assert.equal(healthy.behind('preview'), 'v1')
  },

  'abort with progressDeadlineAbort': async (scene) => {
    const moment = await timedOut(scene, { progressDeadlineAbort: true })
    assert.ok(moment.isAborted)
    assert.match(
      moment.status.message,
      /^RolloutAborted: Rollout aborted update to revision 2: ReplicaSet "app-[a-z0-9]+" has timed out progressing\.$/,
    )
    await scene.until('v2 is gone', (each) => each.scale('v2').replicas === 0)
  },
}
