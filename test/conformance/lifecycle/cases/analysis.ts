import assert from 'node:assert/strict'
import { ClusterError } from '../../../../src/cluster/port.ts'
import { analysis, blueGreen } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { inOrder, never, once } from '../story.ts'
import { afterCutover } from './abort.ts'

/** On its way to the gate of v2: the pre-promotion analysis runs. */
async function beforeGate(scene: Scene): Promise<Moment> {
  await scene.running([analysis, ...blueGreen({ prePromotionAnalysis: { templates: [{ templateName: 'verdict' }] } })])
  await scene.deploy('v2')
  return scene.until(
    'its analysis runs',
    (moment) => moment.isCurrent && moment.current === 'v2' && runs('prePromotionAnalysisRunStatus')(moment),
  )
}

/** The Rollout has seen its analysis run: one judged before that is never written as running. */
const runs =
  (field: string) =>
  ({ status }: Moment): boolean =>
    status.blueGreen?.[field]?.status === 'Running'

const isInconclusive = (moment: Moment): boolean => moment.isPausedBy('InconclusiveAnalysisRun')

export const analyses: Cases = {
  'before the promotion leave nothing to promote while they run, and lead to the gate': async (scene) => {
    const { phase, status } = await beforeGate(scene)
    assert.deepEqual(
      [phase, status.message, status.pauseConditions],
      ['Progressing', 'active service cutover pending', undefined],
    )
    await assert.rejects(scene.promote(), (error) => error instanceof ClusterError && error.reason === 'Invalid')
    await scene.judge('pre', 'Successful')
    await scene.untilAtGate('v2')
    await scene.promote()
    await scene.untilHealthyOn('v2')
  },

  'before the promotion abort when they fail': async (scene) => {
    const { rollout } = await beforeGate(scene)
    await scene.judge('pre', 'Failed')
    const aborted = await scene.until('aborted', (moment) => moment.isAborted)
    assert.match(
      aborted.status.message,
      /^RolloutAborted: Rollout aborted update to revision 2: Blue\/green pre-promotion analysis phase error\/failed/,
    )
    await scene.until('v2 is gone', (moment) => moment.scale('v2').replicas === 0)
    never(await scene.story(rollout), 'users moved', (moment) => moment.behind('active') !== 'v1')
  },

  'before the promotion pause when they are inconclusive; a promote starts another one, and then there is the gate':
    async (scene) => {
      await beforeGate(scene)
      await scene.judge('pre', 'Inconclusive')
      await scene.until('inconclusive', isInconclusive)
      await scene.promote()
      await scene.judge('pre', 'Successful')
      const gate = await scene.untilAtGate('v2')
      assert.deepEqual([gate.all('analysisruns').length, gate.behind('active')], [2, 'v1'])
    },

  'are written as not begun before they run': async (scene) => {
    const templates = { templates: [{ templateName: 'verdict' }] }
    await scene.running([analysis, ...blueGreen({ prePromotionAnalysis: templates, postPromotionAnalysis: templates })])
    const deployed = await scene.deploy('v2')
    await scene.until('the first runs', runs('prePromotionAnalysisRunStatus'))
    await scene.judge('pre', 'Successful')
    await scene.untilAtGate('v2')
    await scene.promote()
    await scene.until('the second runs', runs('postPromotionAnalysisRunStatus'))
    await scene.judge('post', 'Successful')
    await scene.untilHealthyOn('v2')
    const story = await scene.story(deployed)
    for (const field of ['prePromotionAnalysisRunStatus', 'postPromotionAnalysisRunStatus']) {
      const phase = ({ status }: Moment): string | undefined => status.blueGreen?.[field]?.status
      inOrder(
        story,
        ['not begun', (moment) => phase(moment) === ''],
        ['running', (moment) => phase(moment) === 'Running'],
        ['judged', (moment) => phase(moment) === 'Successful'],
      )
    }
  },

  'after the promotion keep the old revision stable until they succeed': async (scene) => {
    const { rollout, status, stable, phase } = await afterCutover(scene)
    const healthy = status.conditions.find(({ type }: { type: string }) => type === 'Healthy')
    assert.deepEqual(
      [stable, phase, status.message, healthy.status],
      ['v1', 'Progressing', 'waiting for analysis to complete', 'True'],
    )
    await scene.judge('post', 'Successful')
    await scene.until('v1 is gone', (moment) => moment.isHealthyOn('v2') && moment.scale('v1').replicas === 0)
    const story = await scene.story(rollout)
    inOrder(
      story,
      ['judged', (moment) => moment.all('analysisruns').some((run) => run['status'].phase === 'Successful')],
      ['stable', (moment) => moment.stable === 'v2'],
      ['v1 due to go', (moment) => moment.deadline('v1') !== undefined],
      ['v1 told to go', (moment) => moment.scale('v1').desired === 0],
    )
  },

  'after the promotion pause when they are inconclusive, users on the new revision; a promote starts another one':
    async (scene) => {
      const { rollout } = await afterCutover(scene)
      await scene.judge('post', 'Inconclusive')
      const inconclusive = await scene.until('inconclusive', isInconclusive)
      assert.deepEqual([inconclusive.behind('active'), inconclusive.stable], ['v2', 'v1'])
      await scene.promote()
      await scene.judge('post', 'Successful')
      await scene.untilHealthyOn('v2')
      const story = await scene.story(rollout)
      once(story, 'two runs', (moment) => moment.all('analysisruns').length === 2)
      never(story, 'users moved', (moment) => moment.behind('active') !== 'v2')
    },

  'that are inconclusive keep the preview Service after an undo until its status is new': async (scene) => {
    await beforeGate(scene)
    await scene.judge('pre', 'Inconclusive')
    await scene.until('inconclusive', isInconclusive)
    const undone = await scene.deploy('v1')
    await scene.until('moved', (moment) => moment.isHealthyOn('v1') && moment.behind('preview') === 'v1')
    inOrder(
      await scene.story(undone),
      ['not observed', (moment) => moment.current === 'v2'],
      ['current', (moment) => moment.isCurrent && moment.current === 'v1'],
      ['moved', (moment) => moment.behind('preview') === 'v1'],
    )
  },

  'are cancelled by an undo': async (scene) => {
    await beforeGate(scene)
    await scene.deploy('v1')
    await scene.untilHealthyOn('v1')
    await scene.until('ended', (moment) =>
      moment.all('analysisruns').every((run) => run['spec'].terminate === true && run['status'].phase === 'Successful'),
    )
  },
}
