import assert from 'node:assert/strict'
import { apply } from '../../support.ts'
import { appliedByKubectl, fileOf } from '../files.ts'
import type { Cases } from '../play.ts'
import { said } from '../scene.ts'
import { pair } from '../worlds.ts'

export const fromFiles: Cases = {
  'two releases in a row': [
    pair(),
    async (scene) => {
      await appliedByKubectl(scene)
      const probe = await scene.probe()
      for (const version of ['2.0', '3.0']) {
        const pinned = await scene.plugin('pin', '-f', await fileOf(scene, version))
        assert.equal(pinned.code, 0, said(pinned))
        await apply(scene.plane, scene.namespace, pinned.stdout)
        await scene.atGates()
        await scene.succeeds('promote-all')
        await scene.isOn(version)
      }
      await probe.clean()
    },
  ],
}
