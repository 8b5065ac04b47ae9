import assert from 'node:assert/strict'
import { canary, template } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { inOrder, never } from '../story.ts'

/** Past the last gate with four of five new pods available: as the controller leaves it when one is late. */
async function lastPodLate(scene: Scene, strategy = {}, spec = {}): Promise<Moment> {
  await scene.running(canary(strategy, spec))
  await scene.deploy({ name: 'v2', pods: 'unready' })
  await scene.release('v2', 1)
  await scene.untilAtStep(1)
  await scene.promote()
  await scene.release('v2', 3)
  await scene.untilAtStep(3)
  await scene.promote()
  await scene.release('v2', 4)
  return scene.now
}

export const canaryEnd: Cases = {
  'completes with both Services on the new revision, its status first, and no old pod lingers': async (scene) => {
    await scene.running(canary({ maxUnavailable: 0 }))
    await scene.atGate('v2')
    await scene.promote()
    await scene.untilAtStep(3)
    const promoted = await scene.promote()
    await scene.until(
      'done',
      (moment) => moment.isHealthyOn('v2') && moment.behind('stable') === 'v2' && moment.scale('v1').replicas === 0,
    )
    const story = await scene.story(promoted)
    inOrder(
      story,
      ['stable', (moment) => moment.stable === 'v2'],
      ['selected', (moment) => moment.behind('stable') === 'v2'],
    )
    never(story, 'a deadline', (moment) => moment.deadline('v1') !== undefined)
    assert.equal(scene.now.behind('canary'), 'v2')
  },

  'stands at a gate of 100 % before its last with an empty stable Service, maxUnavailable 0 or not': async (scene) => {
    await scene.running(
      canary({ maxUnavailable: 0, steps: [{ setWeight: 50 }, { pause: {} }, { setWeight: 100 }, { pause: {} }] }),
    )
    await scene.atGate('v2')
    await scene.promote()
    await scene.untilAtStep(3)
    const gate = await scene.until('no stable pod', (moment) => moment.scale('v1').replicas === 0)
    assert.deepEqual(
      [gate.behind('stable'), gate.ready('stable'), gate.stable, gate.scale('v2').available],
      ['v1', 0, 'v1', 5],
    )
    const later = await scene.pass('2s')
    assert.deepEqual([later.behind('stable'), later.ready('stable')], ['v1', 0])
  },

  'hands whoever calls its canary Service to the next canary': async (scene) => {
    await scene.running(canary({ steps: [{ setWeight: 100 }, { pause: {} }] }))
    await scene.atGate('v2')
    await scene.promote()
    await scene.until('done', (moment) => moment.isHealthyOn('v2') && moment.behind('canary') === 'v2')
    await scene.deploy('v3')
    await scene.until('on v3', (moment) => moment.behind('canary') === 'v3' && moment.ready('canary') > 0)
    assert.deepEqual([scene.now.behind('stable'), scene.now.stable], ['v2', 'v2'])
  },

  'empties the stable Service at completion, as long as the last new pod is late': async (scene) => {
    await lastPodLate(scene)
    const empty = await scene.until(
      'an empty stable Service',
      (moment) => moment.behind('stable') === 'v1' && moment.ready('stable') === 0 && moment.scale('v1').replicas === 0,
    )
    assert.equal(empty.stable, 'v1')
    const later = await scene.pass('2s')
    assert.equal(later.ready('stable'), 0)
    await scene.release('v2', 5)
    await scene.until('answered again', (moment) => moment.behind('stable') === 'v2' && moment.ready('stable') > 0)
  },

  'keeps an old pod in the stable Service with maxUnavailable 0, until the last new pod is there': async (scene) => {
    const { rollout } = await lastPodLate(
      scene,
      { maxUnavailable: 0 },
      { template: template({ name: 'v1', pods: 'lingering' }) },
    )
    const later = await scene.pass('2s')
    assert.deepEqual([later.scale('v1').available > 0, later.ready('stable') > 0], [true, true])
    await scene.release('v2', 5)
    await scene.until(
      'done',
      (moment) => moment.isHealthyOn('v2') && moment.behind('stable') === 'v2' && moment.scale('v1').replicas === 0,
    )
    never(
      await scene.story(rollout),
      'a stable Service that does not answer',
      (moment) => moment.serving('stable') === 0,
    )
  },

  'aborted after its last gate with no stable pod left is empty until one is up': async (scene) => {
    await lastPodLate(scene)
    await scene.until('no stable pod', (moment) => moment.scale('v1').replicas === 0)
    const asked = await scene.abort()
    await scene.until('back', (moment) => moment.isAborted && moment.scale('v1').available === 5)
    const story = await scene.story(asked)
    inOrder(
      story,
      ['empty', (moment) => moment.behind('stable') === 'v1' && moment.ready('stable') === 0],
      ['answered again', (moment) => moment.behind('stable') === 'v1' && moment.ready('stable') > 0],
    )
  },
}
