import assert from 'node:assert/strict'
import { blueGreen } from '../manifests.ts'
import type { Cases } from '../play.ts'
import { inOrder, never, once } from '../story.ts'

export const gates: Cases = {
  'stands at its gate with one pause condition, all pods available and users on the stable revision': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    const moment = await scene.until('its endpoints', (each) => each.ready('preview') === 2)
    const { message, pauseConditions, blueGreen: selectors, stableRS, currentPodHash } = moment.status
    assert.equal(message, 'BlueGreenPause')
    assert.equal(pauseConditions.length, 1)
    assert.deepEqual(selectors, { activeSelector: stableRS, previewSelector: currentPodHash })
    assert.deepEqual(
      [moment.stable, moment.scale('v2').available, moment.behind('active'), moment.behind('preview')],
      ['v1', 2, 'v1', 'v2'],
    )
  },

  'is promoted by the active Service, then in its status, and is never healthy in between': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    const promoted = await scene.promote()
    await scene.untilHealthyOn('v2')
    const story = await scene.story(promoted)
    inOrder(
      story,
      ['the gate', (moment) => moment.behind('active') === 'v1'],
      ['selected', (moment) => moment.behind('active') === 'v2'],
      ['stable', (moment) => moment.stable === 'v2'],
    )
    never(story, 'healthy before it is stable', (moment) => moment.phase === 'Healthy' && moment.stable === 'v1')
    never(story, 'an empty active Service', (moment) => moment.ready('active') === 0)
    const stable = story.find((moment) => moment.stable === 'v2')!
    assert.deepEqual(
      [stable.phase, stable.versionOf(stable.status.blueGreen.activeSelector), stable.scale('v1').available],
      ['Healthy', 'v2', 2],
    )
  },

  'keeps the old pods for 30 s, and those of an aborted revision as long, where no delay is set': async (scene) => {
    await scene.running(blueGreen({ scaleDownDelaySeconds: undefined, abortScaleDownDelaySeconds: undefined }))
    await scene.atGate('v2')
    await scene.promote()
    const promoted = await scene.until(
      'v1 is due to go',
      (moment) => moment.stable === 'v2' && moment.deadline('v1') !== undefined,
    )
    const completed = promoted.status.conditions.find(({ type }: { type: string }) => type === 'Completed')
    await scene.atGate('v3')
    await scene.aborted()
    const aborted = await scene.until('v3 is due to go', (moment) => moment.deadline('v3') !== undefined)
    for (const [deadline, since] of [
      [promoted.deadline('v1')!, completed.lastTransitionTime],
      [aborted.deadline('v3')!, aborted.status.abortedAt],
    ]) {
      assert.ok(
        deadline - Date.parse(since) >= 29_000 && deadline - Date.parse(since) < 60_000,
        JSON.stringify([deadline, since]),
      )
    }
  },

  'keeps no more old revisions than scaleDownDelayRevisionLimit: older ones go at once, their deadline far away':
    async (scene) => {
      await scene.running(blueGreen({ scaleDownDelaySeconds: 600, scaleDownDelayRevisionLimit: 1 }))
      for (const [version, before] of [
        ['v2', 'v1'],
        ['v3', 'v2'],
      ] as const) {
        await scene.atGate(version)
        await scene.promote()
        await scene.until(
          `${before} is due to go`,
          (moment) => moment.isHealthyOn(version) && moment.deadline(before) !== undefined,
        )
      }
      const gone = await scene.until('v1 is gone', (moment) => moment.scale('v1').replicas === 0)
      assert.deepEqual([gone.scale('v2').desired, gone.behind('active')], [2, 'v3'])
      const later = await scene.pass('2s')
      assert.deepEqual([later.scale('v2').available, later.deadline('v2') !== undefined], [2, true])
    },

  'keeps the old pods after a promote for scaleDownDelaySeconds': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    const promoted = await scene.promote()
    await scene.until('v1 is gone', (moment) => moment.stable === 'v2' && moment.scale('v1').replicas === 0)
    const story = await scene.story(promoted)
    inOrder(
      story,
      ['the old pods', (moment) => moment.scale('v1').replicas === 2],
      ['due to go', (moment) => moment.deadline('v1') !== undefined],
      ['told to go', (moment) => moment.scale('v1').desired === 0],
      ['gone', (moment) => moment.pods('v1').length === 0],
    )
  },

  'shows a preview of previewReplicaCount, and grows it after the promote, before users are moved': async (scene) => {
    await scene.running(blueGreen({ previewReplicaCount: 1 }, { replicas: 3 }))
    const gate = await scene.atGate('v2')
    assert.deepEqual([gate.scale('v2').desired, gate.ready('preview')], [1, 1])
    const promoted = await scene.promote()
    const healthy = await scene.untilHealthyOn('v2')
    const story = await scene.story(promoted)
    inOrder(
      story,
      ['the gate', (moment) => moment.scale('v2').desired === 1],
      ['the checkpoint', (moment) => moment.status.blueGreen.scaleUpPreviewCheckPoint === true],
      ['grown', (moment) => moment.scale('v2').desired === 3],
      ['switched', (moment) => moment.behind('active') === 'v2'],
      ['healthy', (moment) => moment.phase === 'Healthy'],
    )
    once(
      story,
      'the checkpoint, progressing',
      (moment) => moment.status.blueGreen.scaleUpPreviewCheckPoint === true && moment.phase === 'Progressing',
    )
    never(
      story,
      'users on a part of it',
      (moment) => moment.behind('active') === 'v2' && moment.scale('v2').available < 3,
    )
    assert.equal(healthy.status.blueGreen.scaleUpPreviewCheckPoint, undefined)
  },

  'passes its gate by itself after autoPromotionSeconds': async (scene) => {
    await scene.running(blueGreen({ autoPromotionEnabled: true, autoPromotionSeconds: 2 }))
    const deployed = await scene.deploy('v2')
    const { status } = await scene.untilHealthyOn('v2')
    const story = await scene.story(deployed)
    inOrder(
      story,
      ['the gate', (moment) => moment.isPausedBy('BlueGreenPause')],
      ['switched', (moment) => moment.behind('active') === 'v2'],
    )
    const gate = story.find((moment) => moment.isPausedBy('BlueGreenPause'))!
    const completed = status.conditions.find(({ type }: { type: string }) => type === 'Completed')
    assert.ok(
      Date.parse(completed.lastTransitionTime) - Date.parse(gate.status.pauseConditions[0].startTime) >= 2000,
      JSON.stringify([gate.status, completed]),
    )
  },

  'has no gate where autoPromotionEnabled is true': async (scene) => {
    await scene.running(blueGreen({ autoPromotionEnabled: true }))
    const deployed = await scene.deploy('v2')
    await scene.untilHealthyOn('v2')
    const story = await scene.story(deployed)
    never(story, 'a gate', (moment) => moment.phase === 'Paused')
    never(
      story,
      'users on a part of it',
      (moment) => moment.behind('active') === 'v2' && moment.scale('v2').available < 2,
    )
  },

  'stays at its gate where autoPromotionEnabled is false, whatever autoPromotionSeconds says': async (scene) => {
    await scene.running(blueGreen({ autoPromotionSeconds: 1 }))
    await scene.atGate('v2')
    const moment = await scene.pass('3s')
    assert.deepEqual([moment.isPausedBy('BlueGreenPause'), moment.behind('active')], [true, 'v1'])
  },

  'loses a promote while a preview pod is unready, and stands at the same gate when it is ready again': async (
    scene,
  ) => {
    await scene.running(blueGreen())
    const [pod] = (await scene.atGate('v2')).pods('v2')
    await scene.setReady(pod!, false)
    await scene.until('one pod less', (moment) => moment.scale('v2').available === 1)
    const promoted = await scene.promote()
    await scene.until('the pause forgotten', (moment) => moment.status.controllerPause === undefined)
    await scene.setReady(pod!, true)
    await scene.untilAtGate('v2')
    never(await scene.story(promoted), 'users moved', (moment) => moment.behind('active') !== 'v1')
    await scene.promote()
    await scene.untilHealthyOn('v2')
  },

  'scales the preview with spec.replicas, and stays at its gate': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    const scaled = await scene.spec({ op: 'replace', path: '/spec/replicas', value: 3 })
    const gate = await scene.until(
      'both scaled',
      (moment) =>
        moment.isPausedBy('BlueGreenPause') && moment.scale('v1').available === 3 && moment.scale('v2').available === 3,
    )
    assert.equal(gate.behind('active'), 'v1')
    never(await scene.story(scaled), 'the pause forgotten', (moment) => moment.status.pauseConditions === undefined)
    await scene.promote()
    await scene.untilHealthyOn('v2')
  },
}
