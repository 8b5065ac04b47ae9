import assert from 'node:assert/strict'
import { blueGreen, measured } from '../manifests.ts'
import type { Cases } from '../play.ts'
import { inOrder, never } from '../story.ts'

const templates = { templates: [{ templateName: 'verdict' }] }

/** Analyses that end by themselves: a Job measures them. */
export const measuredAnalyses: Cases = {
  'before the promotion leads to the gate when it succeeds': async (scene) => {
    await scene.running([measured(0), ...blueGreen({ prePromotionAnalysis: templates })])
    const deployed = await scene.deploy('v2')
    await scene.untilAtGate('v2')
    inOrder(
      await scene.story(deployed),
      ['all pods', (moment) => moment.scale('v2').available === 2],
      ['running', (moment) => moment.status.blueGreen?.prePromotionAnalysisRunStatus?.status === 'Running'],
      [
        'the gate',
        (moment) =>
          moment.isPausedBy('BlueGreenPause') &&
          moment.status.blueGreen.prePromotionAnalysisRunStatus.status === 'Successful',
      ],
    )
  },

  'before the promotion aborts when it fails, in its own words': async (scene) => {
    await scene.running([measured(1), ...blueGreen({ prePromotionAnalysis: templates })])
    const deployed = await scene.deploy('v2')
    const aborted = await scene.until('aborted', (moment) => moment.isAborted)
    assert.match(
      aborted.status.message,
      /^RolloutAborted: .*pre-promotion analysis phase error\/failed: Metric "verdict" assessed Failed due to failed \(1\) > failureLimit \(0\)$/,
    )
    never(
      await scene.story(deployed),
      'a gate, or users moved',
      (moment) => moment.phase === 'Paused' || moment.behind('active') !== 'v1',
    )
  },

  'after the promotion makes the revision stable when it succeeds': async (scene) => {
    await scene.running([measured(0), ...blueGreen({ postPromotionAnalysis: templates })])
    await scene.atGate('v2')
    const promoted = await scene.promote()
    await scene.untilHealthyOn('v2')
    inOrder(
      await scene.story(promoted),
      ['the cutover', (moment) => moment.behind('active') === 'v2'],
      ['running', (moment) => moment.status.blueGreen?.postPromotionAnalysisRunStatus?.status === 'Running'],
      ['stable', (moment) => moment.stable === 'v2'],
    )
  },

  'after the promotion takes users back when it fails': async (scene) => {
    await scene.running([measured(1), ...blueGreen({ postPromotionAnalysis: templates })])
    await scene.atGate('v2')
    const promoted = await scene.promote()
    await scene.until('v2 is gone', (moment) => moment.isAborted && moment.scale('v2').replicas === 0)
    const story = await scene.story(promoted)
    inOrder(
      story,
      ['the cutover', (moment) => moment.behind('active') === 'v2'],
      ['aborted', (moment) => moment.isAborted],
      ['back', (moment) => moment.isAborted && moment.behind('active') === 'v1'],
      ['told to go', (moment) => moment.scale('v2').desired === 0],
    )
    never(story, 'an empty active Service', (moment) => moment.ready('active') === 0)
  },
}
