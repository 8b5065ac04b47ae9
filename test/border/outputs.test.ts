import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Sim, startSim } from '../../src/sim/start-sim.ts'
import { type Finished, run } from '../controlplane/run.ts'
import { patchesIn } from '../support/live-screen.ts'
import { TestTerminal } from '../support/terminal.ts'

/** Another build can be tested, too. */
const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

describe('what is built, in a hostile place', function () {
  this.timeout(60_000)
  const dir = mkdtempSync(join(tmpdir(), 'outputs-'))
  const kubeconfig = join(dir, 'kubeconfig')
  let sim: Sim
  beforeEach(async () => {
    sim = await startSim({ scenario: 'legacy', timeScale: 10 })
    writeFileSync(kubeconfig, sim.kubeconfig())
  })
  afterEach(() => sim.stop())
  after(() => rmSync(dir, { recursive: true }))

  /** Runs a line of a shell in which `$PROGRAM` is the program. */
  const shell = (line: string, env: Record<string, string> = {}): Promise<Finished> => {
    const given = { PATH: process.env['PATH']!, HOME: dir, KUBECONFIG: kubeconfig, PROGRAM: LAUNCHER, D: dir, ...env }
    return run('/bin/bash', ['-c', line], { env: given, only: true })
  }
  const promotes = '"$PROGRAM" promote-all loan --yes'
  /** Users are on the next release, and the lock is free again. */
  const released = (): void => {
    assert.deepEqual(patchesIn(sim), ['my-frontend/status', 'my-backend/status'])
    assert.deepEqual(sim.store.list('leases'), [])
  }

  it('is read to its end by who reads slowly', async () => {
    writeFileSync(join(dir, 'template'), `{range .members[*]}${'x'.repeat(3_000_000)}{end}`)
    const { code, stdout } = await shell(
      '"$PROGRAM" get-group loan -o jsonpath-file=$D/template | dd bs=1k 2>/dev/null | wc -c; exit ${PIPESTATUS[0]}',
    )
    assert.deepEqual([code, stdout.trim()], [0, '6000000'])
  })

  describe('goes on with a release to its end', () => {
    it('where the disk of its log is full, and its code is 0', async () => {
      const { code, stdout } = await shell(`${promotes} 2>/dev/full`)
      assert.deepEqual([code, /promoted: 2 of 2/.test(stdout)], [0, true])
      released()
    })

    it('where the disk of its report is full, and its code is 1', async () => {
      const { code, stderr } = await shell(`${promotes} >/dev/full`)
      assert.equal(code, 1)
      assert.match(stderr, /^error: standard output could not be written: no space left on device\n$/m)
      released()
    })

    it('where the disk of both is full', async () => {
      assert.equal((await shell(`${promotes} >/dev/full 2>&1`)).code, 1)
      released()
    })

    it('where a log may grow no further', async () => {
      assert.equal((await shell(`ulimit -f 1; ${promotes} -o ndjson 2>$D/log >/dev/null`)).code, 0)
      assert.equal(statSync(join(dir, 'log')).size, 1024)
      released()
    })

    it('where its readers have left', async () => {
      const { stdout, stderr } = await shell(`{ ${promotes} 2>&1; echo $? >$D/code; } | head -1`)
      assert.deepEqual([readFileSync(join(dir, 'code'), 'utf8'), stdout.split('\n').length, stderr], ['0\n', 2, ''])
      released()
    })

    it('where its outputs are closed', async () => {
      assert.equal((await shell(`${promotes} >&- 2>&-`)).code, 0)
      released()
    })

    it('where its terminal is gone', async () => {
      const code = join(dir, 'left')
      const line = `setsid -w sh -c 'KUBECONFIG=${kubeconfig} ${LAUNCHER} promote-all loan --yes; echo $? >${code}' & wait`
      const changes = watch(dir)
      const terminal = new TestTerminal('/bin/bash', ['--norc', '-c', line], { rows: 60 })
      await terminal.shows(/Promote group loan/)
      terminal.hangUp()
      await terminal.exit
      for await (const _ of changes) if (existsSync(code) && readFileSync(code, 'utf8') !== '') break
      assert.equal(readFileSync(code, 'utf8'), '0\n')
      released()
    })
  })

  it('writes whole words on a terminal that says no size', async () => {
    const line = `stty cols 0 rows 0; KUBECONFIG=${kubeconfig} ${LAUNCHER} promote-all loan --yes`
    const terminal = new TestTerminal('/bin/bash', ['--norc', '-c', line], { rows: 60 })
    assert.equal(await terminal.exit, 0)
    assert.match(terminal.written, /users on 2\.0/)
    released()
  })

  it('says that not all of a document was written', async () => {
    const { code, stderr } = await shell('ulimit -f 1; "$PROGRAM" get-group loan -o json >$D/document')
    assert.deepEqual([code, stderr], [1, 'error: standard output could not be written: file too large\n'])
  })

  it('reads a kubeconfig from a pipe, and gives up one that has no end', async () => {
    const piped = await shell('"$PROGRAM" get-group loan -o name --kubeconfig <(cat "$KUBECONFIG")')
    assert.deepEqual([piped.code, piped.stderr], [0, ''])
    const { code, stderr } = await shell('"$PROGRAM" get-group loan --kubeconfig /dev/zero')
    assert.deepEqual(
      [code, stderr],
      [1, 'error: error loading config file "/dev/zero": read /dev/zero: larger than 16777216 bytes\n'],
    )
  })

  it('says that a demo has nowhere to write', async () => {
    const { code, stderr } = await shell('TMPDIR=/nonexistent "$PROGRAM" demo legacy get-group')
    assert.equal(code, 1)
    assert.match(
      stderr,
      /^error: the demo has nowhere to write its kubeconfig \(TMPDIR\): mkdtemp \/nonexistent: no such file or directory\n$/,
    )
  })

  it('runs in a directory that has been removed', async () => {
    mkdirSync(join(dir, 'gone'))
    const { code, stdout } = await shell('cd $D/gone && rmdir $D/gone && "$PROGRAM" get-group loan -o name')
    assert.deepEqual([code, stdout], [0, 'rollout.argoproj.io/my-frontend\nrollout.argoproj.io/my-backend\n'])
  })

  it('finds the files that its `..` leads to there, as any program', async () => {
    mkdirSync(join(dir, 'gone'))
    const line = 'cd $D/gone && rmdir $D/gone && "$PROGRAM" get-group loan -o name --kubeconfig ../kubeconfig'
    const { code, stdout } = await shell(line, { KUBECONFIG: '/nonexistent' })
    assert.deepEqual([code, stdout], [0, 'rollout.argoproj.io/my-frontend\nrollout.argoproj.io/my-backend\n'])
  })

  it('finds no file of another directory there', async () => {
    mkdirSync(join(dir, 'gone'))
    const { code, stderr } = await shell(
      'cd $D/gone && rmdir $D/gone && "$PROGRAM" check loan --kubeconfig tmp/kubeconfig',
    )
    assert.equal(code, 1)
    assert.match(stderr, /tmp\/kubeconfig: no such file or directory/)
  })

  const able = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0
  it(`runs for a user who has neither a name nor a home${able ? '' : ' (only root can become one)'}`, async function () {
    if (!able) this.skip()
    const nobody = 'setpriv --reuid 12345 --regid 12345 --clear-groups env -i PATH="$PATH"'
    const { code, stderr } = await shell(`${nobody} "$PROGRAM" get-group loan -o name -n legacy --server ${sim.url}`)
    assert.deepEqual([code, stderr], [0, ''])
  })

  it('runs with an environment that has nothing but a PATH, and with a home that is none', async () => {
    for (const env of ['env -i PATH="$PATH"', 'env HOME=/dev/null', 'env HOME=/nonexistent']) {
      const { code, stderr } = await shell(`${env} "$PROGRAM" get-group loan -o name --kubeconfig "$KUBECONFIG"`)
      assert.deepEqual([code, stderr], [0, ''])
    }
  })
})
