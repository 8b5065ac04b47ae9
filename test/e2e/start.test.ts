import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { run } from '../controlplane/run.ts'
import { runCli } from '../support/cli-context.ts'
import { TestTerminal } from '../support/terminal.ts'

/** Another build can be tested, too. */
const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

describe('what is built', function () {
  this.timeout(60_000)

  for (const line of [
    'version',
    '--version',
    '__complete ',
    '__complete pro',
    '__complete x',
    '__complete -',
    '__complete help c',
    '--help',
    '-h',
    'help',
    'help check',
    'help help',
    'help nope',
    'check -h',
    'get-group --help',
    'get-group loan --help',
    'demo --help',
    'constructor --help',
  ])
    it(`prints of ${JSON.stringify(line)} what the program prints, though it does not load it all`, async () => {
      const words = line.split(' ')
      const [built, program] = await Promise.all([run(LAUNCHER, words), runCli(words)])
      assert.deepEqual([built.code, built.stdout, built.stderr], [program.exit, program.stdout, program.stderr])
    })

  it('prints without a word what --help prints', async () =>
    assert.equal((await run(LAUNCHER, [])).stdout, (await runCli(['--help'])).stdout))

  for (const columns of [70, 80, 100, 110, 150])
    it(`wraps help for a terminal of ${columns} columns`, async () => {
      const terminal = new TestTerminal(LAUNCHER, ['check', '--help'], { columns, rows: 60 })
      assert.equal(await terminal.exit, 0)
      const { stdout } = await runCli(['check', '--help'], { columns })
      assert.equal(terminal.written.replaceAll('\r\n', '\n'), stdout)
      terminal.close()
    })

  it('says where the version could not be written', async () => {
    const { code, stderr } = await run('/bin/sh', ['-c', `"${LAUNCHER}" version >/dev/full`])
    assert.deepEqual([code, stderr], [1, 'error: standard output could not be written: no space left on device\n'])
  })

  for (const words of ['version', 'help check', 'get-group --help --nope', 'get-group --nope', 'demo'])
    it(`leaves a pipe to those who share it as it was: ${words}`, async function () {
      if (process.platform !== 'linux') this.skip()
      const dir = mkdtempSync(join(tmpdir(), 'start-'))
      try {
        const told = 'grep flags /proc/self/fdinfo/4 >&3'
        const line = `{ ${told}; "${LAUNCHER}" ${words} 2>&1; ${told}; } 3>${dir}/flags 4>&1 | cat >/dev/null`
        await run('/bin/sh', ['-c', line])
        const [before, after] = readFileSync(join(dir, 'flags'), 'utf8').trim().split('\n')
        assert.match(before!, /^flags:\s+0\d*1$/)
        assert.equal(after, before)
      } finally {
        rmSync(dir, { recursive: true })
      }
    })

  it('starts by a link, by a link to that, by a relative path, from its own directory, and from the PATH', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'start-'))
    try {
      symlinkSync(LAUNCHER, join(dir, 'one'))
      symlinkSync('one', join(dir, 'two'))
      const here = dirname(LAUNCHER)
      const name = basename(LAUNCHER)
      for (const line of [
        `${join(dir, 'one')} check --help`,
        `cd ${dir} && ./two check --help`,
        `cd ${dirname(here)} && ${basename(here)}/${name} check --help`,
        `cd ${here} && ./${name} check --help`,
        `PATH="${here}${delimiter}$PATH" && cd / && ${name} check --help`,
      ]) {
        const { code, stdout, stderr } = await run('/bin/sh', ['-c', line])
        assert.deepEqual([code, stderr, stdout.startsWith('Say everything')], [0, '', true], line)
      }
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})
