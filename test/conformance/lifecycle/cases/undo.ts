import assert from 'node:assert/strict'
import { parseReplicaSet } from '../../../../src/domain/objects/replica-set.ts'
import { parseServices } from '../../../../src/domain/objects/service.ts'
import { stableTemplate } from '../../../../src/domain/objects/stable-template.ts'
import { parseStrategy, type Strategy } from '../../../../src/domain/objects/strategy.ts'
import type { Case } from '../lab.ts'
import { analysis, blueGreen, template, type Manifest } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { inOrder, never } from '../story.ts'

/** What `antiAffinity` may be. */
const RULES = {
  required: { requiredDuringSchedulingIgnoredDuringExecution: {} },
  preferred: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 100 } },
}

/** A template whose pods need no scheduler: a required rule would leave them none of the one node. */
function placed(version: string): Manifest {
  const { metadata, spec } = template(version)
  return { metadata, spec: { ...spec, nodeName: 'simulated' } }
}

/** Users on v2, and the pods of v1 still there for a while. */
async function promoted(scene: Scene, scaleDownDelaySeconds = 60): Promise<void> {
  await scene.running(blueGreen({ scaleDownDelaySeconds }))
  await scene.atGate('v2')
  await scene.promote()
  await scene.until('v1 is due to go', (moment) => moment.isHealthyOn('v2') && moment.deadline('v1') !== undefined)
}

