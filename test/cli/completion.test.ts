import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHOICES } from '../../src/cli/completion/candidates.ts'
import { loadVerb } from '../../src/cli/load.ts'
import { COMMANDS } from '../../src/cli/line/verbs.ts'
import { CHECKING, COLOUR, GLOBAL, GROUPING } from '../../src/cli/line/options.ts'
import { ClusterError } from '../../src/cluster/port.ts'
import { SCENARIOS } from '../../src/sim/scenarios.ts'
import { runCli, startCli, type Process } from '../support/cli-context.ts'
import { world } from '../support/objects.ts'
import { WORLDS } from '../view/worlds.ts'

const labelled = (group: string, namespace: string) => {
  const snapshot = world(WORLDS.ready)
  const rollouts = snapshot.rollouts.map((each: any) => ({
    ...each,
    metadata: { ...each.metadata, namespace, labels: { ...each.metadata.labels, 'app.kubernetes.io/part-of': group } },
  }))
  return { ...snapshot, namespace, rollouts }
}
const holds = [labelled('loan', 'legacy'), labelled('portal', 'modern')]

/** What is offered where the last word of a line is being typed: `_` stands for a word that is still empty. */
async function offered(line: string, process: Process = {}): Promise<{ words: string[]; directive: string }> {
  const { exit, stdout, stderr } = await runCli(
    ['__complete', ...line.split(' ').map((each) => (each === '_' ? '' : each))],
    process,
  )
  assert.deepEqual([exit, stderr], [0, ''])
  const lines = stdout.trimEnd().split('\n')
  return { words: lines.slice(0, -1).map((each) => each.split('\t')[0]!), directive: lines.at(-1)! }
}

const TEMPLATES = ['jsonpath=', 'jsonpath-as-json=', 'jsonpath-file=', 'custom-columns=', 'custom-columns-file=']

/** Every flag of check, and at the end the letters. */
const SHORT = [
  ...[...Object.keys({ ...GROUPING, ...CHECKING }), 'output', ...Object.keys({ ...COLOUR, ...GLOBAL })].map(
    (each) => `--${each}`,
  ),
  '--help',
  '-l',
  '-o',
  '-n',
  '-s',
  '-v',
  '-h',
]

