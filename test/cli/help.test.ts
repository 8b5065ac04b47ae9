import assert from 'node:assert/strict'
import type { Options as Option } from 'yargs'
import { loadVerb } from '../../src/cli/load.ts'
import { COMMANDS } from '../../src/cli/line/verbs.ts'
import { COLOUR, GLOBAL } from '../../src/cli/line/options.ts'
import { widthOf } from '../../src/view/draw/width.ts'
import { runCli } from '../support/cli-context.ts'

/** A screen as one line, so that it can be searched whatever the wrapping. */
const flat = (text: string) => text.replaceAll(/\s+/g, ' ')

describe('help', () => {
  for (const { name, arguments: words, summary } of COMMANDS) {
    it(`of ${name} fits 80 columns, and names every option and example`, async () => {
      const { exit, stdout, stderr } = await runCli(['help', name], {
        columns: 80,
      })
      assert.deepEqual([exit, stderr], [0, ''])
      assert.deepEqual(
        stdout.split('\n').filter((line) => widthOf(line) > 80),
        [],
      )
      const { options, examples, notes } = await loadVerb(name)
      const said = flat(stdout)
      assert.ok(said.toLowerCase().startsWith(summary.toLowerCase()), summary)
      assert.ok(said.includes(`Usage: kubectl rollouts-group ${name}${words === '' ? '' : ` ${words}`} [flags]`))
      const own = { ...options, ...COLOUR, ...(name === 'options' && GLOBAL) }
      for (const [option, { alias }] of Object.entries<Option>(own)) {
        assert.match(stdout, new RegExp(`^ +(-\\w, +)?--?(${option}|${String(alias)})\\b`, 'm'), option)
      }
      const elsewhere = Object.keys(GLOBAL).filter(
        (each) => !(each in own) && new RegExp(`^ +.*--${each}\\b`, 'm').test(stdout),
      )
      assert.deepEqual(elsewhere, [])
      assert.equal(
        said.includes('Use "kubectl rollouts-group options" for the flags that every verb takes'),
        name !== 'options',
      )
      assert.ok(stdout.indexOf('\nExamples:\n') < stdout.indexOf('\nOutput:\n'))
      for (const [line, does] of examples)
        assert.ok(stdout.includes(`\n  # ${does}\n  kubectl rollouts-group ${line}\n`), line)
      for (const line of notes?.split('\n') ?? []) assert.ok(said.includes(flat(line).trim()), line)
    })
  }

  it('is there without a word, with -h, and with help', async () => {
    const [none, short, long, verb] = await Promise.all([[], ['-h'], ['--help'], ['help']].map((argv) => runCli(argv)))
    assert.match(none!.stdout, /^Releases Argo Rollouts that belong together/)
    for (const each of [short, long, verb]) assert.deepEqual([each!.exit, each!.stdout], [0, none!.stdout])
  })

  it('names every verb, every exit code, and what kubectl cannot do', async () => {
    const { stdout } = await runCli(['help'], { columns: 80 })
    for (const { name } of COMMANDS) assert.match(stdout, new RegExp(`^ +kubectl rollouts-group ${name}\\b`, 'm'))
    assert.match(
      flat(stdout),
      /Exit codes: 0 done, 1 failed, 2 usage, 3 refused by findings, 4 partly done, 5 changed or locked, 6 timed out, 7 unapproved, 130 interrupted\./,
    )
    assert.match(flat(stdout), /Flags come after the plugin's name/)
    assert.match(flat(stdout), /"kubectl rollouts-group options" for the flags that every verb takes\./)
  })

  it('is the same wherever -h stands, whatever else is there', async () => {
    const { stdout } = await runCli(['help', 'promote-all'])
    for (const line of [
      '-h promote-all',
      'promote-all -h',
      'promote-all loan -o json -h',
      'promote-all loan -h --yes -n legacy',
      'promote-all --help loan',
    ]) {
      assert.equal((await runCli(line.split(' '))).stdout, stdout, line)
    }
  })

  it('of options is what options prints', async () =>
    assert.equal((await runCli(['options'])).stdout, (await runCli(['help', 'options'])).stdout))

  it('is not shown for --help=false', async () =>
    assert.equal((await runCli(['version', '--help=false'])).stdout, 'kubectl rollouts-group v0.1.0\n'))

  it('asks no cluster', async () => assert.equal((await runCli(['get-group', '-h'])).flags, undefined))
})

describe('version', () => {
  it("is the package's, and asks no cluster", async () => {
    const { exit, stdout, flags } = await runCli(['version'])
    assert.deepEqual([exit, stdout, flags], [0, 'kubectl rollouts-group v0.1.0\n', undefined])
  })

  it('is a document for a script', async () => {
    assert.deepEqual(JSON.parse((await runCli(['version', '-o', 'json'])).stdout), {
      apiVersion: 'rollouts-group/v1',
      kind: 'Version',
      version: 'v0.1.0',
    })
    assert.equal(
      (await runCli(['version', '-oyaml'])).stdout,
      'apiVersion: rollouts-group/v1\nkind: Version\nversion: v0.1.0\n',
    )
  })
})
