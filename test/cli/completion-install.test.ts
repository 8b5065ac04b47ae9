import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { runCli } from '../support/cli-context.ts'

const PLUGIN = 'kubectl-rollouts_group'
const COMPLETER = 'kubectl_complete-rollouts_group'
const MISSING = `kubectl asks ${COMPLETER} for completions, and does not find it on the PATH.\n`
const LOADED = 'Where kubectl completes itself (source <(kubectl completion bash)), try: kubectl rollouts-group <TAB>\n'

describe('completion install', () => {
  let dir: string
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'completion-')))
    for (const each of ['bin', 'store', 'other']) mkdirSync(join(dir, each))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  const program = (...path: string[]) => {
    writeFileSync(join(dir, ...path), '#!/bin/sh\n')
    chmodSync(join(dir, ...path), 0o755)
    return join(dir, ...path)
  }
  const run = async (...words: string[]) => {
    const PATH = [join(dir, 'nowhere'), join(dir, 'bin'), join(dir, 'other')].join(delimiter)
    const { exit, stdout, stderr } = await runCli(['completion', ...words], { env: { PATH } })
    return [exit, stdout, stderr]
  }

  it('is said before it is done, and not done until it is asked for', async () => {
    program('bin', PLUGIN)
    const link = join(dir, 'bin', COMPLETER)
    assert.deepEqual(await run(), [
      0,
      `${MISSING}To link ${link} to ${PLUGIN}:  kubectl rollouts-group completion install\n`,
      '',
    ])
    assert.equal(existsSync(link), false)
  })

  it('links the plugin beside itself, and finds nothing missing then', async () => {
    program('bin', PLUGIN)
    const link = join(dir, 'bin', COMPLETER)
    assert.deepEqual(await run('install'), [0, `${MISSING}Linking ${link} to ${PLUGIN}.\n${LOADED}`, ''])
    assert.equal(readlinkSync(link), PLUGIN)
    assert.deepEqual(await run('install'), [0, `kubectl finds ${link}: nothing is missing.\n${LOADED}`, ''])
  })

  it('links what came with the plugin, where krew has linked the plugin alone', async () => {
    symlinkSync(program('store', PLUGIN), join(dir, 'bin', PLUGIN))
    const companion = program('store', COMPLETER)
    assert.equal((await run('install'))[0], 0)
    assert.equal(readlinkSync(join(dir, 'bin', COMPLETER)), companion)
  })

  it('links where it is told to', async () => {
    const plugin = program('bin', PLUGIN)
    assert.equal((await run('install', '--dir', join(dir, 'other')))[0], 0)
    assert.equal(readlinkSync(join(dir, 'other', COMPLETER)), plugin)
  })

  it('says where it may not write, and what to type instead', async () => {
    program('bin', PLUGIN)
    const [exit, , stderr] = await run('install', '--dir', join(dir, 'nowhere'))
    assert.deepEqual(
      [exit, stderr],
      [
        1,
        `error: symlink ${join(dir, 'nowhere', COMPLETER)}: no such file or directory\n` +
          'Choose a directory of your PATH that you may write to:  kubectl rollouts-group completion install --dir DIR\n',
      ],
    )
  })

  it('says that kubectl does not find the plugin either', async () =>
    assert.deepEqual(await run('install'), [
      2,
      '',
      `error: ${PLUGIN} is not on the PATH: kubectl finds neither it nor its completions there\nSee 'kubectl rollouts-group completion --help'\n`,
    ]))

  it('takes no other word', async () =>
    assert.match(String((await run('instal'))[2]), /^error: "instal" is not install\n/))
})
