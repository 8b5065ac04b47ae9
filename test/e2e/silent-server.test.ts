import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { startSilentServer } from '../support/api-server.ts'

/** Another build can be tested, too. */
const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

/** Shorter than a connection is waited for: who waited for one would not end in this time. */
const LIMIT = 8000

describe('a server that accepts, and never says a word', function () {
  this.timeout(LIMIT)
  let server: Awaited<ReturnType<typeof startSilentServer>>
  beforeEach(async () => {
    server = await startSilentServer()
  })
  afterEach(() => server.close())

  const begin = (line: string, typed: readonly string[] = []) => {
    const words = [...line.split(' '), `--server=${server.url}`, '--insecure-skip-tls-verify', ...typed]
    const child = spawn(LAUNCHER, words, {
      env: { PATH: process.env['PATH'], HOME: tmpdir() },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { child, ended: ended.then(([stdout, stderr, [code]]) => ({ stdout, stderr, code: code as number | null })) }
  }

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
        const { child, ended } = begin(line)
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
      const { stderr, ...ended } = await begin(line).ended
      assert.equal(ended.code, code, stderr)
      assert.match(stderr, says)
    })
  }

  it('has no candidates for who completes a line', async () => {
    const { code, stdout, stderr } = await begin('__complete get-group', ['']).ended
    assert.deepEqual([code, stdout, stderr], [0, ':4\n', ''])
  })
})