describe('completion', () => {
  const verbs = COMMANDS.map(({ name }) => name)
  const table: readonly (readonly [line: string, words: readonly string[], directive?: string])[] = [
    ['_', verbs],
    ['pro', ['promote-all']],
    ['-n legacy ab', ['abort-all']],
    ['help _', verbs],
    ['help check _', []],
    ['get-group _', ['loan']],
    ['get-group l', ['loan']],
    ['get-group p', []],
    ['get-group -n modern _', ['portal']],
    ['get-group --namespace=modern _', ['portal']],
    ['-nmodern check _', ['portal']],
    ['promote-all loan _', []],
    ['promote-all -l app=web _', []],
    ['promote-all --yes _', ['loan']],
    ['promote-all --dry-run _', ['loan']],
    ['version _', []],
    ['nonsense _', []],
    ['get-group -n _', ['legacy', 'modern']],
    ['get-group -A _', ['loan', 'portal']],
    ['get-group -A -A=false _', ['loan']],
    ['check -', SHORT],
    ['check -n', ['-n']],
    ['completion _', ['install']],
    ['get-group --group-label team _', []],
    ['get-group -o _', ['wide', 'json', 'yaml', 'name', 'ndjson', 'svg', 'html', ...TEMPLATES]],
    ['graph --output=s', ['sync-waves']],
    ['promote-all loan --only _', ['my-backend', 'my-frontend']],
    ['promote-all loan --only=my-backend,_'.replace('_', ''), ['my-backend,my-frontend']],
    ['promote-all --only _', []],
    ['check --fail-on _', ['error', 'warning']],
    ['get-group -o jsonp', TEMPLATES.slice(0, 3), ':6'],
    ['version -o j', ['json']],
    ['promote-all --mode _', ['legacy', 'modern']],
    ['promote-all --dry-run=_', []],
    ['promote-all --dry-run=s', ['server']],
    ['promote-all --on-failure a', ['abort']],
    ['check --color n', ['never']],
    ['promote-all --plan _', [], ':0'],
    ['--kubeconfig _', [], ':0'],
    ['promote-all --timeout _', []],
    ['promote-all --allow-v', ['--allow-version-mismatch']],
    ['promote-all --yes --ye', []],
    ['promote-all --as-group a --as-g', ['--as-group']],
    ['version --ye', []],
    ['--namesp', ['--namespace']],
    ['demo _', [...Object.keys(SCENARIOS), ...verbs.filter((each) => each !== 'demo')]],
    ['demo canary prom', ['promote-all']],
    ['demo canary promote-all _', ['shop']],
    ['demo check _', ['loan']],
    ['demo canary promote-all --to-e', ['--to-end']],
    ['demo --scr', ['--script']],
  ]
  for (const [line, words, directive = ':4'] of table) {
    it(`of "${line}" is ${words.join(' ') || 'nothing'}`, async () =>
      assert.deepEqual(await offered(line, { holds }), { words: [...words], directive }))
  }

  describe('of a namespace', () => {
    const forbidden = (...requests: string[]) => ({
      holds,
      fails: (request: string) => (requests.includes(request) ? new ClusterError('Forbidden', 'no') : undefined),
    })

    it('falls on what namespaces there are where Rollouts may not be listed everywhere', async () =>
      assert.deepEqual(await offered('get-group -n _', forbidden('list rollouts')), {
        words: ['legacy', 'modern'],
        directive: ':4',
      }))

    it('falls on those of the contexts where nothing may be listed', async () => {
      const dir = mkdtempSync(join(tmpdir(), 'completion-'))
      const contexts = ['team-b', 'team-a', undefined].map((namespace) => ({
        name: `${namespace}`,
        context: { namespace },
      }))
      writeFileSync(join(dir, 'config'), JSON.stringify({ contexts }))
      const env = { KUBECONFIG: join(dir, 'config') }
      const { words } = await offered('get-group -n _', { ...forbidden('list rollouts', 'list namespaces'), env })
      rmSync(dir, { recursive: true })
      assert.deepEqual(words, ['legacy', 'team-a', 'team-b'])
    })
  })

  it('says what each word means', async () => {
    const { stdout } = await runCli(['__complete', 'get-group', ''], { holds })
    assert.equal(stdout, 'loan\t2 rollouts\n:4\n')
  })

  it('offers the contexts, clusters and users of the kubeconfig', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'completion-'))
    try {
      const names = ['prod-eu', 'bad\u001b[31m', 'two words', ':0']
      const section = (inner: string) => names.map((name) => ({ name: `${name}`, [inner]: {} }))
      writeFileSync(
        join(dir, 'config'),
        JSON.stringify({ contexts: section('context'), clusters: section('cluster'), users: section('user') }),
      )
      for (const option of ['context', 'cluster', 'user'])
        assert.deepEqual(await offered(`--${option} _`, { env: { KUBECONFIG: join(dir, 'config') } }), {
          words: ['prod-eu'],
          directive: ':4',
        })
    } finally {
      rmSync(dir, { recursive: true })
    }
  })

  it('asks the cluster that the line names, one request, and nobody at the terminal', async () => {
    const { flags, requests, closed } = await runCli(
      ['__complete', 'get-group', '--context', 'it', '--insecure-skip-tls-verify', '-v', '9', ''],
      { holds, asks: true },
    )
    assert.deepEqual(
      [
        flags?.context,
        flags?.insecureSkipTlsVerify,
        flags?.interactive,
        flags?.warn,
        flags?.verbosity,
        requests,
        closed,
      ],
      ['it', true, false, undefined, 0, ['list rollouts app.kubernetes.io/part-of'], true],
    )
  })

  for (const [what, process] of [
    ['is refused', { fails: () => new ClusterError('Forbidden', 'no') }],
    ['cannot be reached', { unopened: new ClusterError('Unreachable', 'no') }],
    ['is not configured', { unopened: new ClusterError('Configuration', 'no') }],
  ] as const) {
    it(`is silent where the cluster ${what}`, async () =>
      assert.deepEqual(await offered('get-group _', { holds, ...process }), { words: [], directive: ':4' }))
  }

  it('is silent where the line is wrong already', async () =>
    assert.deepEqual(await offered('get-group --group-label a/b/c _', { holds }), { words: [], directive: ':4' }))

  it('gives a cluster two seconds', async () => {
    const running = startCli(['__complete', 'get-group', ''], { opens: new Promise(() => {}) })
    await running.waits
    running.pass(2000)
    assert.deepEqual((await running.done).stdout, ':4\n')
  })

  it('does not hide a bug', async () => {
    const { exit, stderr } = await runCli(['__complete', 'get-group', ''], {
      unopened: new TypeError('x is undefined'),
    })
    assert.equal(exit, 1)
    assert.match(stderr, /internal error: TypeError/)
  })

  it('has the words that the help of an option has', async () => {
    const options = (await Promise.all(COMMANDS.map((each) => loadVerb(each.name))))
      .flatMap((each) => Object.entries(each.options))
      .concat(Object.entries((await import('../../src/cli/line/options.ts')).COLOUR))
    for (const [name, words] of Object.entries(CHOICES)) {
      const describe = options.find(([each]) => each === name)?.[1].describe || ''
      for (const word of words) assert.match(describe, new RegExp(`\\b${word}\\b`), name)
    }
    assert.deepEqual(
      options
        .filter(
          ([name, { describe }]) =>
            /^\w[\w-]*\|\w/.test(describe || '') && name !== 'output' && CHOICES[name] === undefined,
        )
        .map(([name]) => name),
      [],
    )
  })
})
