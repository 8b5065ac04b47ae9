import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { tokenOf } from '../../src/sim/api/access.ts'
import { blueGreen } from '../conformance/lifecycle/manifests.ts'
import { Api } from '../controlplane/api.ts'

const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

describe('demo --serve', function () {
  this.timeout(90_000)
  let tmp: string
  beforeEach(() => {
    tmp = mkdtempSync(join(tmpdir(), 'demo-served-'))
  })
  afterEach(() => {
    for (const child of started) child.kill('SIGKILL')
    started.clear()
    rmSync(tmp, { recursive: true })
  })

  const started = new Set<ChildProcess>()
  const start = (...words: readonly string[]): ChildProcess => {
    const child = spawn(LAUNCHER, ['demo', ...words], {
      env: { ...process.env, TMPDIR: tmp },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    started.add(child)
    return child
  }
  const ended = async (child: ChildProcess): Promise<unknown> =>
    child.exitCode ?? child.signalCode ?? (await once(child, 'exit'))[0]

  it('answers, and ends on SIGTERM, though two Rollouts name one active Service', async () => {
    const child = start('legacy', '--serve')
    const lines = createInterface({ input: child.stdout! })
    const [first] = (await once(lines, 'line')) as [string]
    const api = new Api(/http:\S+/.exec(first)![0], '', tokenOf('admin'))
    const path = '/apis/argoproj.io/v1alpha1/namespaces/legacy/rollouts'
    try {
      const before = await api.get(path)
      const [active, preview, app] = blueGreen()
      const labels = { ...app!['spec'].template.metadata.labels, part: 'other' }
      const template = { ...app!['spec'].template, metadata: { ...app!['spec'].template.metadata, labels } }
      const other = {
        ...app,
        metadata: { name: 'other' },
        spec: {
          ...app!['spec'],
          selector: { matchLabels: labels },
          template,
          strategy: { blueGreen: { activeService: 'active', previewService: 'other' } },
        },
      }
      await api.request('POST', '/api/v1/namespaces/legacy/services', active)
      await api.request('POST', '/api/v1/namespaces/legacy/services', preview)
      await api.request('POST', '/api/v1/namespaces/legacy/services', { ...preview, metadata: { name: 'other' } })
      for (const each of [app, other]) await api.request('POST', path, each)
      for await (const { object } of api.watch(path, before.metadata.resourceVersion, AbortSignal.timeout(20_000))) {
        if (object.metadata.name === 'other' && /managed by another Rollout/.test(object['status']?.message)) break
      }
    } finally {
      await api.close()
      child.kill('SIGTERM')
    }
    assert.deepEqual([await ended(child), readdirSync(tmp)], [0, []])
  })

  for (const words of [
    ['legacy', '--serve'],
    ['plain', '--script'],
    ['legacy', 'get-group'],
  ]) {
    it(`leaves no directory behind where it is told to end as soon as it has begun: demo ${words.join(' ')}`, async () => {
      const there = new AbortController()
      const made = once(watch(tmp, { signal: there.signal }), 'change')
      const child = start(...words)
      child.stdout!.resume()
      await made
      child.kill('SIGTERM')
      await ended(child)
      there.abort()
      assert.deepEqual(readdirSync(tmp), [])
    })
  }
})
