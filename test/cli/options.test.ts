import assert from 'node:assert/strict'
import { BAKING } from '../../src/cli/line/bake-options.ts'
import { flag, text } from '../../src/cli/line/arguments.ts'
import { loadVerb } from '../../src/cli/load.ts'
import { COMMANDS } from '../../src/cli/line/verbs.ts'
import {
  ABORTING,
  CHECKING,
  COLOUR,
  CONNECTION,
  GLOBAL,
  GROUPING,
  PROMOTING,
  READING,
  RUNNING,
} from '../../src/cli/line/options.ts'
import { parse } from '../../src/cli/line/parser.ts'
import { planOptions } from '../../src/cli/write/plan-options.ts'
import type { Arguments, OptionTable } from '../../src/cli/command.ts'
import type { ConnectionFlags } from '../../src/cluster/flags.ts'
import type { PlanOptions } from '../../src/domain/intent.ts'
import { runCli } from '../support/cli-context.ts'

async function argumentsOf(line: string): Promise<Arguments> {
  const parsed = await parse(
    line.split(' ').filter((each) => each !== ''),
    80,
  )
  if (parsed.help !== undefined) return assert.fail(parsed.help)
  return parsed.args
}

async function flagsOf(line: string): Promise<ConnectionFlags> {
  const { flags, stderr } = await runCli(`get-group ${line}`.split(' '))
  assert.ok(flags !== undefined, stderr)
  return flags
}

/** The options of each verb, and no more. */
const TAKEN: Readonly<Record<string, readonly OptionTable[]>> = {
  'get-group': [GLOBAL, COLOUR, GROUPING, READING],
  check: [GLOBAL, COLOUR, GROUPING, CHECKING],
  graph: [GLOBAL, COLOUR, GROUPING],
  'promote-all': [GLOBAL, COLOUR, GROUPING, RUNNING, PROMOTING, BAKING],
  'abort-all': [GLOBAL, COLOUR, GROUPING, RUNNING, ABORTING],
  'retry-all': [GLOBAL, COLOUR, GROUPING, RUNNING],
  'restart-all': [GLOBAL, COLOUR, GROUPING, RUNNING],
  'pause-all': [GLOBAL, COLOUR, GROUPING, RUNNING],
  'resume-all': [GLOBAL, COLOUR, GROUPING, RUNNING],
}

