import assert from 'node:assert/strict'
import { member } from '../rewire/files.ts'
import { runCli } from '../support/cli-context.ts'

const URL = 'env: [{name: API_URL, value: "http://api-active"}]'
const FILES = [member('api'), member('web', URL)].join('---')
const local = (...words: string[]) => runCli([...words, '--local', '-f', '-'], { typed: FILES })

describe('pin', () => {
  it('prints what is to be applied, new Services first, and tells each change on standard error', async () => {
    const { exit, stdout, stderr, flags } = await local('pin', 'shop')
    assert.equal(exit, 0)
    assert.equal(flags, undefined)
    assert.match(stdout, /^apiVersion: v1\nkind: Service\nmetadata:\n {2}name: api-2-0\n/)
    assert.match(stdout, /value: "http:\/\/api-2-0"/)
    assert.match(stderr, /^Rollout api \(standard input:\d+\): .*\[rollouts-group\/release\]: nothing → "2.0"$/m)
    assert.match(stderr, /^Service api-2-0: new, selects app=api,rollouts-group\/release=2.0$/m)
    assert.match(stderr, /^· cluster-unknown /m)
  })

  it('is a filter: what it prints it leaves as it is', async () => {
    const { stdout } = await local('pin', 'shop')
    const again = await runCli(['pin', 'shop', '--local', '-f', '-'], { typed: stdout })
    assert.equal(again.stdout, stdout)
    assert.match(again.stderr, /^Nothing changes\.$/m)
  })

  it('gives a ResourceList back as one', async () => {
    const list = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${FILES.split('---')
      .map((each) => each.trim().replace(/^/gm, '  ').replace(/^ {2}/, '- '))
      .join('\n')}\n`
    const { exit, stdout } = await runCli(['pin', 'shop', '--local', '-f', '-'], { typed: list })
    assert.equal(exit, 0)
    assert.match(
      stdout,
      /^apiVersion: config\.kubernetes\.io\/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n {2}kind: Service/,
    )
    assert.doesNotMatch(stdout, /^---/m)
  })

  const listOf = (config: string) =>
    `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n${config}items:\n${FILES.split('---')
      .map((each) => each.trim().replace(/^/gm, '  ').replace(/^ {2}/, '- '))
      .join('\n')}\n`
  const inData = (data: string) => `functionConfig:\n  kind: ConfigMap\n  data: ${data}\n`
  const asFunction = (config: string, ...words: readonly string[]) =>
    runCli(['pin', ...words, '-f', '-'], { typed: listOf(config) })

  const CONFIGS: readonly (readonly [what: string, config: string, words: readonly string[], name: string])[] = [
    ['in the data of a ConfigMap', inData('{group: shop, local: "true", release: "7"}'), [], 'api-7'],
    ['in a spec', 'functionConfig:\n  kind: Pin\n  spec: {group: shop, local: true, release: 7}\n', [], 'api-7'],
    ['less than the command line', inData('{group: shop, local: "true", release: "7"}'), ['--release', '8'], 'api-8'],
  ]
  for (const [what, config, words, name] of CONFIGS)
    it(`is told by the functionConfig of a ResourceList ${what}, which stays`, async () => {
      const { exit, stdout, flags } = await asFunction(config, ...words)
      assert.deepEqual([exit, flags], [0, undefined])
      assert.match(stdout, new RegExp(`^ {4}name: (${name})$`, 'm'))
      assert.match(stdout, /^functionConfig:\n {2}kind: \w+\n {2}(data|spec): \{/m)
    })

  it('takes nothing for an option in a functionConfig that is none', async () => {
    const { exit, stdout, stderr } = await asFunction(inData('{group: shop, relase: "7"}'), '--local')
    assert.deepEqual([exit, stdout], [1, ''])
    assert.match(
      stderr,
      /^error: functionConfig\.data\.relase of standard input is no option here; did you mean release\?/,
    )
  })

  it('takes members by any labels, with -l', async () => {
    const typed = FILES.replaceAll('app.kubernetes.io/part-of: shop', 'team: a')
    const { exit, stdout } = await runCli(['pin', '-l', 'team=a', '--local', '-f', '-'], { typed })
    assert.equal(exit, 0)
    assert.match(stdout, /value: "http:\/\/api-2-0"/)
    const many = await runCli(['pin', '-l', 'team in (a)', '--local', '-f', '-'], { typed })
    assert.deepEqual([many.exit, many.stdout], [2, ''])
    assert.match(many.stderr, /^error: -l team in \(a\): only labels, key=value, say who is a member in files/)
  })

  it('prints nothing where it refuses (3), and says why', async () => {
    const secret = member('web', 'env: [{name: API_URL, valueFrom: {secretKeyRef: {name: s, key: url}}}]')
    const { exit, stdout, stderr } = await runCli(['pin', 'shop', '--local', '-f', '-'], {
      typed: [member('api'), secret].join('---'),
    })
    assert.deepEqual([exit, stdout], [3, ''])
    assert.match(stderr, /^✖ cannot-rewire {2}web, API_URL from Secret s: [^]*Refused: nothing was printed\.\n$/)
  })

  const MISTAKES: readonly (readonly [line: readonly string[], exit: number, said: RegExp])[] = [
    [['pin', '--local', '-f', '-'], 2, /^error: which group\? name it, or give labels with -l\n/],
    [['pin', 'shop', '--local'], 2, /^error: which manifests\? name files or directories with -f/],
    [
      ['pin', 'shop', '--local', '-f', '-', '--wiring', 'preveiw'],
      2,
      /is none of as-is, preview, pinned; did you mean preview/,
    ],
    [['pin', 'shop', '--local', '-f', '-', '--keep', 'all'], 2, /^error: --keep "all" is no number/],
    [
      ['pin', 'shop', '--local', '-f', '/no/such.yaml'],
      1,
      /^error: stat \/no\/such.yaml: no such file or directory\nNothing was done; /,
    ],
  ]
  for (const [line, exit, said] of MISTAKES)
    it(`is refused where it cannot be meant: ${line.join(' ')}`, async () => {
      const done = await runCli(line, { typed: FILES })
      assert.equal(done.exit, exit)
      assert.match(done.stderr, said)
    })

  it('takes the namespace that the manifests name, where no cluster says it', async () => {
    const inside = FILES.replaceAll('http://api-active', 'http://api-active.prod.svc').replaceAll(
      /^ {2}name: (api|web)$/gm,
      '  name: $1\n  namespace: prod',
    )
    const { stdout } = await runCli(['pin', 'shop', '--local', '-f', '-'], { typed: inside })
    assert.match(stdout, /"http:\/\/api-2-0\.prod\.svc"/)
  })
})

describe('unpin', () => {
  it('takes back what pin has printed', async () => {
    const { stdout } = await local('pin', 'shop')
    const back = await runCli(['unpin', 'shop', '--local', '-f', '-'], { typed: stdout })
    assert.equal(back.exit, 0)
    assert.match(back.stderr, /^Service api-2-0 \(standard input:1\): left out$/m)
    assert.match(back.stdout, /"http:\/\/api-active"/)
    assert.doesNotMatch(back.stdout, /rollouts-group/)
  })
})
