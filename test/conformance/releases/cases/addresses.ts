import assert from 'node:assert/strict'
import type { Cases } from '../play.ts'
import { said } from '../scene.ts'
import { till } from '../worlds.ts'

/** Ways to a Service that are not its name. */
export const addresses: Cases = {
  'an alias by which the next middle reaches the live pay, under a front that calls the next one: refused': [
    till,
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting('2.0', 'next', ['pay'])
      await scene.waiting('2.0', 'live', ['mid'])
      await scene.waiting('2.0', 'next', ['front'])
      const run = await scene.write('promote-all')
      assert.equal(run.code, 3, said(run))
      assert.match(run.stderr + run.stdout, /next-wired-to-live/)
      assert.deepEqual(await scene.writes(), [])
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],

  'aliases that lead each next middle to the next pay: promoted': [
    till,
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      await scene.succeeds('promote-all')
      assert.deepEqual(await scene.writes(), ['rollouts/status front', 'rollouts/status mid', 'rollouts/status pay'])
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],
}
