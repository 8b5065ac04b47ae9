import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { totals } from '../ledger.ts'
import type { World } from '../manifests.ts'
import type { Case, Cases } from '../play.ts'
import { dice } from '../random.ts'
import { Run } from '../run.ts'
import { said, type Scene } from '../scene.ts'
import { canaries, chain, diamond, lasting, mixture, pair } from '../worlds.ts'

/** How often each run is killed, at most. */
const KILLS = 10

/**
 * Starts a verb and kills it, again and again: so many events and milliseconds after it began as the dice say. Then
 * lets it come to its end. A lock that a killed run has left is broken, or outlived.
 */
async function killedAgainAndAgain(
  scene: Scene,
  verb: 'promote-all' | 'abort-all',
  ...args: readonly string[]
): Promise<void> {
  const random = dice(scene.name)
  for (let kills = 0; kills < KILLS; kills++) {
    const run = new Run(scene, verb, ...args, ...(random() < 0.7 ? ['--break-lock'] : []))
    const events = Math.floor(random() * 4)
    await run.tells((_, index) => index + 1 >= events)
    await Promise.race([delay(random() * (events === 0 ? 1500 : 400)), run.ended])
    run.kill()
    const end = await run.ended
    if (end.code === 0) return
    assert.equal(end.code, null, said(end))
    totals.kills += 1
  }
  await scene.succeeds(verb, ...args)
}

const promotedOverCrashes = (world: World, ...args: readonly string[]): Case => [
  lasting(world),
  async (scene) => {
    await scene.running()
    const probe = await scene.probe()
    await scene.waiting()
    await killedAgainAndAgain(scene, 'promote-all', ...args)
    await scene.isOn('2.0')
    await probe.clean()
  },
]

export const crashes: Cases = {
  'a pair, killed': promotedOverCrashes(pair()),
  'a pair whose frontend must first start pods, killed': promotedOverCrashes(
    pair({ strategy: { previewReplicaCount: 1 } }),
  ),
  'a chain of five, killed': promotedOverCrashes(chain),
  'a diamond, killed': promotedOverCrashes(diamond),
  'canaries, killed': promotedOverCrashes(canaries, '--to-end'),
  'a canary frontend over a blue/green backend, killed': promotedOverCrashes(mixture, '--to-end'),
  'the way back of a chain, killed': [
    chain,
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      await killedAgainAndAgain(scene, 'abort-all')
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],
}
