import assert from 'node:assert/strict'
import { rollout, service, template, type Manifest } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { inOrder, never } from '../story.ts'

/** A Deployment of two pods, a Rollout that refers to it, and one plain Service over the pods of both. */
async function referred(scene: Scene, scaleDown: string): Promise<void> {
  const deployment: Manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'app' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'app' } }, template: template('v1') },
  }
  await scene.create(service('plain'), deployment)
  await scene.until('its own pods', (moment) => moment.ready('plain') === 2)
  const workloadRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app', scaleDown }
  await scene.create(rollout({ replicas: 2, workloadRef, strategy: { canary: { steps: [{ pause: {} }] } } }))
  await scene.untilHealthyOn('v1')
}

/** Ready pods, of either: their EndpointSlices lag behind them. */
const readyPods = (moment: Moment): number =>
  moment
    .pods('v1')
    .filter(({ status }: any) =>
      status?.conditions?.some((each: any) => each.type === 'Ready' && each.status === 'True'),
    ).length

const own = (moment: Moment): number => moment.find('deployments', 'app')?.['spec'].replicas

/** `workloadRef.scaleDown`. Played on the real controller alone: the simulated cluster runs no Deployment. */
export const ownPods: Cases = {
  'stay behind a plain Service, beside those of the Rollout, with scaleDown: never': async (scene) => {
    await referred(scene, 'never')
    await scene.until('both', (moment) => moment.ready('plain') === 4)
    const later = await scene.pass('3s')
    assert.deepEqual([own(later), later.ready('plain')], [2, 4])
  },

  'go once the Rollout is healthy, with scaleDown: onsuccess': async (scene) => {
    await referred(scene, 'onsuccess')
    await scene.until('gone', (moment) => own(moment) === 0 && moment.ready('plain') === 2)
    inOrder(
      await scene.story(),
      ['both', (moment) => readyPods(moment) === 4],
      ['to go', (moment) => own(moment) === 0 && moment.isHealthyOn('v1')],
    )
  },

  'give way to those of the Rollout one by one, with scaleDown: progressively': async (scene) => {
    await referred(scene, 'progressively')
    await scene.until('gone', (moment) => own(moment) === 0 && moment.ready('plain') === 2)
    const story = await scene.story()
    inOrder(
      story,
      ['its own alone', (moment) => moment.ready('plain') === 2 && own(moment) === 2],
      [
        'pods of both',
        (moment) => moment.scale('v1').available > 0 && moment.ready('plain') > moment.scale('v1').available,
      ],
      ['none of its own', (moment) => own(moment) === 0],
    )
    never(
      story.slice(story.findIndex((moment) => moment.ready('plain') === 2)),
      'nobody to answer',
      (moment) => moment.ready('plain') === 0,
    )
  },
}
