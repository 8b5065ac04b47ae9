import assert from 'node:assert/strict'
import { pathOf } from '../../support.ts'
import { EVIL, isHarmless, LONG, start } from '../harmless.ts'
import { totals } from '../ledger.ts'
import type { Cases } from '../play.ts'
import { said, type Scene } from '../scene.ts'
import { pair } from '../worlds.ts'

const STRINGS = { 'escape sequences': EVIL, '100 kB': LONG, __proto__: '__proto__' }

const VIEWS = [
  'get-group',
  'get-group -o wide',
  'get-group -o json',
  'get-group -o yaml',
  'check',
  'check -o json',
  'graph',
  'graph -o mermaid',
  'graph -o dot',
  'promote-all --dry-run',
  'promote-all --dry-run -o json',
]

/** Every view of the group ends, and nothing that is in it reaches the terminal raw. */
async function viewsAreHarmless(scene: Scene, what: string): Promise<void> {
  totals['bad inputs'] += 1
  for (const view of VIEWS) {
    const [verb = '', ...args] = view.split(' ')
    const run = await scene.plugin(verb, ...args)
    assert.ok(run.code === 0 || run.code === 3, `${what}: ${start(run)}`)
    isHarmless(run, `${what}, ${view}`)
  }
}

const rollout = (scene: Scene, name: string): string => `${pathOf('rollouts', scene.namespace)}/${name}`
const merge = (scene: Scene, path: string, body: object): Promise<unknown> =>
  scene.plane.api.request('PATCH', path, body, 'application/merge-patch+json')

export const hostile: Cases = {
  'annotations of Rollouts': [
    pair(),
    async (scene) => {
      await scene.running()
      await scene.waiting()
      for (const key of [
        'rollouts-group/depends-on',
        'rollouts-group/mode',
        'rollouts-group/entry',
        'argocd.argoproj.io/sync-wave',
      ]) {
        for (const [what, text] of Object.entries(STRINGS)) {
          await merge(scene, rollout(scene, 'frontend'), { metadata: { annotations: { [key]: text } } })
          await viewsAreHarmless(scene, `${key}: ${what}`)
        }
        await merge(scene, rollout(scene, 'frontend'), { metadata: { annotations: { [key]: null } } })
      }
      await merge(scene, rollout(scene, 'frontend'), {
        metadata: { annotations: { 'rollouts-group/depends-on': EVIL, 'rollouts-group/mode': EVIL } },
      })
      const run = await scene.write('promote-all')
      assert.notEqual(run.code, 0, said(run))
      assert.deepEqual(await scene.writes(), [])
    },
  ],

  'versions and settings in ConfigMaps, and keys that objects have by themselves': [
    pair(),
    async (scene) => {
      await scene.running()
      await scene.waiting()
      const settings = `${pathOf('configmaps', scene.namespace)}/frontend-settings-2-0`
      for (const [what, text] of Object.entries(STRINGS)) {
        const data = {
          APP_VERSION: text,
          BACKEND_HOST: text,
          ['__proto__']: 'http://backend-preview',
          constructor: 'x',
        }
        await merge(scene, settings, { data })
        await viewsAreHarmless(scene, `ConfigMap: ${what}`)
        const run = await scene.plugin('promote-all', '--yes', '--timeout=30s')
        assert.equal(run.code, 3, `${what}: ${start(run)}`)
      }
      assert.deepEqual(await scene.writes(), [])
      await scene.isOn('1.0')
    },
  ],

  'a status that somebody else wrote': [
    pair(),
    async (scene) => {
      await scene.running()
      await scene.waiting()
      await merge(scene, rollout(scene, 'frontend'), {
        metadata: { labels: { 'argo-rollouts.argoproj.io/controller-instance-id': 'nobody' } },
      })
      for (const [what, text] of Object.entries(STRINGS)) {
        const condition = {
          type: text,
          reason: text,
          message: text,
          status: text,
          lastTransitionTime: '2026-01-01T00:00:00Z',
          lastUpdateTime: '2026-01-01T00:00:00Z',
        }
        const status = { message: text, phase: text, stableRS: text, currentStepHash: text, conditions: [condition] }
        await merge(scene, `${rollout(scene, 'frontend')}/status`, { status })
        await viewsAreHarmless(scene, `status: ${what}`)
        const run = await scene.plugin('promote-all', '--yes', '--timeout=5s')
        assert.notEqual(run.code, 0, `${what}: ${start(run)}`)
      }
      assert.deepEqual(await scene.writes(), [])
    },
  ],

  'members named constructor and prototype, and variables of such names: released as any': [
    [{ name: 'constructor' }, { name: 'prototype', calls: ['constructor'] }],
    async (scene) => {
      totals['bad inputs'] += 1
      await scene.running()
      const probe = await scene.probe()
      await scene.waiting()
      const settings = `${pathOf('configmaps', scene.namespace)}/prototype-settings-2-0`
      await merge(scene, settings, { data: { toString: 'x', hasOwnProperty: 'x', ['__proto__']: 'x', valueOf: 'x' } })
      // Its pods have started, so what they were given is not proved.
      await scene.succeeds('promote-all', '--trust-depends-on')
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],

  '5,000 objects beside the group': [
    pair(),
    async (scene) => {
      await scene.running()
      totals['bad inputs'] += 1
      const path = pathOf('endpointslices', scene.namespace)
      const slice = (index: number) => ({
        metadata: { name: `beside-${index}`, labels: { 'kubernetes.io/service-name': `beside-${index % 100}` } },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['10.0.0.1'] }],
      })
      const left = Array.from({ length: 5000 }, (_, index) => index)
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          for (let index = left.pop(); index !== undefined; index = left.pop())
            await scene.plane.api.request('POST', path, slice(index))
        }),
      )
      const probe = await scene.probe()
      await scene.waiting()
      await scene.succeeds('promote-all')
      await scene.isOn('2.0')
      await probe.clean()
    },
  ],
}
