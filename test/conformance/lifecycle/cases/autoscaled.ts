import assert from 'node:assert/strict'
import { autoscaler, blueGreen, canary } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import { never } from '../story.ts'

const scaledTo =
  (count: number) =>
  ({ rollout }: Moment): boolean =>
    rollout['spec'].replicas === count

export const autoscaled: Cases = {
  'at its gate is scaled on both sides, stays there, and is promoted with all its pods': async (scene) => {
    await scene.running(blueGreen())
    const { rollout } = await scene.atGate('v2')
    await scene.create(autoscaler(3, 5))
    const gate = await scene.until(
      'both scaled',
      (moment) =>
        scaledTo(3)(moment) &&
        moment.isPausedBy('BlueGreenPause') &&
        moment.scale('v1').available === 3 &&
        moment.scale('v2').available === 3,
    )
    assert.deepEqual([gate.behind('active'), gate.status.HPAReplicas], ['v1', 3])
    await scene.promote()
    await scene.untilHealthyOn('v2')
    never(
      await scene.story(rollout),
      'users on a part of it',
      (moment) => moment.behind('active') === 'v2' && moment.scale('v2').available < 3,
    )
  },

  'keeps the size it was given through a release': async (scene) => {
    await scene.running([autoscaler(1, 1), ...blueGreen()])
    await scene.until(
      'scaled',
      (moment) => scaledTo(1)(moment) && moment.isHealthyOn('v1') && moment.scale('v1').replicas === 1,
    )
    await scene.atGate('v2')
    await scene.promote()
    const healthy = await scene.untilHealthyOn('v2')
    assert.deepEqual([healthy.rollout['spec'].replicas, healthy.scale('v2').available], [1, 1])
  },

  'of a canary at its gate is scaled on both sides by its weight': async (scene) => {
    await scene.running(canary())
    await scene.atGate('v2')
    await scene.create(autoscaler(10, 10))
    const gate = await scene.until(
      'scaled',
      (moment) => scaledTo(10)(moment) && moment.scale('v1').available === 8 && moment.scale('v2').available === 2,
    )
    assert.ok(gate.isPausedBy('CanaryPauseStep'))
  },
}
