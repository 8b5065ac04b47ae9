import assert from 'node:assert/strict'
import { canary, type Manifest, measured, service } from '../manifests.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { inOrder, never } from '../story.ts'

/** A step beside which a pod of each revision stands for some time. */
function experimenting(experiment: Manifest): readonly Manifest[] {
  const templates = [
    { name: 'baseline', specRef: 'stable' },
    { name: 'trial', specRef: 'canary', replicas: 2 },
  ]
  return [
    service('plain'),
    ...canary({ steps: [{ setWeight: 20 }, { experiment: { templates, ...experiment } }, { pause: {} }] }),
  ]
}

const experiments = async (scene: Scene): Promise<readonly any[]> =>
  (await scene.api.get(`/apis/argoproj.io/v1alpha1/namespaces/${scene.namespace}/experiments`)).items

export const experimentSteps: Cases = {
  'put pods of both revisions behind plain Services, and nothing behind those that the Rollout names': async (
    scene,
  ) => {
    await scene.running(experimenting({ duration: '3s' }))
    const deployed = await scene.deploy('v2')
    const both = await scene.until('beside', (moment) => moment.ready('plain') === 8)
    assert.deepEqual(
      [both.ready('stable'), both.ready('canary'), both.status.currentStepIndex, both.phase],
      [4, 1, 1, 'Progressing'],
    )
    const [{ metadata }] = (await experiments(scene)) as [any]
    assert.equal(both.status.canary.currentExperiment, metadata.name)
    const gate = await scene.untilAtStep(2)
    // They go on after it for as long as `scaleDownDelaySeconds` of the Experiment says: half a minute.
    assert.deepEqual([gate.ready('plain'), gate.status.canary?.currentExperiment], [8, undefined])
    const known = new Set([gate.status.stableRS, gate.status.currentPodHash])
    const strange = gate
      .all('pods')
      .filter(({ metadata: { labels } }) => !known.has(labels?.['rollouts-pod-template-hash']))
    assert.equal(strange.length, 3)
    inOrder(
      await scene.story(deployed),
      ['the step', (moment) => moment.status.currentStepIndex === 1],
      ['its Experiment', (moment) => moment.status.canary?.currentExperiment !== undefined],
      ['its pods', (moment) => moment.ready('plain') === 8],
      ['the gate', (moment) => moment.isPausedBy('CanaryPauseStep')],
    )
  },

  'whose analysis fails abort by themselves': async (scene) => {
    await scene.running([
      measured(1),
      ...experimenting({ duration: '1m', analyses: [{ name: 'verdict', templateName: 'verdict' }] }),
    ])
    const deployed = await scene.deploy('v2')
    const aborted = await scene.until('aborted', (moment) => moment.isAborted)
    assert.match(
      aborted.status.message,
      /^RolloutAborted: Rollout aborted update to revision 2: Experiment analysis phase is error\/failed/,
    )
    never(await scene.story(deployed), 'the gate', (moment) => moment.phase === 'Paused')
  },

  'are ended by an abort': async (scene) => {
    await scene.running(experimenting({ duration: '1h' }))
    await scene.deploy('v2')
    await scene.until('beside', (moment) => moment.ready('plain') === 8)
    await scene.aborted()
    await scene.until('as before', (moment) => moment.scale('v1').available >= 5 && moment.behind('canary') === 'v1')
    const [{ spec }] = (await experiments(scene)) as [any]
    assert.equal(spec.terminate, true)
  },
}
