import assert from 'node:assert/strict'
import { requestsOf } from '../../audit.ts'
import { allow as allowIn, RULES, type Rule } from '../../rights.ts'
import type { Cases } from '../play.ts'
import { said, type Scene } from '../scene.ts'
import { pair } from '../worlds.ts'

/** Rules of one verb on one resource each. */
const PERMISSIONS = RULES.flatMap((rule) =>
  rule.resources.flatMap((resource) =>
    rule.verbs.map((verb): Rule => ({ ...rule, resources: [resource], verbs: [verb] })),
  ),
)
/** Without it a run goes on, and says what is missing, or takes for an entry what may be none. */
const isUseful = ({ resources: [resource = ''], verbs: [verb] }: Rule): boolean =>
  ['leases', 'events', 'ingresses', 'httproutes'].includes(resource) ||
  (['replicasets', 'services'].includes(resource) && verb === 'patch')
const isForAbort = ({ resources: [resource], verbs: [verb] }: Rule): boolean =>
  resource === 'rollouts' && verb === 'patch'

const allow = ({ plane, namespace }: Scene, user: string, rules: readonly Rule[]) =>
  allowIn(plane, namespace, user, rules)

const flat = (text: string): string => text.replace(/\s+/g, ' ')

export const permissions: Cases = {
  'the whole Role suffices, and nothing is warned of': [
    pair(),
    async (scene) => {
      await allow(scene, 'operator', RULES)
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const operator = scene.by(scene.plane.kubeconfigFor('operator'))
      await operator.succeeds('abort-all', '--to-stable')
      await scene.waiting('3.0')
      const { stderr } = await operator.succeeds('promote-all')
      assert.doesNotMatch(stderr, /forbidden|no lock|no Event|history/)
      const created = await requestsOf(scene.plane, { namespace: scene.namespace, user: 'operator', verbs: ['create'] })
      assert.deepEqual([...new Set(created.map(({ resource, code }) => `${resource} ${code}`))].sort(), [
        'events 201',
        'leases 201',
      ])
      await scene.isOn('3.0')
      await probe.clean()
    },
  ],

  'its first three rules suffice to look, and for nothing more': [
    pair(),
    async (scene) => {
      await allow(scene, 'viewer', RULES.slice(0, 3))
      await scene.running()
      await scene.waiting()
      const viewer = scene.by(scene.plane.kubeconfigFor('viewer'))
      for (const verb of ['get-group', 'check', 'graph']) {
        const run = await viewer.plugin(verb)
        assert.equal(run.code, 0, said(run))
        assert.doesNotMatch(run.stdout + run.stderr, /forbidden|unreadable/)
      }
      for await (const change of viewer.watching()) {
        assert.match(change, /frontend/)
        break
      }
      const run = await viewer.write('promote-all')
      assert.equal(run.code, 3, said(run))
      for (const name of scene.members)
        assert.match(
          flat(run.stderr),
          new RegExp(`you may not patch rollouts/status of ${name} in namespace ${scene.namespace}`),
        )
      assert.match(flat(run.stderr), /you may not watch pods/)
      assert.deepEqual(await scene.writes(), [])
    },
  ],

  'without Leases and Events, and without what abort-all alone needs, it warns and promotes': [
    pair(),
    async (scene) => {
      await allow(
        scene,
        'pipeline',
        PERMISSIONS.filter((rule) => !isUseful(rule) && !isForAbort(rule)),
      )
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const run = await scene.by(scene.plane.kubeconfigFor('pipeline')).succeeds('promote-all')
      assert.match(flat(run.stderr), /no lock for group shop/)
      assert.match(flat(run.stderr), /no Event was written for rollout\/frontend/)
      assert.match(flat(run.stderr), /history will not know since when 2\.0 is live/)
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],

  'a Role that names only one member: the other is named before anything is written': [
    pair(),
    async (scene) => {
      await allow(
        scene,
        'half',
        RULES.map((rule) =>
          rule.resources.includes('rollouts/status') ? { ...rule, resourceNames: ['frontend'] } : rule,
        ),
      )
      await scene.running()
      await scene.waiting()
      const run = await scene.write('promote-all', '--as=half')
      assert.equal(run.code, 3, said(run))
      assert.match(flat(run.stderr), /you may not patch rollouts\/status of backend/)
      assert.doesNotMatch(run.stderr, /of frontend/)
      assert.deepEqual(await scene.writes(), [])
    },
  ],

  'every single permission that is missing is named before anything is written': [
    pair(),
    async (scene) => {
      await scene.running()
      await scene.waiting()
      const missing = PERMISSIONS.filter((each) => !isUseful(each)).map((rule, index) => ({
        rule,
        user: `lacks-${index}`,
      }))
      for (const { rule, user } of missing)
        await allow(
          scene,
          user,
          PERMISSIONS.filter((each) => each !== rule),
        )
      const unnamed: string[] = []
      const tries = missing.map(({ rule, user }) => async () => {
        const [resource, verb] = [rule.resources[0]!, rule.verbs[0]!]
        const run = await (isForAbort(rule)
          ? scene.write('abort-all', '--to-stable', `--as=${user}`)
          : scene.write('promote-all', `--as=${user}`))
        const named =
          resource === 'configmaps'
            ? /ConfigMap frontend-settings-2-0 in namespace \S+ may not be read/
            : new RegExp(`(you may not|cannot) ${verb} (resource ")?${resource}\\b`)
        if ((run.code !== 3 && run.code !== 1) || !named.test(flat(run.stderr + run.stdout)))
          unnamed.push(`${verb} ${resource}: ${said(run)}`)
      })
      for (; tries.length > 0; ) await Promise.all(tries.splice(0, 3).map((each) => each()))
      assert.deepEqual(unnamed, [])
      assert.deepEqual(await scene.writes(), [])
      await scene.isOn('1.0')
    },
  ],
}
