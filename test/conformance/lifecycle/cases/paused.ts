import assert from 'node:assert/strict'
import { blueGreen, canary } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { inOrder, never } from '../story.ts'

/** At the gate of v2, paused by hand besides, and the controller has seen it. */
async function pausedAtGate(scene: Scene): Promise<void> {
  await scene.running(blueGreen())
  await scene.atGate('v2')
  await scene.spec({ op: 'add', path: '/spec/paused', value: true })
  await scene.until('paused by hand', (moment) => moment.isCurrent && moment.status.message === 'manually paused')
}

const unpaused = (scene: Scene): Promise<unknown> => scene.spec({ op: 'remove', path: '/spec/paused' })

export const paused: Cases = {
  'at the gate loses a promote': async (scene) => {
    await pausedAtGate(scene)
    const promoted = await scene.promote()
    await scene.until('the pause forgotten', (moment) => moment.status.controllerPause === undefined)
    assert.equal(scene.now.phase, 'Paused')
    await unpaused(scene)
    await scene.untilAtGate('v2')
    never(await scene.story(promoted), 'users moved', (moment) => moment.behind('active') !== 'v1')
  },

  'at the gate and un-paused again takes the next promote': async (scene) => {
    await pausedAtGate(scene)
    await unpaused(scene)
    await scene.untilAtGate('v2')
    await scene.promote()
    await scene.untilHealthyOn('v2')
  },

  'at the gate is aborted at once': async (scene) => {
    await pausedAtGate(scene)
    const aborted = await scene.aborted()
    assert.equal(aborted.behind('active'), 'v1')
    await scene.until('v2 is gone', (moment) => moment.scale('v2').replicas === 0)
  },

  'at the gate leaves the preview Service where it is after an undo, until un-paused, and healthy before it moves':
    async (scene) => {
      await pausedAtGate(scene)
      await scene.deploy('v1')
      const undone = await scene.until('undone', (moment) => moment.isCurrent && moment.current === 'v1')
      assert.deepEqual([undone.behind('preview'), undone.phase], ['v2', 'Paused'])
      await unpaused(scene)
      await scene.until('moved', (moment) => moment.behind('preview') === 'v1')
      inOrder(
        await scene.story(undone.rollout),
        ['undone', (moment) => moment.phase === 'Paused'],
        ['healthy', (moment) => moment.isHealthyOn('v1')],
        ['moved', (moment) => moment.behind('preview') === 'v1'],
      )
    },

  'before a new template starts its pods and leaves the preview Service behind': async (scene) => {
    await scene.running(blueGreen())
    await scene.spec({ op: 'add', path: '/spec/paused', value: true })
    await scene.deploy('v2')
    const moment = await scene.until(
      'its pods',
      (each) => each.isCurrent && each.current === 'v2' && each.scale('v2').available === 2,
    )
    assert.deepEqual([moment.behind('preview'), moment.status.pauseConditions], ['v1', undefined])
    await unpaused(scene)
    await scene.untilAtGate('v2')
    await scene.until('on the preview Service', (each) => each.behind('preview') === 'v2')
  },
}

/** Paused by hand, and the controller has seen it. */
async function pausedByHand(scene: Scene): Promise<Moment> {
  await scene.spec({ op: 'add', path: '/spec/paused', value: true })
  return scene.until('paused by hand', (moment) => moment.isCurrent && moment.status.message === 'manually paused')
}

export const pausedCanaries: Cases = {
  'at a gate stands at the same gate once it is un-paused': async (scene) => {
    await scene.running(canary({ maxUnavailable: 0 }))
    await scene.atGate('v2')
    const held = await pausedByHand(scene)
    await unpaused(scene)
    const gate = await scene.untilAtStep(1)
    assert.equal(gate.scale('v2').available, 1)
    never(await scene.story(held.rollout), 'a step more', ({ status }) => status.currentStepIndex !== 1)
  },

  'before a new template starts none of its pods until it is un-paused': async (scene) => {
    await scene.running(canary({ maxUnavailable: 0 }))
    const held = await pausedByHand(scene)
    await scene.deploy('v2')
    await scene.until('seen', (moment) => moment.isCurrent && moment.current === 'v2')
    await scene.pass('2s')
    assert.equal(scene.now.pods('v2').length, 0)
    assert.equal(scene.now.behind('canary'), 'v1')
    await unpaused(scene)
    await scene.untilAtStep(1)
    never(
      await scene.story(held.rollout),
      'a step more',
      (moment) => moment.current === 'v2' && moment.status.currentStepIndex > 1,
    )
  },

  'with nothing that waits keeps what it has': async (scene) => {
    await scene.running(canary())
    const held = await pausedByHand(scene)
    assert.equal(held.scale('v1').available, 5)
    await unpaused(scene)
    await scene.untilHealthyOn('v1')
    never(await scene.story(held.rollout), 'fewer pods', (moment) => moment.scale('v1').available !== 5)
  },
}
