import assert from 'node:assert/strict'
import { ClusterError } from '../../../../src/cluster/port.ts'
import { canary } from '../manifests.ts'
import type { Cases } from '../play.ts'
import { inOrder, never, once } from '../story.ts'

const UNREADY = { name: 'v2', pods: 'unready' } as const

export const canarySteps: Cases = {
  'stands at its first gate with a share of pods by number, and its Services on either side': async (scene) => {
    await scene.running(canary())
    const gate = await scene.atGate('v2')
    assert.deepEqual(
      [gate.status.currentStepIndex, gate.status.message, gate.status.canary?.weights],
      [1, 'CanaryPauseStep', undefined],
    )
    assert.deepEqual([gate.scale('v1').desired, gate.scale('v2').desired, gate.scale('v2').available], [4, 1, 1])
    assert.deepEqual([gate.behind('stable'), gate.behind('canary'), gate.stable], ['v1', 'v2', 'v1'])
  },

  'leaves the canary Service on the stable revision until a canary pod is available': async (scene) => {
    await scene.running(canary())
    const deployed = await scene.deploy('v2')
    await scene.untilAtGate('v2')
    const story = await scene.story(deployed)
    inOrder(
      story,
      ['started', (moment) => moment.scale('v2').desired === 1],
      ['available', (moment) => moment.scale('v2').available === 1],
      ['selected', (moment) => moment.behind('canary') === 'v2'],
    )
    never(story, 'an empty stable Service', (moment) => moment.ready('stable') === 0)
  },

  'takes one promote a gate: refused in between, and twice': async (scene) => {
    await scene.running(canary())
    await scene.deploy(UNREADY)
    const refused = (): Promise<void> =>
      assert.rejects(scene.promote(), (error) => error instanceof ClusterError && error.reason === 'Invalid')
    await scene.until(
      'between gates',
      (moment) => moment.isCurrent && moment.current === 'v2' && moment.pods('v2').length === 1,
    )
    await refused()
    await scene.release('v2', 1)
    await scene.untilAtStep(1)
    await scene.promote()
    const next = await scene.until('the next step', (moment) => moment.status.currentStepIndex === 2)
    assert.equal(next.phase, 'Progressing')
    await refused()
    await scene.release('v2', 3)
    const gate = await scene.untilAtStep(3)
    assert.deepEqual(
      [gate.scale('v1').desired, gate.scale('v2').available, gate.behind('stable'), gate.behind('canary')],
      [2, 3, 'v1', 'v2'],
    )
  },

  'passes a gate though a canary pod is unready': async (scene) => {
    await scene.running(canary())
    const [pod] = (await scene.atGate('v2')).pods('v2')
    await scene.setReady(pod!, false)
    await scene.until('unready', (moment) => moment.scale('v2').available === 0)
    await scene.promote()
    await scene.until('the next step', (moment) => moment.status.currentStepIndex === 2)
  },

  'loses a promote while spec.paused is set': async (scene) => {
    await scene.running(canary())
    await scene.atGate('v2')
    await scene.spec({ op: 'add', path: '/spec/paused', value: true })
    await scene.until('paused by hand', (moment) => moment.isCurrent && moment.status.message === 'manually paused')
    await scene.promote()
    await scene.until('the pause forgotten', (moment) => moment.status.controllerPause === undefined)
    await scene.spec({ op: 'remove', path: '/spec/paused' })
    await scene.untilAtStep(1)
  },

  'passes a gate of a duration by itself': async (scene) => {
    await scene.running(canary({ steps: [{ setWeight: 20 }, { pause: { duration: '1s' } }] }))
    const deployed = await scene.deploy('v2')
    await scene.untilHealthyOn('v2')
    once(await scene.story(deployed), 'the gate', (moment) => moment.isPausedBy('CanaryPauseStep'))
  },

  'is aborted onto the stable revision, however few pods it has left': async (scene) => {
    await scene.running(canary())
    await scene.atGate('v2')
    await scene.promote()
    await scene.untilAtStep(3)
    const asked = await scene.abort()
    await scene.until(
      'as before',
      (moment) => moment.isAborted && moment.scale('v2').replicas === 0 && moment.scale('v1').available === 5,
    )
    const story = await scene.story(asked)
    once(
      story,
      'the canary Service back early',
      (moment) => moment.behind('canary') === 'v1' && moment.scale('v1').available < 5,
    )
    never(
      story,
      'an empty stable Service',
      (moment) => moment.behind('stable') !== 'v1' || moment.ready('stable') === 0,
    )
    assert.deepEqual(
      [scene.now.status.currentStepIndex, scene.now.behind('canary'), scene.now.deadline('v2')],
      [0, 'v1', undefined],
    )
  },

  'undone at a gate skips to its end at once': async (scene) => {
    await scene.running(canary())
    await scene.atGate('v2')
    const undone = await scene.deploy('v1')
    await scene.until(
      'the canary Service back',
      (moment) => moment.isHealthyOn('v1') && moment.behind('canary') === 'v1' && moment.scale('v2').replicas === 0,
    )
    never(
      await scene.story(undone),
      'another step',
      (moment) => moment.current === 'v1' && moment.status.currentStepIndex !== 4,
    )
  },

  'retried after an abort comes to its first gate': async (scene) => {
    await scene.running(canary())
    await scene.atGate('v2')
    await scene.aborted()
    await scene.until('as before', (moment) => moment.scale('v2').replicas === 0 && moment.scale('v1').available === 5)
    await scene.retry()
    await scene.untilAtStep(1)
  },

  'at a gate gives way to a newer template, and the canary Service is empty meanwhile': async (scene) => {
    await scene.running(canary())
    await scene.atGate('v2')
    const deployed = await scene.deploy({ name: 'v3', pods: 'unready' })
    await scene.until(
      'an empty canary Service',
      (moment) => moment.behind('canary') === 'v2' && moment.ready('canary') === 0,
    )
    await scene.release('v3', 1)
    await scene.untilAtGate('v3')
    inOrder(
      await scene.story(deployed),
      ['told to go', (moment) => moment.scale('v2').desired === 0],
      ['selected', (moment) => moment.behind('canary') === 'v3'],
    )
  },

  'scales both sides with spec.replicas at a gate': async (scene) => {
    await scene.running(canary())
    await scene.atGate('v2')
    await scene.spec({ op: 'replace', path: '/spec/replicas', value: 10 })
    const gate = await scene.until(
      'scaled',
      (moment) => moment.scale('v1').available === 8 && moment.scale('v2').available === 2,
    )
    assert.ok(gate.isPausedBy('CanaryPauseStep'))
  },
}
