import assert from 'node:assert/strict'
import type { Cases } from '../play.ts'
import { pair } from '../worlds.ts'

/** What must be counted: a prober that sees nothing here would see nothing anywhere. */
export const controls: Cases = {
  'old connections, where nobody waits for old pods (--drain=endpoints)': [
    pair(),
    async (scene) => {
      await scene.running()
      await scene.waiting()
      const probe = await scene.probe()
      await scene.succeeds('promote-all', '--drain=endpoints')
      const { mixed, mixedOld } = await probe.end('mixed, as it must be')
      assert.ok(mixed === 0 && mixedOld > 0, JSON.stringify({ mixed, mixedOld }))
    },
  ],

  'live requests, where the backend is promoted first': [
    pair(),
    async (scene) => {
      await scene.running()
      await scene.waiting()
      const probe = await scene.probe()
      await scene.official('promote', 'backend')
      await scene.until('rollouts', 'backend', ({ status }) => status.stableRS === status.currentPodHash)
      await scene.succeeds('promote-all')
      assert.ok((await probe.end('mixed, as it must be')).mixed > 0)
      await scene.isOn('2.0')
    },
  ],

  'live requests by an alias, where the backend is promoted first': [
    pair({ byAlias: true }),
    async (scene) => {
      await scene.running()
      await scene.waiting()
      const probe = await scene.probe()
      await scene.official('promote', 'backend')
      await scene.until('rollouts', 'backend', ({ status }) => status.stableRS === status.currentPodHash)
      assert.ok((await probe.end('mixed, as it must be')).mixed > 0)
    },
  ],
}
