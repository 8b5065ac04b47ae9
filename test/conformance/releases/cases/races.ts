import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GROUP } from '../manifests.ts'
import type { Cases } from '../play.ts'
import { Run } from '../run.ts'
import { said } from '../scene.ts'
import { chain, pair } from '../worlds.ts'

export const races: Cases = {
  'two runs started at once: one wins, the other names it': [
    pair({ strategy: { scaleDownDelaySeconds: 25 } }),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const ends = await Promise.all([scene.write('promote-all'), scene.write('promote-all')])
      const [won, lost] = ends.sort((one, other) => one.code! - other.code!)
      assert.deepEqual([won!.code, lost!.code], [0, 5], ends.map(said).join('\n'))
      const [, runId] = /by \S+@[^\s/]+\/(\S+?)[;,]/.exec(lost!.stdout.replace(/\s+/g, ' ')) ?? []
      assert.ok(runId, said(lost!))
      const events = await scene.list('events')
      assert.ok(
        events.some(({ message }) => message.includes(`run ${runId}`)),
        `no Event of run ${runId}`,
      )
      assert.deepEqual(await scene.writes(), ['rollouts/status frontend', 'rollouts/status backend'])
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],

  'a revision applied after the plan was saved: nothing is written': [
    pair(),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const plan = await scene.plugin('promote-all', '--dry-run', '-o', 'json')
      assert.equal(plan.code, 0, said(plan))
      const file = join(scene.plane.dir, `${scene.namespace}.json`)
      await writeFile(file, plan.stdout)
      await scene.waiting('3.0')
      const run = await scene.write('promote-all', '--plan', file)
      assert.equal(run.code, 5, said(run))
      assert.deepEqual(await scene.writes(), [])
      await scene.isOn('1.0')
      await probe.clean()
    },
  ],

  'a saved plan is carried out, where nothing has changed': [
    pair(),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const file = join(scene.plane.dir, `${scene.namespace}.json`)
      await writeFile(file, (await scene.plugin('promote-all', '--dry-run', '-o', 'json')).stdout)
      await scene.succeeds('promote-all', '--plan', file)
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],

  'a newer frontend applied while the first wave drains: it stays at its gate': [
    pair({ strategy: { scaleDownDelaySeconds: 12 } }),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const run = new Run(scene, 'promote-all')
      await run.tells(({ type }) => type === 'draining')
      await scene.deploy('3.0', { members: ['frontend'] })
      const end = await run.ended
      assert.equal(end.code, 4, said(end))
      assert.match(end.stdout, /"outcome":"changed"/)
      assert.deepEqual(await scene.versions(), { frontend: '2.0', backend: '1.0' })
      await probe.clean()
    },
  ],

  'a newer backend applied while the first wave drains: it is never promoted': [
    chain,
    async (scene) => {
      await scene.running()
      await scene.waiting()
      const run = new Run(scene, 'promote-all')
      await run.tells(({ type }) => type === 'draining')
      await scene.deploy('3.0', { members: ['e'] })
      const end = await run.ended
      assert.ok(end.code === 4 || end.code === 5, said(end))
      assert.match(end.stdout, /"outcome":"changed"/)
      assert.equal((await scene.versions())['e'], '1.0')
    },
  ],

  'a run holds the Lease of its group and frees it; each promotion is an Event on its Rollout': [
    pair({ strategy: { scaleDownDelaySeconds: 8 } }),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const run = new Run(scene, 'promote-all')
      const started = await run.tells(({ type }) => type === 'started')
      await run.tells(({ type }) => type === 'draining')
      const [lease, ...others] = await scene.list('leases')
      assert.equal(others.length, 0)
      assert.equal(lease!.metadata.name, `rollouts-group-${GROUP}`)
      assert.match(lease!['spec'].holderIdentity, new RegExp(`^\\S+@\\S+/${started!['runId']}$`))
      await scene.until('leases', lease!.metadata.name, ({ spec }) => spec.renewTime > lease!['spec'].renewTime)
      const end = await run.ended
      assert.equal(end.code, 0, said(end))
      assert.deepEqual(await scene.list('leases'), [])
      const events = (await scene.list('events')).filter(({ reason }) => reason.startsWith('Group'))
      assert.deepEqual(
        events
          .map(({ involvedObject, reason, type }) => `${type} ${reason} ${involvedObject.kind}/${involvedObject.name}`)
          .sort(),
        ['Normal GroupPromoted Rollout/backend', 'Normal GroupPromoted Rollout/frontend'],
      )
      for (const { message } of events) assert.match(message, new RegExp(`run ${started!['runId']}.*1\\.0 → 2\\.0`))
      await probe.clean()
    },
  ],
}
