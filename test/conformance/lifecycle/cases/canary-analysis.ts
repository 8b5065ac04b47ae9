import assert from 'node:assert/strict'
import { analysis, canary, measured } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { inOrder, never, once } from '../story.ts'

const templates = { templates: [{ templateName: 'verdict' }] }

/** At the analysis that is the second step of three; the third is a gate. */
async function atAnalysis(scene: Scene): Promise<Moment> {
  await scene.running([analysis, ...canary({ steps: [{ setWeight: 20 }, { analysis: templates }, { pause: {} }] })])
  await scene.deploy('v2')
  return scene.until(
    'its analysis runs',
    (moment) =>
      moment.current === 'v2' &&
      moment.status.currentStepIndex === 1 &&
      moment.status.canary?.currentStepAnalysisRunStatus?.status === 'Running',
  )
}

const isInconclusive = (moment: Moment): boolean => moment.isPausedBy('InconclusiveAnalysisRun')

export const canaryAnalyses: Cases = {
  'of a step leads to the next step when it succeeds': async (scene) => {
    const { phase } = await atAnalysis(scene)
    assert.equal(phase, 'Progressing')
    await scene.judge('step', 'Successful')
    await scene.untilAtStep(2)
  },

  'are written as not begun before they run': async (scene) => {
    const steps = [{ setWeight: 20 }, { analysis: templates }, { pause: {} }]
    await scene.running([analysis, ...canary({ analysis: templates, steps })])
    const deployed = await scene.deploy('v2')
    await scene.judge('step', 'Successful')
    await scene.untilAtStep(2)
    const story = await scene.story(deployed)
    for (const field of ['currentStepAnalysisRunStatus', 'currentBackgroundAnalysisRunStatus']) {
      const phase = ({ status }: Moment): string | undefined => status.canary?.[field]?.status
      inOrder(
        story,
        ['not begun', (moment) => phase(moment) === ''],
        ['running', (moment) => phase(moment) === 'Running'],
      )
    }
  },

  'of a step aborts when it fails': async (scene) => {
    const { rollout } = await atAnalysis(scene)
    await scene.judge('step', 'Failed')
    const aborted = await scene.until(
      'as before',
      (moment) => moment.isAborted && moment.behind('canary') === 'v1' && moment.scale('v2').replicas === 0,
    )
    assert.match(
      aborted.status.message,
      /^RolloutAborted: Rollout aborted update to revision 2: Step-based analysis phase error\/failed/,
    )
    never(await scene.story(rollout), 'another step', (moment) => moment.status.currentStepIndex > 1)
  },

  'of a step pauses when it is inconclusive; a promote that only resumes starts another one': async (scene) => {
    await atAnalysis(scene)
    await scene.judge('step', 'Inconclusive')
    await scene.until('inconclusive', isInconclusive)
    await scene.promote()
    await scene.judge('step', 'Successful')
    const gate = await scene.untilAtStep(2)
    assert.equal(gate.all('analysisruns').length, 2)
  },

  'beside the steps runs on from gate to gate, and aborts when it fails': async (scene) => {
    await scene.running([analysis, ...canary({ analysis: templates })])
    await scene.atGate('v2')
    await scene.promote()
    await scene.untilAtStep(3)
    assert.equal(scene.now.all('analysisruns').length, 1)
    await scene.judge('background', 'Failed')
    const aborted = await scene.until(
      'as before',
      (moment) => moment.isAborted && moment.behind('canary') === 'v1' && moment.scale('v1').available === 5,
    )
    assert.match(
      aborted.status.message,
      /^RolloutAborted: Rollout aborted update to revision 2: Background analysis phase error\/failed/,
    )
  },

  'beside the steps that fails by itself aborts in the middle, whatever users are on': async (scene) => {
    await scene.running([measured(1), ...canary({ analysis: { ...templates, startingStep: 2 } })])
    const gate = await scene.atGate('v2')
    assert.deepEqual(gate.all('analysisruns'), [])
    const promoted = await scene.promote()
    const aborted = await scene.until(
      'as before',
      (moment) => moment.isAborted && moment.behind('canary') === 'v1' && moment.scale('v2').replicas === 0,
    )
    assert.match(
      aborted.status.message,
      /^RolloutAborted: Rollout aborted update to revision 2: Background analysis phase error\/failed: Metric "verdict" assessed Failed/,
    )
    once(await scene.story(promoted), 'on its way', (moment) => moment.status.currentStepIndex >= 2)
  },
}
