import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { appliedByKubectl, asText, fileOf, kubectl, manifestsIn } from '../files.ts'
import { pass } from '../outages.ts'
import type { Cases } from '../play.ts'
import { said, type Scene } from '../scene.ts'
import { pair } from '../worlds.ts'

async function released(scene: Scene, code: number, ...args: readonly string[]): Promise<string> {
  const run = await scene.plugin('release', '--yes', ...args)
  assert.equal(run.code, code, said(run))
  return said(run)
}

/** The ReplicaSet that users of a member are on. */
async function liveSet(scene: Scene, member: string): Promise<string> {
  const { status } = await scene.get('rollouts', member)
  return `${member}-${status.stableRS}`
}

/** Deletes the ReplicaSet that users of a member are on, as a habit to unstick, and waits until it is there again. */
async function deleteLiveSet(scene: Scene, member: string): Promise<void> {
  const name = await liveSet(scene, member)
  const { metadata } = await scene.get('replicasets', name)
  await kubectl(scene, ['delete', 'replicaset', name, '--wait=false'])
  await scene.until(
    'replicasets',
    name,
    (found) => found.metadata.uid !== metadata.uid && found['status']?.availableReplicas === found['spec'].replicas,
  )
}

/** What its own writes have let the controller look at once more is over then. */
const rested = (scene: Scene): Promise<void> => pass(scene, '10s')

/** Applies the group's Services of such names on the server, by force: what points them is not in the manifests. */
async function forced(scene: Scene, isIt: (name: string) => boolean): Promise<void> {
  const services = manifestsIn(scene, '1.0').filter(({ kind, metadata }) => kind === 'Service' && isIt(metadata.name))
  const args = ['apply', '--server-side', '--force-conflicts', '-f', '-']
  await kubectl(scene, args, asText(services))
}

/** A release of the frontend alone: the version stays, and a setting changes. */
async function hotfixOf(scene: Scene): Promise<string> {
  const path = await fileOf(scene, '2.0')
  const [rest, frontend] = [manifestsIn(scene, '2.0').slice(0, -1), manifestsIn(scene, '2.0').at(-1)!]
  const { template } = frontend['spec']
  const metadata = { ...template.metadata, annotations: { hotfix: 'yes' } }
  const hotfixed = { ...frontend, spec: { ...frontend['spec'], template: { ...template, metadata } } }
  await writeFile(path, asText([...rest, hotfixed]))
  return path
}

export const otherHands: Cases = {
  'the live ReplicaSet of the backend is deleted while the frontend waits: its Service stays, and the release goes on':
    [
      pair(),
      async (scene) => {
        await appliedByKubectl(scene)
        await released(scene, 0, '-f', await fileOf(scene, '2.0'))
        const hotfix = ['-f', await hotfixOf(scene)]
        await released(scene, 7, ...hotfix, '--approve')
        const outage = await scene.probe()
        await deleteLiveSet(scene, 'backend')
        await scene.endpoints('backend-2-0', (ready) => ready === 2)
        const { mixed, mixedOld } = await outage.end('no backend until its pods are there again')
        assert.deepEqual({ mixed, mixedOld }, { mixed: 0, mixedOld: 0 })
        const probe = await scene.probe()
        await released(scene, 0, ...hotfix)
        const { spec } = await scene.get('replicasets', await liveSet(scene, 'frontend'))
        assert.equal(spec.template.metadata.annotations?.hotfix, 'yes')
        await probe.clean()
      },
    ],

  'all Services are applied on the server, by force: a release would go live at once, and is refused until they are pointed':
    [
      pair(),
      async (scene) => {
        await appliedByKubectl(scene)
        const probe = await scene.probe()
        await rested(scene)
        await forced(scene, () => true)
        const next = ['-f', await fileOf(scene, '2.0')]
        const refused = await released(scene, 3, ...next)
        assert.match(refused, /goes-live-at-once/)
        for (const [, command = ''] of refused.matchAll(/kubectl (annotate rollout \S+ \S+ --overwrite)/g))
          await kubectl(scene, command.split(' '))
        for (const member of scene.members)
          await scene.until('services', `${member}-active`, ({ spec }) => spec.selector['rollouts-pod-template-hash'])
        await released(scene, 0, ...next)
        await scene.isOn('2.0')
        await probe.clean()
      },
    ],

  'the Service of the backend that waits is applied on the server, by force, and leads to both: nobody is promoted': [
    pair(),
    async (scene) => {
      await appliedByKubectl(scene)
      const probe = await scene.probe()
      const next = ['-f', await fileOf(scene, '2.0', 'next'), '--wiring=as-is']
      await released(scene, 7, ...next, '--approve')
      await rested(scene)
      await forced(scene, (name) => name === 'backend-preview')
      await scene.endpoints('backend-preview', (ready) => ready === 4)
      assert.match(await released(scene, 3, ...next), /wired-to-both/)
      await scene.isOn('1.0')
      await kubectl(scene, ['annotate', 'rollout', 'backend', 'look=again'])
      await scene.endpoints('backend-preview', (ready) => ready === 2)
      await released(scene, 0, ...next)
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],
}
