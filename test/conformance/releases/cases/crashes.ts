import { killedAgainAndAgain } from '../killed.ts'
import type { World } from '../manifests.ts'
import type { Case, Cases } from '../play.ts'
import { canaries, chain, diamond, lasting, mixture, pair } from '../worlds.ts'

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
