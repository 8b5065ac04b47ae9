import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Sim, startSim } from '../../src/sim/start-sim.ts'
import { certificate } from '../support/api-server.ts'
import { type Guarded, guard } from '../support/guarded.ts'
import { KEY, TestTerminal } from '../support/terminal.ts'

/** Another build can be tested, too. */
const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

describe('a credential plugin that asks', function () {
  this.timeout(30_000)
  let dir: string
  let sim: Sim
  let server: Guarded
  let terminal: TestTerminal
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'asked-'))
    sim = await startSim({ scenario: 'legacy', timeScale: 10 })
    server = await guard(sim.url, 'first')
    // The first login asks nothing; each later one asks for a code, which is the token.
    const plugin = [
      '#!/bin/sh',
      `if [ -e ${dir}/ran ]; then printf 'MFA code: ' >&2; read code; else code=first; fi`,
      `touch ${dir}/ran`,
      'echo "{\\"kind\\":\\"ExecCredential\\",\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"status\\":{\\"token\\":\\"$code\\"}}"',
    ]
    writeFileSync(join(dir, 'plugin'), plugin.join('\n'))
    chmodSync(join(dir, 'plugin'), 0o755)
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: join(dir, 'plugin'),
      interactiveMode: 'IfAvailable',
    }
    const config = {
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'ann', namespace: sim.namespace } }],
      clusters: [{ name: 'c', cluster: { server: server.url, 'certificate-authority': certificate('root.pem') } }],
      users: [{ name: 'ann', user: { exec } }],
    }
    writeFileSync(join(dir, 'kubeconfig'), JSON.stringify(config))
  })
  const open = (...words: readonly string[]): void => {
    const env = { KUBECONFIG: join(dir, 'kubeconfig') }
    terminal = new TestTerminal(LAUNCHER, words, { env, columns: 200, rows: 60 })
  }
  const asked = async (): Promise<void> => {
    server.want('123456')
    await terminal.shows(/MFA code:/)
  }
  afterEach(async function () {
    if (this.currentTest?.isFailed() === true) console.error(`\n${terminal.text()}\n`)
    terminal.close()
    await server.stop()
    await sim.stop()
    rmSync(dir, { recursive: true })
  })

  it('in the middle of a release gets what is typed, and the release goes on', async () => {
    open('promote-all', sim.group)
    await terminal.shows(/\[y\/N\]/)
    server.want('123456')
    terminal.type('y', KEY.enter)
    await terminal.shows(/MFA code:/)
    terminal.type('1', '2', '3', '4', '5', '6', KEY.enter)
    await terminal.shows(/promoted: 2 of 2/)
    assert.equal(await terminal.exit, 0)
  })

  describe('while the live screen is open', () => {
    beforeEach(async () => {
      open('get-group', sim.group, '-w')
      await terminal.shows(/Group loan[^]*quit$/)
      await asked()
    })

    it('gets the terminal and its keys, and then the screen is there again and answers', async () => {
      assert.equal(terminal.isAlternate, false)
      terminal.type('1', '2', '3', '4', '5', '6')
      // The terminal itself shows what is typed: nobody else reads it.
      await terminal.shows(/MFA code: 123456/)
      terminal.type(KEY.enter)
      await terminal.shows(/Group loan[^]*quit$/)
      assert.equal(terminal.isAlternate, true)
      await terminal.showsNot(/disconnected|connection/i)
      terminal.type('q')
      assert.equal(await terminal.exit, 0)
    })

    it('is ended by Ctrl-C together with the screen', async () => {
      terminal.type(KEY.ctrlC)
      assert.equal(await terminal.exit, 130)
      assert.equal(terminal.isAlternate, false)
      assert.match(terminal.text(), /MFA code:/)
    })

    it('does not keep a screen that is told to end', async () => {
      terminal.kill('SIGTERM')
      assert.equal(await terminal.exit, 130)
      assert.equal(terminal.isAlternate, false)
    })
  })
})
