import assert from 'node:assert/strict'
import { analysis, blueGreen, canary } from '../manifests.ts'
import type { Cases } from '../play.ts'
import { inOrder, never, once } from '../story.ts'

export const fullPromotion: Cases = {
  'of a blue/green Rollout skips the gate and its analyses': async (scene) => {
    const templates = { templates: [{ templateName: 'verdict' }] }
    await scene.running([analysis, ...blueGreen({ prePromotionAnalysis: templates, postPromotionAnalysis: templates })])
    await scene.deploy('v2')
    await scene.until(
      'its analysis runs',
      (moment) =>
        moment.current === 'v2' && moment.all('analysisruns').some(({ status }) => status?.phase === 'Running'),
    )
    const asked = await scene.promoteFull()
    const healthy = await scene.untilHealthyOn('v2')
    assert.equal(healthy.status.promoteFull, undefined)
    never(
      await scene.story(asked),
      'users on a part of it',
      (moment) => moment.behind('active') === 'v2' && moment.scale('v2').available < 2,
    )
  },

  'takes back an abort': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    await scene.aborted()
    await scene.promoteFull()
    const healthy = await scene.untilHealthyOn('v2')
    assert.deepEqual([healthy.status.abort, healthy.behind('active')], [undefined, 'v2'])
  },

  'is forgotten with a new template': async (scene) => {
    await scene.running(blueGreen())
    await scene.deploy({ name: 'v2', pods: 'unready' })
    await scene.until('its pods', (moment) => moment.pods('v2').length === 2)
    await scene.promoteFull()
    const gate = await scene.atGate('v3')
    assert.deepEqual([gate.status.promoteFull, gate.behind('active')], [undefined, 'v1'])
  },

  'of a canary empties its stable Service, as long as the last new pod is late': async (scene) => {
    await scene.running(canary())
    await scene.deploy({ name: 'v2', pods: 'unready' })
    await scene.release('v2', 1)
    await scene.untilAtStep(1)
    const asked = await scene.promoteFull()
    await scene.release('v2', 4)
    await scene.until(
      'an empty stable Service',
      (moment) => moment.behind('stable') === 'v1' && moment.ready('stable') === 0 && moment.scale('v1').replicas === 0,
    )
    await scene.release('v2', 5)
    await scene.until(
      'answered again',
      (moment) => moment.isHealthyOn('v2') && moment.behind('stable') === 'v2' && moment.ready('stable') > 0,
    )
    never(
      await scene.story(asked),
      'another gate',
      (moment) => moment.isPausedBy('CanaryPauseStep') && moment.status.currentStepIndex === 3,
    )
  },

  'of a canary skips its gates': async (scene) => {
    await scene.running(canary())
    await scene.atGate('v2')
    const asked = await scene.promoteFull()
    await scene.until('done', (moment) => moment.isHealthyOn('v2') && moment.behind('stable') === 'v2')
    const story = await scene.story(asked)
    never(
      story,
      'another gate',
      (moment) => moment.isPausedBy('CanaryPauseStep') && moment.status.currentStepIndex === 3,
    )
    inOrder(
      story,
      ['stable', (moment) => moment.stable === 'v2'],
      ['selected', (moment) => moment.behind('stable') === 'v2'],
    )
  },

  'of a canary ignores an abort, though the canary Service goes back and forth': async (scene) => {
    await scene.running(canary())
    await scene.deploy({ name: 'v2', pods: 'unready' })
    await scene.release('v2', 1)
    await scene.until(
      'at its gate',
      (moment) => moment.isPausedBy('CanaryPauseStep') && moment.behind('canary') === 'v2',
    )
    await scene.promoteFull()
    await scene.until('all its pods', (moment) => moment.pods('v2').length >= 4)
    const asked = await scene.abort()
    await scene.until(
      'the abort forgotten',
      (moment) => moment.status.abort === undefined && moment.behind('canary') === 'v2',
    )
    const story = await scene.story(asked)
    inOrder(
      story,
      ['asked', (moment) => moment.status.abort === true && moment.behind('canary') === 'v2'],
      ['back', (moment) => moment.behind('canary') === 'v1'],
    )
    never(story, 'recorded', (moment) => moment.status.abortedAt !== undefined)
    once(story, 'still asked for', (moment) => moment.status.promoteFull === true)
  },

  'of a revision that never is ready is left by an undo alone': async (scene) => {
    await scene.running(canary())
    await scene.deploy({ name: 'v2', pods: 'unready' })
    await scene.until('its pod', (moment) => moment.pods('v2').length === 1)
    await scene.promoteFull()
    await scene.abort()
    await scene.until('the abort forgotten', (moment) => moment.status.abort === undefined)
    const waiting = await scene.pass('2s')
    assert.deepEqual([waiting.status.promoteFull, waiting.stable, waiting.current], [true, 'v1', 'v2'])
    await scene.deploy('v1')
    await scene.untilHealthyOn('v1')
  },
}