export const undo: Cases = {
  'from the gate puts the preview Service on the stable revision, healthy, and the new pods go later': async (
    scene,
  ) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    const undone = await scene.deploy('v1')
    const healthy = await scene.untilHealthyOn('v1')
    assert.deepEqual(
      [healthy.behind('preview'), healthy.behind('active'), healthy.scale('v2').desired],
      ['v1', 'v1', 2],
    )
    await scene.until('v2 is gone', (moment) => moment.scale('v2').replicas === 0)
    const story = await scene.story(undone)
    inOrder(
      story,
      ['due to go', (moment) => moment.deadline('v2') !== undefined],
      ['told to go', (moment) => moment.scale('v2').desired === 0],
    )
    never(story, 'users moved', (moment) => moment.behind('active') !== 'v1' || moment.ready('active') !== 2)
    assert.equal(scene.now.rollout.metadata.annotations?.['rollout.argoproj.io/revision'], '3')
  },

  'leaves it written when the active Service was last pointed: before a revision that was withdrawn was made, after one that users were on':
    async (scene) => {
      const pointed = (moment: Moment): number =>
        parseServices([moment.get('services', 'active')], undefined)[0]!.pointedAt!
      const made = (moment: Moment): number => parseReplicaSet(moment.set('v2'))!.created
      await scene.running(blueGreen({ scaleDownDelaySeconds: 60 }))
      await scene.pass('2s')
      await scene.atGate('v2')
      await scene.deploy('v1')
      const withdrawn = await scene.untilHealthyOn('v1')
      assert.ok(pointed(withdrawn) < made(withdrawn))
      await scene.atGate('v2')
      await scene.promote()
      await scene.untilHealthyOn('v2')
      await scene.deploy('v1')
      const undone = await scene.untilHealthyOn('v1')
      assert.ok(pointed(undone) >= made(undone))
    },

  'after an abort heals the preview Service': async (scene) => {
    await scene.running(blueGreen())
    await scene.atGate('v2')
    await scene.aborted()
    await scene.until('v2 is gone', (moment) => moment.scale('v2').replicas === 0)
    await scene.deploy('v1')
    const healthy = await scene.untilHealthyOn('v1')
    assert.deepEqual(
      [healthy.status.abort, healthy.status.abortedAt, healthy.behind('preview')],
      [undefined, undefined, 'v1'],
    )
    await scene.until('its endpoints', (moment) => moment.ready('preview') === 2)
  },

  'after the cutover takes users back, whatever the new pods are': async (scene) => {
    await scene.running([
      analysis,
      ...blueGreen({ postPromotionAnalysis: { templates: [{ templateName: 'verdict' }] } }),
    ])
    const [pod] = (await scene.atGate('v2')).pods('v2')
    await scene.promote()
    await scene.until('v2 active', (moment) => moment.behind('active') === 'v2')
    await scene.setReady(pod!, false)
    await scene.until('one pod less', (moment) => moment.scale('v2').available === 1)
    const undone = await scene.deploy('v1')
    const healthy = await scene.untilHealthyOn('v1')
    assert.equal(healthy.behind('active'), 'v1')
    never(await scene.story(undone), 'an empty active Service', (moment) => moment.ready('active') === 0)
  },

  'to the older revision that lingers moves users at once, without a gate': async (scene) => {
    await promoted(scene)
    const undone = await scene.deploy('v1')
    const healthy = await scene.untilHealthyOn('v1')
    assert.deepEqual([healthy.behind('active'), healthy.deadline('v1')], ['v1', undefined])
    const story = await scene.story(undone)
    never(story, 'a gate', (moment) => moment.phase === 'Paused')
    never(story, 'an empty active Service', (moment) => moment.ready('active') === 0)
  },

  'from a later gate to the older revision that lingers moves users at once': async (scene) => {
    await promoted(scene)
    await scene.atGate('v3')
    const undone = await scene.deploy('v1')
    await scene.untilHealthyOn('v1')
    never(await scene.story(undone), 'a gate', (moment) => moment.current === 'v1' && moment.phase === 'Paused')
  },

  'to a newer revision that lingers stands at the gate': async (scene) => {
    await promoted(scene)
    await scene.deploy('v1')
    await scene.until('v2 is due to go', (moment) => moment.isHealthyOn('v1') && moment.deadline('v2') !== undefined)
    const undone = await scene.deploy('v2')
    const gate = await scene.untilAtGate('v2')
    assert.deepEqual([gate.behind('active'), gate.deadline('v2')], ['v1', undefined])
    never(await scene.story(undone), 'users moved', (moment) => moment.behind('active') !== 'v1')
  },

  'to a revision that lingers stands at the gate, if one of its pods is unready': async (scene) => {
    await promoted(scene)
    const [pod] = scene.now.pods('v1')
    await scene.setReady(pod!, false)
    await scene.until('one pod less', (moment) => moment.scale('v1').available === 1)
    const undone = await scene.deploy('v1')
    await scene.until('its deadline is off', (moment) => moment.current === 'v1' && moment.deadline('v1') === undefined)
    await scene.setReady(pod!, true)
    await scene.untilAtGate('v1')
    never(await scene.story(undone), 'users moved', (moment) => moment.behind('active') !== 'v2')
  },

  'to a revision that lingers stands at the gate, if spec.paused is set': async (scene) => {
    await promoted(scene)
    await scene.spec({ op: 'add', path: '/spec/paused', value: true })
    await scene.deploy('v1')
    await scene.until(
      'its deadline is off',
      (moment) => moment.isCurrent && moment.current === 'v1' && moment.deadline('v1') === undefined,
    )
    await scene.spec({ op: 'remove', path: '/spec/paused' })
    const gate = await scene.untilAtGate('v1')
    assert.equal(gate.behind('active'), 'v2')
  },

  'to an older revision within rollbackWindow starts its pods, and moves users without a gate': async (scene) => {
    await scene.running(blueGreen({}, { rollbackWindow: { revisions: 1 } }))
    await scene.atGate('v2')
    await scene.promote()
    await scene.until(
      'v1 is gone',
      (moment) => moment.isHealthyOn('v2') && moment.deadline('v1') === undefined && moment.scale('v1').replicas === 0,
    )
    const undone = await scene.deploy('v1')
    await scene.untilHealthyOn('v1')
    const story = await scene.story(undone)
    never(story, 'a gate', (moment) => moment.phase === 'Paused')
    never(story, 'an empty active Service', (moment) => moment.ready('active') === 0)
  },

  ...Object.fromEntries(
    Object.entries(RULES).map(([kind, rule]): [string, Case] => [
      `by the template of a ReplicaSet that has the ${kind} rule of antiAffinity finds that ReplicaSet again, once the rule is out of it`,
      async (scene) => {
        const deploy = (version: string) =>
          scene.spec({ op: 'replace', path: '/spec/template', value: placed(version) })
        await scene.running(blueGreen({ antiAffinity: rule }, { template: placed('v1') }))
        await deploy('v2')
        await scene.untilAtGate('v2')
        await scene.promote()
        await scene.untilHealthyOn('v2')
        await deploy('v3')
        await scene.untilAtGate('v3')
        const set = parseReplicaSet(scene.now.set('v2'))!
        assert.match(JSON.stringify(set.rawTemplate), /podAntiAffinity.*rollouts-pod-template-hash/)
        await scene.spec({
          op: 'replace',
          path: '/spec/template',
          value: stableTemplate(set, parseStrategy(scene.now.rollout['spec'].strategy) as Strategy),
        })
        const healthy = await scene.untilHealthyOn('v2')
        assert.deepEqual(
          [healthy.behind('preview'), healthy.behind('active'), healthy.versions.length],
          ['v2', 'v2', 3],
        )
      },
    ]),
  ),

  'to a revision that is gone stands at the gate, and its pods start anew': async (scene) => {
    await promoted(scene, 2)
    await scene.until('v1 is gone', (moment) => moment.scale('v1').replicas === 0)
    const undone = await scene.deploy('v1')
    await scene.untilAtGate('v1')
    const story = await scene.story(undone)
    inOrder(
      story,
      ['empty', (moment) => moment.behind('preview') === 'v1' && moment.ready('preview') === 0],
      ['the gate', (moment) => moment.current === 'v1' && moment.isPausedBy('BlueGreenPause')],
    )
    never(story, 'users moved', (moment) => moment.behind('active') !== 'v2')
  },
}