describe('an option', () => {
  for (const [verb, tables] of Object.entries(TAKEN)) {
    const all = tables
      .flatMap((each) => Object.entries(each))
      .map(([name, { type, alias }]) => ({
        name,
        takes: type === 'string',
        letter: name.length === 1 ? name : alias?.length === 1 ? alias : undefined,
      }))
    const lettered = all.filter((each) => each.letter !== undefined)
    const ways: readonly (readonly [way: string, words: readonly string[], given: typeof all])[] = [
      ['its long name and =', all.map(({ name, takes }) => `--${name}=${takes ? 'some' : 'true'}`), all],
      [
        'its long name',
        all.map(({ name, takes }) => `--${name}${name === 'dry-run' ? '=some' : takes ? ' some' : ''}`),
        all,
      ],
      ['its letter', lettered.map(({ letter, takes }) => `-${letter}${takes ? ' some' : ''}`), lettered],
      ['its letter and =', lettered.map(({ letter, takes }) => `-${letter}${takes ? '=some' : ''}`), lettered],
      [
        'its letter, the value joined to it',
        lettered.map(({ letter, takes }) => `-${letter}${takes ? 'some' : ''}`),
        lettered,
      ],
    ]
    for (const [way, words, given] of ways) {
      it(`of ${verb} is taken by ${way}`, async () => {
        const args = await argumentsOf(`${verb} loan ${words.join(' ')}`)
        for (const { name, takes } of given)
          assert.equal(takes ? text(args, name) : flag(args, name), takes ? 'some' : true, name)
      })
    }

    it(`of ${verb} is taken back with =false`, async () => {
      const switches = all.filter((each) => !each.takes)
      const args = await argumentsOf(
        `${verb} loan ${switches.map(({ name }) => `--${name} --${name}=false`).join(' ')}`,
      )
      assert.deepEqual(
        switches.filter(({ name }) => flag(args, name)),
        [],
      )
    })
  }

  it('that is repeated counts the last time, as for kubectl', async () => {
    assert.equal(text(await argumentsOf('get-group -n a --namespace=b -nc'), 'namespace'), 'c')
    assert.equal(flag(await argumentsOf('promote-all loan --yes --yes=false'), 'yes'), false)
    assert.equal(flag(await argumentsOf('promote-all loan --yes=false -y'), 'yes'), true)
  })

  it('may stand before the verb, between, and after the group', async () => {
    for (const line of ['-n a get-group loan -w', 'get-group -n a loan -w', 'get-group -w loan -na']) {
      const args = await argumentsOf(line)
      assert.deepEqual([text(args, 'namespace'), text(args, 'group'), flag(args, 'watch')], ['a', 'loan', true], line)
    }
  })

  it('before demo is of the verb that demo runs, and one of another verb may be called demo', async () => {
    for (const line of ['-n a demo legacy check', '--namespace=a demo legacy check'])
      assert.deepEqual((await argumentsOf(line))['--'], [
        'check',
        ...line.split(' ').slice(0, line.startsWith('-n') ? 2 : 1),
      ])
    assert.equal(text(await argumentsOf('-n demo get-group'), 'namespace'), 'demo')
  })

  it('that is a letter may be joined with others', async () => {
    const args = await argumentsOf('get-group -wAojson')
    assert.deepEqual([flag(args, 'watch'), flag(args, 'all-namespaces'), text(args, 'output')], [true, true, 'json'])
  })

  it('may have a value that looks like anything', async () => {
    for (const value of ['1e3', '007', 'true', 'a=b', '-', 'ä b'])
      assert.equal(
        text(((await parse(['get-group', `--selector=${value}`], 80)) as { args: Arguments }).args, 'selector'),
        value,
      )
  })

  it('without a value is as if it were absent', async () =>
    assert.equal(text(await argumentsOf('get-group --namespace='), 'namespace'), undefined))

  it('is not taken for the name of a group, nor a group for its value', async () => {
    assert.equal(text(await argumentsOf('get-group --watch loan'), 'group'), 'loan')
    assert.equal(text(await argumentsOf('promote-all --dry-run loan'), 'group'), 'loan')
    assert.equal(text(await argumentsOf('promote-all --dry-run loan'), 'dry-run'), 'client')
    assert.equal(text(await argumentsOf('get-group -- loan'), 'group'), 'loan')
  })

  it('leaves numbers in names of groups alone', async () =>
    assert.equal(text(await argumentsOf('get-group 007'), 'group'), '007'))
})

