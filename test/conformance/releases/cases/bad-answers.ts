import assert from 'node:assert/strict'
import { startFaultProxy, type Asked, type Fault } from '../fault-proxy.ts'
import { isHarmless, start } from '../harmless.ts'
import { totals } from '../ledger.ts'
import type { Cases } from '../play.ts'
import { pair } from '../worlds.ts'

export const badAnswers: Cases = {
  'answers that break off, end too early, never end, or never come': [
    pair(),
    async (scene) => {
      await scene.running()
      await scene.waiting()
      for (const fault of ['cut', 'truncated', 'endless', 'silent'] as const satisfies readonly Fault[]) {
        totals['bad inputs'] += 1
        await using proxy = await startFaultProxy(scene.plane, ({ path }) =>
          path.endsWith('/services') ? fault : undefined,
        )
        const through = scene.by(proxy.kubeconfig)
        for (const run of await Promise.all([
          through.plugin('get-group', '--request-timeout=5s'),
          through.write('promote-all', '--request-timeout=5s'),
        ])) {
          assert.equal(run.code, 1, `${fault}: ${start(run)}`)
          assert.match(run.stderr, /services/, `${fault}: ${start(run)}`)
          isHarmless(run, fault)
        }
      }
      assert.deepEqual(await scene.writes(), [])
    },
  ],

  'an answer that never ends and comes fast, where nobody has set a time': [
    pair(),
    async (scene) => {
      await scene.running()
      totals['bad inputs'] += 1
      await using proxy = await startFaultProxy(scene.plane, ({ path }) =>
        path.endsWith('/services') ? 'flood' : undefined,
      )
      const run = await scene.by(proxy.kubeconfig).plugin('get-group')
      assert.equal(run.code, 1, start(run))
      assert.match(run.stderr, /services/)
      isHarmless(run, 'flood')
    },
  ],

  'a watch whose first event never ends: the time is up, nothing is said to be done, and no request notices': [
    pair(),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      totals['bad inputs'] += 1
      await using proxy = await startFaultProxy(scene.plane, ({ isWatch }) => (isWatch ? 'endless' : undefined))
      const run = await scene.by(proxy.kubeconfig).plugin('promote-all', '--yes', '--timeout=5s')
      assert.equal(run.code, 6, start(run))
      assert.doesNotMatch(run.stdout, /users on 2\.0/)
      isHarmless(run, 'endless watch')
      assert.equal((await scene.versions())['backend'], '1.0')
      await probe.clean()
    },
  ],

  'refusals that shout, whatever they are of': [
    pair(),
    async (scene) => {
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const refused = {
        reading: ({ path }: Asked) => path.endsWith('/rollouts'),
        settings: ({ path }: Asked) => path.includes('/configmaps'),
        'the review of permissions': ({ path }: Asked) => path.endsWith('/selfsubjectaccessreviews'),
        'the lock': ({ path }: Asked) => path.includes('/leases'),
        'the promote': ({ method, path }: Asked) => method === 'PATCH' && path.includes('/rollouts/'),
        watching: ({ isWatch }: Asked) => isWatch,
      }
      for (const [what, of] of Object.entries(refused)) {
        totals['bad inputs'] += 1
        await using proxy = await startFaultProxy(scene.plane, (asked) =>
          of(asked) || (what === 'the lock' && refused['the promote'](asked)) ? 'shout' : undefined,
        )
        const run = await scene.by(proxy.kubeconfig).plugin('promote-all', '--yes', '--timeout=10s')
        assert.notEqual(run.code, 0, `${what}: ${start(run)}`)
        assert.doesNotMatch(run.stdout, /users on 2\.0/)
        isHarmless(run, what)
        if (what !== 'watching') await scene.isOn('1.0')
      }
      assert.equal((await scene.versions())['backend'], '1.0')
      await probe.clean()
    },
  ],
}
