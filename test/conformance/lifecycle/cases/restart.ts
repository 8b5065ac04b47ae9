import assert from 'node:assert/strict'
import { blueGreen, canary } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import type { Scene } from '../scene.ts'
import { never, once } from '../story.ts'

/** Now, by the cluster's clock, written in another zone than the controller writes its times in. */
async function restart(scene: Scene): Promise<string> {
  await scene.pass('2s')
  const clock = scene.now
    .find('pods', 'clock')!
    ['status'].conditions.find(({ type }: { type: string }) => type === 'Ready')
  const value = clock.lastTransitionTime.replace(/Z$/, '+00:00')
  await scene.spec({ op: 'add', path: '/spec/restartAt', value })
  return value
}

/** No pod of before is left. */
const isNew = (moment: Moment, old: readonly string[]): boolean =>
  moment.pods('v1').every(({ metadata }) => !old.includes(metadata.name))

const isRestarted = ({ status, rollout }: Moment): boolean =>
  Date.parse(status.restartedAt ?? '') === Date.parse(rollout['spec'].restartAt ?? '')

export const restarts: Cases = {
  'of a blue/green Rollout replaces its pods one at a time, and is over by the time, however it is written': async (
    scene,
  ) => {
    const before = await scene.running(blueGreen())
    const old = before.pods('v1').map(({ metadata }) => metadata.name)
    await restart(scene)
    const after = await scene.until(
      'restarted',
      (moment) => isRestarted(moment) && moment.isHealthyOn('v1') && moment.ready('active') === 2 && isNew(moment, old),
    )
    assert.match(after.status.restartedAt, /Z$/)
    const story = await scene.story(before.rollout)
    once(story, 'restarting', (moment) => moment.status.message === 'rollout is restarting')
    never(story, 'an empty Service', (moment) => moment.ready('active') === 0)
  },

  'of a canary leaves as many pods as maxUnavailable allows': async (scene) => {
    const before = await scene.running(canary({ maxUnavailable: 0 }, { replicas: 3 }))
    const old = before.pods('v1').map(({ metadata }) => metadata.name)
    await restart(scene)
    await scene.until(
      'restarted',
      (moment) =>
        isRestarted(moment) && moment.isHealthyOn('v1') && moment.scale('v1').available === 3 && isNew(moment, old),
    )
    never(await scene.story(before.rollout), 'two at a time', (moment) => moment.scale('v1').available < 2)
  },

  'replaces the pods that wait at a gate, too, and the gate stands': async (scene) => {
    const before = await scene.running(blueGreen())
    await scene.atGate('v2')
    const old = scene.now.all('pods').map(({ metadata }) => metadata.name)
    await restart(scene)
    const after = await scene.until(
      'restarted at its gate',
      (moment) =>
        isRestarted(moment) &&
        moment.isPausedBy('BlueGreenPause') &&
        moment.ready('active') === 2 &&
        moment.ready('preview') === 2 &&
        moment.all('pods').every(({ metadata }) => metadata.name === 'clock' || !old.includes(metadata.name)),
    )
    assert.deepEqual([after.behind('active'), after.behind('preview')], ['v1', 'v2'])
    never(await scene.story(before.rollout), 'an empty live Service', (moment) => moment.ready('active') === 0)
  },

  'of a single pod empties its Service': async (scene) => {
    const before = await scene.running(blueGreen({}, { replicas: 1 }))
    const old = before.pods('v1').map(({ metadata }) => metadata.name)
    await restart(scene)
    await scene.until(
      'restarted',
      (moment) => isRestarted(moment) && moment.ready('active') === 1 && isNew(moment, old),
    )
    once(await scene.story(before.rollout), 'an empty Service', (moment) => moment.ready('active') === 0)
  },

  'goes on while it is paused by hand': async (scene) => {
    const before = await scene.running(blueGreen())
    const old = before.pods('v1').map(({ metadata }) => metadata.name)
    await scene.spec({ op: 'add', path: '/spec/paused', value: true })
    await scene.until('paused by hand', (moment) => moment.isCurrent && moment.status.message === 'manually paused')
    await restart(scene)
    await scene.until(
      'restarted',
      (moment) => isRestarted(moment) && moment.ready('active') === 2 && isNew(moment, old),
    )
  },
}
