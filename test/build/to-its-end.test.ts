import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../controlplane/run.ts'

const MOCHA = 'node_modules/mocha/bin/mocha.js'
const GUARD = 'test/support/to-its-end.ts'

describe('tests in several processes', () => {
  let dir: string
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'to-its-end-'))
    writeFileSync(
      join(dir, 'dying.test.mjs'),
      `import { writeFileSync } from 'node:fs'
      it('passes, and takes its process with it later', () => {
        writeFileSync(new URL('pid', import.meta.url), String(process.pid))
        setTimeout(() => process.exit(0), 50)
      })`,
    )
    writeFileSync(
      join(dir, 'outliving.test.mjs'),
      `import { existsSync, readFileSync } from 'node:fs'
      it('passes when the other process is gone', (done) => {
        const file = new URL('pid', import.meta.url)
        const look = () => {
          try {
            if (existsSync(file)) process.kill(Number(readFileSync(file, 'utf8')), 0)
            setTimeout(look, 10)
          } catch {
            done()
          }
        }
        look()
      })`,
    )
    writeFileSync(join(dir, 'good.test.mjs'), "it('passes', () => {})")
  })
  after(() => rmSync(dir, { recursive: true }))

  const tested = (...files: readonly string[]) =>
    run(process.execPath, [
      ...[MOCHA, '--no-config', '--parallel', '--jobs', '2', '--require', GUARD],
      ...files.map((each) => join(dir, each)),
    ])

  it('fail where one of these dies between two files', async () => {
    const { code, stdout, stderr } = await tested('dying.test.mjs', 'outliving.test.mjs')
    assert.equal(code, 1)
    // Mocha notices by itself where it dies before it has said what came of its file.
    assert.match(stdout + stderr, /did not come to their end|Worker terminated Unexpectedly/)
  })

  it('pass where none does', async () => {
    const { code, stderr } = await tested('good.test.mjs')
    assert.deepEqual([code, stderr], [0, ''])
  })
})