describe('the connection', () => {
  const table: readonly (readonly [line: string, flags: Partial<ConnectionFlags>])[] = [
    ['-n a', { namespace: 'a' }],
    ['--context prod', { context: 'prod' }],
    ['--cluster c', { cluster: 'c' }],
    ['--user u', { user: 'u' }],
    ['--kubeconfig /k', { kubeconfig: '/k' }],
    ['-s https://x', { server: 'https://x' }],
    ['--kuberc /rc', { env: { KUBERC: '/rc' } }],
    ['--token t', { token: 't' }],
    ['--as jane', { as: 'jane' }],
    ['--as-group a --as-group=b', { asGroup: ['a', 'b'] }],
    ['--as-uid 7', { asUid: '7' }],
    ['--username jane --password pw', { username: 'jane', password: 'pw' }],
    [
      '--as-user-extra k=a=b --as-user-extra=k=c',
      {
        asUserExtra: [
          ['k', 'a=b'],
          ['k', 'c'],
        ],
      },
    ],
    ['--disable-compression', { disableCompression: true }],
    ['--warnings-as-errors', {}],
    ['--chunk-size=20', { chunkSize: 20 }],
    ['--certificate-authority /ca', { certificateAuthority: '/ca' }],
    ['--client-certificate /c', { clientCertificate: '/c' }],
    ['--client-key /k', { clientKey: '/k' }],
    ['--insecure-skip-tls-verify', { insecureSkipTlsVerify: true }],
    ['--tls-server-name n', { tlsServerName: 'n' }],
    ['--request-timeout 1m30s', { requestTimeoutMs: 90_000 }],
    ['--request-timeout=5', { requestTimeoutMs: 5000 }],
    ['--request-timeout=0', { requestTimeoutMs: 0 }],
    ['-v 6', { verbosity: 6 }],
    ['-v=6', { verbosity: 6 }],
    ['-v6', { verbosity: 6 }],
    ['--v=6', { verbosity: 6 }],
    [
      '',
      {
        namespace: undefined,
        asGroup: [],
        insecureSkipTlsVerify: false,
        requestTimeoutMs: 0,
        verbosity: 0,
        homedir: '/home/jane',
        interactive: false,
      },
    ],
  ]
  for (const [line, expected] of table) {
    it(`is opened with ${line === '' ? 'nothing' : line}`, async () => {
      const flags = await flagsOf(line)
      for (const [name, value] of Object.entries(expected))
        assert.deepEqual(flags[name as keyof ConnectionFlags], value, name)
    })
  }

  it('takes every flag of the table of options', async () => {
    const covered = table.flatMap(([line]) => [...line.matchAll(/(?:^| )-+([a-z-]+)/g)].map((each) => each[1]!))
    for (const [name, option] of Object.entries(CONNECTION))
      assert.ok(covered.includes(name) || ('alias' in option && covered.includes(option.alias)), name)
  })
})

describe('a plan', () => {
  const PLAIN: PlanOptions = {
    trustDependsOn: false,
    full: false,
    toEnd: false,
    toStable: false,
    drain: 'pods',
    allow: new Set(),
  }
  const table: readonly (readonly [line: string, options: Partial<PlanOptions>])[] = [
    ['promote-all loan', {}],
    ['promote-all loan --only a,b', { only: ['a', 'b'] }],
    ['promote-all loan --only=a', { only: ['a'] }],
    ['promote-all loan --assume leak', { assume: 'leak' }],
    ['promote-all loan --assume=half-promoted', { assume: 'half-promoted' }],
    ['promote-all loan --trust-depends-on', { trustDependsOn: true }],
    ['promote-all loan --full', { full: true }],
    ['abort-all loan --to-stable', { toStable: true }],
    ['promote-all loan --drain pods', { drain: 'pods' }],
    ['promote-all loan --drain=endpoints', { drain: 'endpoints' }],
    ['promote-all loan --drain 10s', { drain: 10_000 }],
    [
      'promote-all loan --allow-version-mismatch --allow-small-preview',
      { allow: new Set(['version-mismatch', 'small-preview']) },
    ],
    ['promote-all loan --allow-mixed-window', { allow: new Set(['mixed-window']) }],
  ]
  for (const [line, expected] of table)
    it(`is made with ${line}`, async () =>
      assert.deepEqual(planOptions(await argumentsOf(line)), { ...PLAIN, ...expected }))
})

describe('the list of verbs', () => {
  it('loads each verb by its name, with examples of its own', async () => {
    for (const { name } of COMMANDS)
      assert.ok(
        (await loadVerb(name)).examples.every(([line]) => line.startsWith(name)),
        name,
      )
  })

  it('gives each verb the options of the tables, and a format', async () => {
    for (const [verb, [, , ...tables]] of Object.entries(TAKEN)) {
      const { options } = await loadVerb(COMMANDS.find((each) => each.name === verb)!.name)
      assert.deepEqual(
        Object.keys(options).sort(),
        [...tables.flatMap((each) => Object.keys(each)), 'output'].sort(),
        verb,
      )
    }
  })
})
