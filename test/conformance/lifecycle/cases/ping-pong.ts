import assert from 'node:assert/strict'
import { canary, ingress, type Manifest, service } from '../manifests.ts'
import type { Moment } from '../moment.ts'
import type { Cases } from '../play.ts'
import { never } from '../story.ts'

const USE_ANNOTATION = { name: 'use-annotation' }

function pingPong(): readonly Manifest[] {
  const alb = { ingress: 'front', rootService: 'root', servicePort: 8080 }
  const strategy = {
    stableService: undefined,
    canaryService: undefined,
    pingPong: { pingService: 'ping', pongService: 'pong' },
    trafficRouting: { alb },
  }
  return [ingress('root', USE_ANNOTATION), service('root'), service('ping'), service('pong'), canary(strategy)[2]!]
}

const roles = (moment: Moment): unknown => [
  moment.status.canary.stablePingPong,
  moment.behind('ping'),
  moment.behind('pong'),
]

export const pingPongs: Cases = {
  'has its first revision behind ping': async (scene) => {
    await scene.create(...pingPong())
    const first = await scene.untilHealthyOn('v1')
    assert.deepEqual(roles(first), ['ping', 'v1', undefined])
  },

  'points the other Service at the canary at once, and changes their roles at its end': async (scene) => {
    await scene.create(...pingPong())
    const { rollout } = await scene.untilHealthyOn('v1')
    const gate = await scene.atGate('v2')
    assert.deepEqual(
      [roles(gate), gate.weights],
      [
        ['ping', 'v1', 'v2'],
        [20, 80],
      ],
    )
    await scene.promote()
    await scene.untilAtStep(3)
    await scene.promote()
    const end = await scene.untilHealthyOn('v2')
    assert.deepEqual(roles(end), ['pong', 'v1', 'v2'])
    never(await scene.story(rollout), 'ping moved', (moment) => moment.behind('ping') !== 'v1')
    const next = await scene.atGate('v3')
    assert.deepEqual(roles(next), ['pong', 'v3', 'v2'])
  },
}
