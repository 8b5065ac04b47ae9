import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finished } from '../../../controlplane/run.ts'
import { pathOf } from '../../support.ts'
import { startFaultProxy, type Fault } from '../fault-proxy.ts'
import { totals } from '../ledger.ts'
import type { Cases } from '../play.ts'
import { said, type Scene } from '../scene.ts'
import { pair } from '../worlds.ts'

/** Characters that would reach into a terminal: controls but the line's end, and those that turn the direction of writing. */
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

const EVIL = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202Elaer\u2066\u200f\r\nnext\u0008'
const LONG = 'x'.repeat(100_000)
const STRINGS = { 'escape sequences': EVIL, '100 kB': LONG, '__proto__': '__proto__' }

const VIEWS = [
  'get-group', 'get-group -o wide', 'get-group -o json', 'get-group -o yaml', 'check', 'check -o json', 'graph', 'graph -o mermaid', 'graph -o dot',
  'promote-all --dry-run', 'promote-all --dry-run -o json',
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

function isHarmless({ stdout, stderr }: Finished, what: string): void {
  const index = (stdout + stderr).search(RAW)
  assert.ok(index < 0, `${what}: ${JSON.stringify((stdout + stderr).slice(Math.max(0, index - 60), index + 60))}`)
  assert.doesNotMatch(stdout + stderr, /internal error/, what)
}

/** What a run has said, as far as a message has room for. */
const start = (run: Finished): string => said(run).slice(0, 2000)

const rollout = (scene: Scene, name: string): string => `${pathOf('rollouts', scene.namespace)}/${name}`
const merge = (scene: Scene, path: string, body: object): Promise<unknown> => scene.plane.api.request('PATCH', path, body, 'application/merge-patch+json')

export const hostile: Cases = {
  'annotations of Rollouts': [pair(), async (scene) => {
    await scene.running()
    await scene.waiting()
    for (const key of ['rollouts-group/depends-on', 'rollouts-group/mode', 'rollouts-group/entry', 'argocd.argoproj.io/sync-wave']) {
      for (const [what, text] of Object.entries(STRINGS)) {
        await merge(scene, rollout(scene, 'frontend'), { metadata: { annotations: { [key]: text } } })
        await viewsAreHarmless(scene, `${key}: ${what}`)
      }
      await merge(scene, rollout(scene, 'frontend'), { metadata: { annotations: { [key]: null } } })
    }
    await merge(scene, rollout(scene, 'frontend'), { metadata: { annotations: { 'rollouts-group/depends-on': EVIL, 'rollouts-group/mode': EVIL } } })
    const run = await scene.write('promote-all')
    assert.notEqual(run.code, 0, said(run))
    assert.deepEqual(await scene.writes(), [])
  }],

  'versions and settings in ConfigMaps, and keys that objects have by themselves': [pair(), async (scene) => {
    await scene.running()
    await scene.waiting()
    const settings = `${pathOf('configmaps', scene.namespace)}/frontend-settings-2-0`
    for (const [what, text] of Object.entries(STRINGS)) {
      const data = { APP_VERSION: text, BACKEND_HOST: text, ['__proto__']: 'http://backend-preview', constructor: 'x' }
      await merge(scene, settings, { data })
      await viewsAreHarmless(scene, `ConfigMap: ${what}`)
      const run = await scene.plugin('promote-all', '--yes', '--timeout=30s')
      assert.equal(run.code, 3, `${what}: ${start(run)}`)
    }
    assert.deepEqual(await scene.writes(), [])
    await scene.isOn('1.0')
  }],

  'a status that somebody else wrote': [pair(), async (scene) => {
    await scene.running()
    await scene.waiting()
    await merge(scene, rollout(scene, 'frontend'), { metadata: { labels: { 'argo-rollouts.argoproj.io/controller-instance-id': 'nobody' } } })
    for (const [what, text] of Object.entries(STRINGS)) {
      const condition = { type: text, reason: text, message: text, status: text, lastTransitionTime: '2026-01-01T00:00:00Z', lastUpdateTime: '2026-01-01T00:00:00Z' }
      const status = { message: text, phase: text, stableRS: text, currentStepHash: text, conditions: [condition] }
      await merge(scene, `${rollout(scene, 'frontend')}/status`, { status })
      await viewsAreHarmless(scene, `status: ${what}`)
      const run = await scene.plugin('promote-all', '--yes', '--timeout=5s')
      assert.notEqual(run.code, 0, `${what}: ${start(run)}`)
    }
    assert.deepEqual(await scene.writes(), [])
  }],

  'answers that break off, end too early, never end, or never come': [pair(), async (scene) => {
    await scene.running()
    await scene.waiting()
    for (const fault of ['cut', 'truncated', 'endless', 'silent'] as const satisfies readonly Fault[]) {
      totals['bad inputs'] += 1
      const proxy = await startFaultProxy(scene.plane, ({ path }) => (path.endsWith('/services') ? fault : undefined))
      const through = scene.by(proxy.kubeconfig)
      for (const run of await Promise.all([through.plugin('get-group', '--request-timeout=1s'), through.write('promote-all', '--request-timeout=1s')])) {
        assert.equal(run.code, 1, `${fault}: ${start(run)}`)
        assert.match(run.stderr, /services/, fault)
        isHarmless(run, fault)
      }
      await proxy.close()
    }
    assert.deepEqual(await scene.writes(), [])
  }],

  '5,000 objects beside the group': [pair(), async (scene) => {
    await scene.running()
    totals['bad inputs'] += 1
    const path = pathOf('endpointslices', scene.namespace)
    const slice = (index: number) => ({
      metadata: { name: `beside-${index}`, labels: { 'kubernetes.io/service-name': `beside-${index % 100}` } },
      addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }],
    })
    const left = Array.from({ length: 5000 }, (_, index) => index)
    await Promise.all(Array.from({ length: 20 }, async () => {
      for (let index = left.pop(); index !== undefined; index = left.pop()) await scene.plane.api.request('POST', path, slice(index))
    }))
    const probe = await scene.probe()
    await scene.waiting()
    await scene.succeeds('promote-all')
    await scene.isOn('2.0')
    await probe.clean()
  }],

  'kubeconfigs of odd content': [pair(), async (scene) => {
    const script = join(scene.plane.dir, 'evil-login')
    await writeFile(script, `#!/bin/sh\nprintf '\\033[2J\\033]0;owned\\007' >&2\nprintf '{"kind":"\\033[2J"}'\nexit 1\n`, { mode: 0o700 })
    const contents = oddKubeconfigs(scene.plane.server, script)
    for (const [what, content] of Object.entries(contents)) {
      totals['bad inputs'] += 1
      const file = join(scene.plane.dir, 'odd.kubeconfig')
      await writeFile(file, content)
      const run = await scene.by(file).plugin('get-group', '--request-timeout=2s')
      assert.ok(run.code === 1 || run.code === 2, `${what}: ${start(run)}`)
      isHarmless(run, what)
    }
  }],
}

