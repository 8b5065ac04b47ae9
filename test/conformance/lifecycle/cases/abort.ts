import assert from 'node:assert/strict'
import { analysis, blueGreen } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { inOrder, never } from '../story.ts'

const ABORTED = 'RolloutAborted: Rollout aborted update to revision 2'

/** A blue/green Rollout with users on v2 and v1 still stable: its post-promotion analysis runs. */
export async function afterCutover(scene: Scene, spec = {}): Promise<Moment> {
  await scene.running([
    analysis,
    ...blueGreen({ postPromotionAnalysis: { templates: [{ templateName: 'verdict' }] }, ...spec }),
  ])
  await scene.atGate('v2')
  await scene.promote()
  return scene.until(
    'v2 active, its analysis running',
    (moment) =>
      moment.behind('active') === 'v2' && moment.status.blueGreen.postPromotionAnalysisRunStatus?.status === 'Running',
  )
}

/** The active Service stays on a revision that goes: nobody answers. */
const isOut = (moment: Moment): boolean =>
  moment.behind('active') === 'v2' && moment.scale('v2').replicas === 0 && moment.ready('active') === 0

/** Aborted with one unready pod, and gone for good. */
export async function outage(scene: Scene): Promise<Moment> {
  const [pod] = (await afterCutover(scene)).pods('v2')
  await scene.setReady(pod!, false)
  await scene.until('one pod less', (moment) => moment.scale('v2').available === 1)
  await scene.aborted()
  return scene.until('nobody answers', isOut)
}

export const abort: Cases = {
  'leaves users where they are and the preview Service on the aborted revision, which goes after abortScaleDownDelaySeconds':
    async (scene) => {
      await scene.running(blueGreen())
      await scene.atGate('v2')
      const asked = await scene.abort()
      const aborted = await scene.until('aborted', (moment) => moment.isAborted)
      assert.deepEqual(
        [aborted.status.message, aborted.status.pauseConditions, aborted.status.controllerPause],
        [ABORTED, undefined, undefined],
      )
      const empty = await scene.until(
        'v2 is gone',
        (moment) => moment.scale('v2').replicas === 0 && moment.ready('preview') === 0,
      )
      assert.deepEqual([empty.behind('preview'), empty.phase], ['v2', 'Degraded'])
      const story = await scene.story(asked)
      inOrder(
        story,
        ['asked', (moment) => moment.status.abort === true],
        ['due to go', (moment) => moment.deadline('v2') !== undefined],
        ['told to go', (moment) => moment.scale('v2').desired === 0],
      )
      never(story, 'users moved', (moment) => moment.behind('active') !== 'v1' || moment.ready('active') !== 2)
    },

  'keeps the pods of the aborted revision where abortScaleDownDelaySeconds is 0': async (scene) => {
    await scene.running(blueGreen({ abortScaleDownDelaySeconds: 0 }))
    await scene.atGate('v2')
    await scene.aborted()
    const moment = await scene.pass('3s')
    assert.deepEqual(
      [moment.deadline('v2'), moment.scale('v2').available, moment.behind('preview')],
      [undefined, 2, 'v2'],
    )
  },

  'works while the new pods still start': async (scene) => {
    await scene.running(blueGreen())
    await scene.deploy({ name: 'v2', pods: 'unready' })
    await scene.until('its pods', (moment) => moment.pods('v2').length === 2)
    const aborted = await scene.aborted()
    assert.equal(aborted.status.message, ABORTED)
    await scene.until('v2 is gone', (moment) => moment.scale('v2').replicas === 0)
    assert.equal(scene.now.behind('active'), 'v1')
  },

  'is forgotten where nothing changes': async (scene) => {
    await scene.running(blueGreen())
    const asked = await scene.abort()
    await scene.until('forgotten', (moment) => moment.status.abort === undefined)
    never(
      await scene.story(asked),
      'aborted',
      (moment) => moment.phase !== 'Healthy' || moment.status.abortedAt !== undefined,
    )
  },

  'takes users back after the cutover, if every new pod is ready': async (scene) => {
    await afterCutover(scene)
    const asked = await scene.abort()
    const back = await scene.until('back', (moment) => moment.isAborted && moment.behind('active') === 'v1')
    assert.deepEqual([back.stable, back.status.message], ['v1', ABORTED])
    await scene.until('v2 is gone', (moment) => moment.scale('v2').replicas === 0)
    const story = await scene.story(asked)
    inOrder(
      story,
      ['back', (moment) => moment.behind('active') === 'v1'],
      ['v2 told to go', (moment) => moment.scale('v2').desired === 0],
    )
    never(story, 'an empty active Service', (moment) => moment.ready('active') === 0)
  },

  'leaves users on the revision it removes, if one new pod is unready after the cutover; the stable template brings them back':
    async (scene) => {
      const { stable, phase } = await outage(scene)
      assert.deepEqual([stable, phase], ['v1', 'Degraded'])
      await scene.deploy('v1')
      const healed = await scene.untilHealthyOn('v1')
      assert.equal(healed.behind('active'), 'v1')
      await scene.until('its endpoints', (moment) => moment.ready('active') === 2)
    },

  'leaves users on the revision it removes, if spec.paused is set after the cutover': async (scene) => {
    await afterCutover(scene)
    await scene.spec({ op: 'add', path: '/spec/paused', value: true })
    await scene.aborted()
    await scene.until('nobody answers', isOut)
    assert.ok(isOut(await scene.pass('3s')), `healed by itself:\n${scene.now}`)
  },

  'by a failed post-promotion analysis takes users back': async (scene) => {
    const { rollout } = await afterCutover(scene)
    await scene.judge('post', 'Failed')
    const back = await scene.until('back', (moment) => moment.isAborted && moment.behind('active') === 'v1')
    assert.match(
      back.status.message,
      /^RolloutAborted: Rollout aborted update to revision 2: Blue\/green post-promotion analysis phase error\/failed/,
    )
    const story = await scene.story(rollout)
    inOrder(story, ['aborted', (moment) => moment.isAborted], ['back', (moment) => moment.behind('active') === 'v1'])
    never(story, 'stable before it is judged', (moment) => moment.stable !== 'v1')
  },

  'by a failed post-promotion analysis leaves users on the revision it removes, if spec.paused is set': async (
    scene,
  ) => {
    await afterCutover(scene)
    await scene.spec({ op: 'add', path: '/spec/paused', value: true })
    await scene.judge('post', 'Failed')
    await scene.until('nobody answers', isOut)
  },

  'by a failed post-promotion analysis leaves users on the revision it removes, if one new pod is unready': async (
    scene,
  ) => {
    const [pod] = (await afterCutover(scene)).pods('v2')
    await scene.setReady(pod!, false)
    await scene.until('one pod less', (moment) => moment.scale('v2').available === 1)
    await scene.judge('post', 'Failed')
    await scene.until('nobody answers', isOut)
  },

  'goes back to the stable revision, not to the one before, where that was never judged': async (scene) => {
    await afterCutover(scene)
    const gate = await scene.atGate('v3')
    assert.deepEqual([gate.behind('active'), gate.stable, gate.behind('preview')], ['v2', 'v1', 'v3'])
    await scene.promote()
    await scene.until('v3 active', (moment) => moment.behind('active') === 'v3')
    await scene.aborted()
    const back = await scene.until('back', (moment) => moment.behind('active') !== 'v3')
    assert.equal(back.behind('active'), 'v1')
  },
}
