import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { startSilentServer } from '../support/api-server.ts'

/** Another build can be tested, too. */
const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

/** Shorter than two connections are waited for: who waited for them would not end in this time. */
const LIMIT = 15_000

/** Runs the program, and what it came to. */
function begin(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(LAUNCHER, words, {
    env: { PATH: process.env['PATH'], HOME: tmpdir(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { child, ended: ended.then(([stdout, stderr, [code]]) => ({ stdout, stderr, code: code as number | null })) }
}

describe('a server that accepts, and never says a word', function () {
  this.timeout(LIMIT)
  let server: Awaited<ReturnType<typeof startSilentServer>>
  beforeEach(async () => {
    server = await startSilentServer()
  })
  afterEach(() => server.close())

  const typed = (line: string, ...more: readonly string[]) =>
    begin([...line.split(' '), `--server=${server.url}`, '--insecure-skip-tls-verify', ...more])

  const verbs = [
    'get-group',
    'get-group loan',
    'get-group loan -w',
    'check loan',
    'graph loan',
    'wait loan --for=gate',
    'promote-all loan --yes',
    'promote-all loan --dry-run',
    'abort-all loan --yes',
  ]
  for (const line of verbs) {
    for (const signal of line.startsWith('promote-all') ? (['SIGINT', 'SIGTERM'] as const) : (['SIGINT'] as const)) {
      it(`does not hold ${line} up after ${signal}`, async () => {
        const { child, ended } = typed(line)
        await server.accepted
        child.kill(signal)
        const { code, stderr } = await ended
        assert.equal(code, 130, stderr)
        assert.doesNotMatch(stderr, /internal error/)
      })
    }
  }

  for (const [line, code, says] of [
    [
      'get-group --request-timeout=300ms',
      1,
      /no answer from https:\/\/127.0.0.1:\d+ within the request timeout of 0.3 s/,
    ],
    ['promote-all loan --yes --request-timeout=300ms', 1, /within the request timeout of 0.3 s/],
    [
      'promote-all loan --yes --timeout=300ms',
      6,
      /the time was up \(--timeout\) before the group was read; nothing was sent/,
    ],
    ['wait loan --for=gate --timeout=300ms', 6, /timed out after 0.\ds waiting for group loan/],
  ] as const) {
    it(`ends ${line} at its limit, with code ${code}`, async () => {
      const { stderr, ...ended } = await typed(line).ended
      assert.equal(ended.code, code, stderr)
      assert.match(stderr, says)
    })
  }

  it('has no candidates for who completes a line', async () => {
    const { code, stdout, stderr } = await typed('__complete get-group', '').ended
    assert.deepEqual([code, stdout, stderr], [0, ':4\n', ''])
  })
})

describe('a credential plugin that never ends', function () {
  this.timeout(LIMIT)
  const dir = mkdtempSync(join(tmpdir(), 'endless-'))
  after(() => rmSync(dir, { recursive: true }))
  const ready = join(dir, 'ready')
  /** What it has started holds its outputs, whatever becomes of it. */
  const config = (lines: string): Record<string, string> => {
    rmSync(ready, { force: true })
    writeFileSync(join(dir, 'plugin'), `#!/bin/sh\n${lines}\n`)
    chmodSync(join(dir, 'plugin'), 0o755)
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: join(dir, 'plugin'),
      interactiveMode: 'Never',
    }
    const kubeconfig = {
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'ann' } }],
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'ann', user: { exec } }],
    }
    writeFileSync(join(dir, 'kubeconfig'), JSON.stringify(kubeconfig))
    return { KUBECONFIG: join(dir, 'kubeconfig') }
  }
  const ENDLESS = `(exec 2>/dev/null; sleep 20) & touch ${ready}; exec sleep 20 2>/dev/null`

  for (const line of ['get-group', 'promote-all loan --yes']) {
    it(`does not hold ${line} up after SIGINT`, async () => {
      const changes = watch(dir)
      const { child, ended } = begin(line.split(' '), config(ENDLESS))
      for await (const _ of changes) if (existsSync(ready)) break
      child.kill('SIGINT')
      assert.equal((await ended).code, 130)
    })
  }

  it('does not hold up the end of --timeout', async () => {
    const { code, stderr } = await begin(['promote-all', 'loan', '--yes', '--timeout=300ms'], config(ENDLESS)).ended
    assert.equal(code, 6, stderr)
  })
})
