import assert from 'node:assert/strict'
import { blueGreen, template, type Manifest } from '../manifests.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { never } from '../story.ts'

const deployment: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'app' },
  spec: { replicas: 0, selector: { matchLabels: { app: 'app' } }, template: template('v1') },
}
const referring = { template: undefined, workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' } }

const running = (scene: Scene): Promise<unknown> => scene.running([deployment, ...blueGreen({}, referring)])
const deploy = (scene: Scene, version: string): Promise<unknown> =>
  scene.patch('deployments', 'app', [{ op: 'replace', path: '/spec/template', value: template(version) }])

export const workloadRef: Cases = {
  'shows a new template by the generation of its workload, not by its own': async (scene) => {
    await running(scene)
    const { rollout } = scene.now
    assert.equal(rollout['spec'].template, undefined)
    await deploy(scene, 'v2')
    const gate = await scene.untilAtGate('v2')
    const { metadata } = gate.get('deployments', 'app')
    assert.equal(gate.rollout.metadata.generation, rollout.metadata.generation)
    assert.deepEqual(
      [
        gate.status.workloadObservedGeneration,
        gate.rollout.metadata.annotations?.['rollout.argoproj.io/workload-generation'],
      ],
      [String(metadata.generation), String(metadata.generation)],
    )
    await scene.promote()
    await scene.untilHealthyOn('v2')
  },

  'is undone by the template of its workload': async (scene) => {
    await running(scene)
    await deploy(scene, 'v2')
    await scene.untilAtGate('v2')
    await deploy(scene, 'v1')
    const healthy = await scene.untilHealthyOn('v1')
    assert.equal(healthy.behind('preview'), 'v1')
  },

  'is invalid, and keeps its pods, once its workload is gone; it is as before when that is back': async (scene) => {
    await running(scene)
    await scene.api.request('DELETE', `/apis/apps/v1/namespaces/${scene.namespace}/deployments/app`)
    const { rollout } = await scene.until('gone', (moment) => moment.find('deployments', 'app') === undefined)
    await scene.spec({ op: 'add', path: '/metadata/annotations/look', value: 'again' })
    const invalid = await scene.until('invalid', (moment) => moment.phase === 'Degraded')
    assert.match(
      invalid.status.message,
      /^InvalidSpec: The Rollout "app" is invalid: deployments\.apps "[^"]*app" not found$/,
    )
    const later = await scene.pass('3s')
    assert.deepEqual([later.scale('v1').available, later.ready('active'), later.behind('active')], [2, 2, 'v1'])
    await scene.create(deployment)
    await scene.untilHealthyOn('v1')
    never(await scene.story(rollout), 'pods gone', (moment) => moment.ready('active') !== 2)
  },

  'is invalid, and keeps its pods, if a template is written into it': async (scene) => {
    await running(scene)
    await scene.spec({ op: 'add', path: '/spec/template', value: template('v2') })
    const invalid = await scene.until('invalid', (moment) => moment.phase === 'Degraded')
    assert.match(
      invalid.status.message,
      /^InvalidSpec: The Rollout "app" is invalid: template must be empty for workload reference rollout/,
    )
    const later = await scene.pass('3s')
    assert.deepEqual([later.scale('v1').available, later.ready('active'), later.versions], [2, 2, ['v1']])
    await scene.spec({ op: 'remove', path: '/spec/template' })
    await scene.untilHealthyOn('v1')
  },
}