function oddKubeconfigs(server: string, script: string): Readonly<Record<string, string>> {
  const but = (more: object): string => JSON.stringify({
    apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'c', cluster: { server } }], users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }], 'current-context': 'x', ...more,
  })
  const cluster = (content: unknown): string => but({ clusters: [{ name: 'c', cluster: content }] })
  const user = (content: unknown): string => but({ users: [{ name: 'u', user: content }] })
  const nine = (one: string): string => `[${Array(9).fill(one).join(', ')}]`
  const bomb = [...'bcdefghi'].map((name, index) => `${name}: &${name} ${nine(`*${'abcdefgh'[index]}`)}`)
  return {
    'nothing': '', 'a list': '[]', 'no YAML': `\u0000\u0001{{{${EVIL}`, 'a bomb': [`a: &a ${nine('x')}`, ...bomb, ''].join('\n'),
    'a context of no such name': but({ 'current-context': EVIL }), 'a context named __proto__': but({ 'current-context': '__proto__' }),
    'a name of 100 kB': but({ 'current-context': LONG }), 'a cluster that is none': cluster(EVIL), 'a server that is none': cluster({ server: `https://${EVIL}` }),
    'a file for a server': cluster({ server: 'file:///etc/passwd' }), 'no certificate': cluster({ server, 'certificate-authority-data': 'AAAA' }),
    'a token with line ends': user({ token: EVIL }),
    'a login that shouts and fails': user({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: script, interactiveMode: 'Never' } }),
  }
}
