import assert from 'node:assert/strict'
import { totals } from '../ledger.ts'
import type { World } from '../manifests.ts'
import type { Case, Cases } from '../play.ts'
import { Run, type Told } from '../run.ts'
import { said, type Scene } from '../scene.ts'
import { diamond, eleven, lasting, ten } from '../worlds.ts'

/** Starts a promotion of so many waves, and kills it at the first event that is so. */
async function killedAt(scene: Scene, waves: number, isIt: (event: Told) => boolean): Promise<void> {
  const run = new Run(scene, 'promote-all', '--break-lock')
  await run.tells(isIt)
  run.kill()
  const end = await run.ended
  assert.equal(end.code, null, said(end))
  assert.equal(run.told.find(({ type }) => type === 'started')?.['waves'], waves, said(end))
  totals.kills += 1
}

const killedBetween = (world: World): Case => [
  lasting(world),
  async (scene) => {
    const entry = world.at(-1)!.name
    await scene.running()
    const probe = await scene.probe()
    await scene.deploy('2.0')
    await scene.atGates()
    await killedAt(scene, 2, ({ type, member }) => type === 'patched' && member === entry)
    await killedAt(scene, 1, ({ type, member }) => type === 'patched' && member !== entry)
    await scene.succeeds('promote-all', '--break-lock')
    await scene.isOn('2.0')
    await probe.clean()
  },
]

export const twoWaves: Cases = {
  'a chain of ten': killedBetween(ten),
  'eleven services': killedBetween(eleven),
  'the diamond': killedBetween(diamond),
}
