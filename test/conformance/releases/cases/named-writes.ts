import assert from 'node:assert/strict'
import { appliedByKubectl, fileOf } from '../files.ts'
import { killedOnceIn, type Named } from '../killed.ts'
import type { Case, Cases } from '../play.ts'
import { said, type Scene } from '../scene.ts'
import { watchUntil } from '../../../controlplane/watch-until.ts'
import { pathOf } from '../../support.ts'
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
  'the write that hands the Service of a release that is over to its ReplicaSet': [
    pair(),
    async (scene) => {
      await appliedByKubectl(scene)
      const probe = await scene.probe()
      for (const version of ['2.0', '3.0']) await released(scene, version)
      await handed(scene, 'Rollout')
      await killedOnceIn(scene, [/^PATCH .*\/services\/backend-2-0$/, 1], 'release', '-f', await fileOf(scene, '4.0'))
      await handed(scene, 'ReplicaSet')
      await scene.isOn('3.0')
      await released(scene, '4.0', '--break-lock')
      await handed(scene, 'ReplicaSet')
      // With its ReplicaSet Kubernetes takes it away, and with nothing else.
      const [set] = await setsOf(scene, '2.0')
      await scene.plane.api.request('DELETE', `${pathOf('replicasets', scene.namespace)}/${set!.metadata.name}`)
      await watchUntil(
        scene.plane.api,
        pathOf('services', scene.namespace),
        (services) => !services.some(({ metadata }) => metadata.name === 'backend-2-0'),
      )
      await probe.clean()
    },
  ],
}

async function released(scene: Scene, version: string, ...args: readonly string[]): Promise<void> {
  const run = await scene.plugin('release', '-f', await fileOf(scene, version), '--yes', ...args)
  assert.equal(run.code, 0, said(run))
  await scene.isOn(version)
}

const setsOf = (scene: Scene, version: string) => scene.list('replicasets', `app=backend,version=${version}`)

/** The Service of release 2.0 has one owner, which is there. */
async function handed(scene: Scene, to: 'Rollout' | 'ReplicaSet'): Promise<void> {
  const { metadata } = await scene.get('services', 'backend-2-0')
  const owner = to === 'Rollout' ? await scene.get('rollouts', 'backend') : (await setsOf(scene, '2.0'))[0]!
  assert.deepEqual(
    metadata.ownerReferences?.map(({ kind, name, uid }) => [kind, name, uid]),
    [[to, owner.metadata.name, owner.metadata.uid]],
  )
}
