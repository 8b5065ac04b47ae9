import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { unpackHost, version } from './unpack.ts'

const SAID = { status: 0, stdout: `kubectl rollouts-group v${version}\n`, stderr: '' }

/** What the runtimes that a program may be packed with take from an environment, and what each would do. */
const WORDS: readonly (readonly [name: string, value: string])[] = [
  ['NODE_OPTIONS', '--require=/nonexistent --bogus'],
  ['NODE_PATH', '.'],
  ['PKG_EXECPATH', 'evil.cjs'],
  ['BUN_OPTIONS', '--preload=./evil.cjs'],
  ['BUN_OPTIONS', '--version'],
  ['BUN_BE_BUN', '1'],
  ['BUN_JSC_dumpOptions', '1'],
  ['BUN_INSPECT', '1'],
  ['MIMALLOC_VERBOSE', '1'],
  ['mimalloc_verbose', '1'],
  ['SIMDUTF_FORCE_IMPLEMENTATION', 'fallback'],
]

describe('a program of its own', function () {
  this.timeout(60_000)
  const dir = mkdtempSync(join(tmpdir(), 'alone-'))
  let program: string
  before(() => {
    program = resolve(process.env['LAUNCHER'] ?? unpackHost(join(dir, 'unpacked')))
    for (const [name, text] of [
      ['.env', 'KUBECONFIG=/nonexistent/of-this-directory\n'],
      ['bunfig.toml', 'preload = ["./evil.cjs"]\n'],
      ['package.json', '{"type": "commonjs", "imports": {"#x": "./evil.cjs"}}'],
      ['evil.cjs', 'console.log("evil")'],
    ] as const)
      writeFileSync(join(dir, name), text)
  })
  after(() => rmSync(dir, { recursive: true }))

  const ran = (words: readonly string[], env: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: dir, env, encoding: 'utf8' })
    return { status, stdout, stderr }
  }

  for (const [name, value] of WORDS)
    it(`hears nothing of ${name}=${value}`, () => assert.deepEqual(ran(['version'], { [name]: value }), SAID))

  it('takes no word that is meant for its runtime', () => {
    const { status, stderr } = ran(['--eval', 'console.log(1)'])
    assert.deepEqual([status, /unknown flag: --eval/.test(stderr)], [2, true])
  })

  it('reads no file of the directory it is run in', () => {
    const { status, stdout, stderr } = ran(['get-group', '--server=http://127.0.0.1:1', '--kubeconfig=mine', '-n', 'a'])
    assert.deepEqual([status, stdout], [1, ''])
    assert.doesNotMatch(stderr, /evil/)
    assert.match(ran(['get-group'], { HOME: dir }).stderr, /\.kube\/config says nothing/)
  })
})
