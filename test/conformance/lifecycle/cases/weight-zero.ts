import assert from 'node:assert/strict'
import { canary, routed } from '../manifests.ts'
import type { Cases } from '../play.ts'
import { never } from '../story.ts'

/** Gates before any user is on the canary: it has no pod there. */
export const weightZero: Cases = {
  'is stood at without a pod, and passed by a promote': async (scene) => {
    await scene.running(canary({ steps: [{ setWeight: 0 }, { pause: {} }, { setWeight: 40 }, { pause: {} }] }))
    const deployed = await scene.deploy('v2')
    const gate = await scene.untilAtStep(1)
    assert.deepEqual(
      [gate.scale('v2').desired, gate.scale('v1').available, gate.behind('canary'), gate.status.message],
      [0, 5, 'v1', 'CanaryPauseStep'],
    )
    never(await scene.story(deployed), 'a canary pod', (moment) => moment.scale('v2').desired > 0)
    await scene.promote()
    const next = await scene.untilAtStep(3)
    assert.deepEqual([next.scale('v2').available, next.behind('canary')], [2, 'v2'])
  },

  'is the first step with a router, too': async (scene) => {
    await scene.running(routed({ steps: [{ pause: {} }, { setWeight: 40 }, { pause: {} }] }))
    await scene.deploy('v2')
    const gate = await scene.untilAtStep(0)
    assert.deepEqual([gate.scale('v2').desired, gate.behind('canary'), gate.weights], [0, 'v1', [0, 100]])
    await scene.promote()
    const next = await scene.untilAtStep(2)
    assert.deepEqual([next.scale('v2').available, next.behind('canary'), next.weights], [2, 'v2', [40, 60]])
  },
}
