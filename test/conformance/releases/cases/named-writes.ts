import assert from 'node:assert/strict'
import { appliedByKubectl, fileOf } from '../files.ts'
import { killedOnceIn, type Named } from '../killed.ts'
import type { Case, Cases } from '../play.ts'
import { said } from '../scene.ts'
import { pair } from '../worlds.ts'

/** Killed there, and made again: it comes to its end, after which there is nothing to do. */
const goesOn = (named: Named, users: '1.0' | '2.0' | 'between', ...args: readonly string[]): Case => [
  pair(),
  async (scene) => {
    await appliedByKubectl(scene)
    const probe = await scene.probe()
    const release = ['-f', await fileOf(scene, '2.0'), ...args]
    await killedOnceIn(scene, named, 'release', ...release)
    if (users !== 'between') await scene.isOn(users)
    const again = await scene.plugin('release', ...release, '--yes', '--break-lock')
    assert.equal(again.code, 0, said(again))
    await scene.isOn('2.0')
    const idle = await scene.plugin('release', ...release, '--yes')
    assert.equal(idle.code, 0, said(idle))
    assert.match(idle.stdout, /nothing to release, users are on 2\.0/)
    await probe.clean()
  },
]

export const namedWrites: Cases = {
  'the first Service': goesOn([/^POST .*\/services$/, 1], '1.0'),
  'the first Rollout': goesOn([/^PATCH .*\/rollouts\/\w+$/, 1], '1.0'),
  'the last Rollout': goesOn([/^PATCH .*\/rollouts\/\w+$/, 2], '1.0'),
  'the first promote': goesOn([/^PATCH .*\/rollouts\/frontend\/status$/, 1], 'between'),
  'the first write that points users back to live Services': goesOn(
    [/^PATCH .*\/rollouts\/frontend$/, 2],
    '2.0',
    '--wiring=preview',
  ),
}
