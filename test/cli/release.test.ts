import assert from 'node:assert/strict'
import { type Sim, startSim } from '../../src/sim/start-sim.ts'
import type { UserName } from '../../src/sim/api/access.ts'
import { simCli } from '../support/sim-cli.ts'

const SECOND = 'examples/plain/v2.yaml'

describe('release', () => {
  let sim: Sim
  beforeEach(async () => {
    sim = await startSim({ scenario: 'plain', timeScale: 60 })
  })
  afterEach(() => sim.stop())

  const release = (...words: readonly string[]) =>
    simCli(sim, ['release', sim.group, '-f', SECOND, '--yes', ...words]).done
  const versions = () =>
    sim.store.list('rollouts').map(({ status, metadata }) => {
      const set = sim.store.list('replicasets').find((each) => each.metadata.name.endsWith(status.stableRS))
      return `${metadata.name} ${set?.spec.template.spec.containers[0].env[0].value}`
    })

  it('brings users of a group that nobody wired to the next version, and again to the one after', async () => {
    assert.equal((await release()).exit, 0)
    assert.deepEqual(versions(), ['my-backend 2.0', 'my-frontend 2.0'])
    const third = await simCli(sim, ['release', sim.group, '-f', 'examples/plain/v3.yaml', '--yes']).done
    assert.equal(third.exit, 0)
    assert.deepEqual(versions(), ['my-backend 3.0', 'my-frontend 3.0'])
  })

  it('says where the group is that the namespace has nothing of, as far as it may look', async () => {
    const deploy = (user?: UserName) =>
      simCli(sim, ['deploy-all', sim.group, '-f', SECOND, '-n', 'other', '--dry-run'], user).done
    const said = /^warning: namespace other has no group loan, .*there is one in plain: for that one say -n plain$/m
    const { stderr } = await deploy()
    assert.match(stderr, said)
    assert.doesNotMatch((await deploy('promoter')).stderr, /^warning: namespace/m)
    assert.doesNotMatch((await release()).stderr, /^warning: namespace/m)
  })

  it('says once that files without its addresses are given to it from now on', async () => {
    const { stderr } = await release()
    assert.match(stderr, /^Your files hold no address of this release\. .*, never to a plain kubectl apply: /m)
    assert.doesNotMatch((await release()).stderr, /Your files/)
  })

  it('has nothing to do where it was done', async () => {
    await release()
    const { exit, stdout } = await release()
    assert.deepEqual([exit, stdout], [0, 'Group loan: nothing to release, users are on 2.0.\n'])
  })

  it('writes nothing but documents on standard output, where these are asked for', async () => {
    const lines = (stdout: string) => stdout.split('\n').flatMap((each) => (each === '' ? [] : [JSON.parse(each)]))
    const first = await release('-o', 'ndjson')
    assert.ok(lines(first.stdout).length > 5)
    for (const verb of [['release', '-f', 'examples/plain/v2.yaml'], ['settle'], ['undo-all', '--to=2.0']]) {
      const idle = await simCli(sim, [...verb, sim.group, '--yes', '-o', 'ndjson']).done
      assert.deepEqual(
        [idle.exit, lines(idle.stdout).map((each) => [each.kind, each.verb, each.exit, each.items])],
        [0, [['ReportList', verb[0], 0, []]]],
      )
      assert.match(idle.stderr, /^Group loan: nothing to /m)
    }
    const failed = await simCli(sim, [
      'release',
      sim.group,
      '-f',
      'examples/plain/v3.yaml',
      '--smoke=false',
      '--yes',
      '-o',
      'ndjson',
    ]).done
    const { kind, exit, items, why } = lines(failed.stdout).at(-1)
    assert.deepEqual([failed.exit, kind, exit], [1, 'ReportList', 1])
    assert.match(why, /^the smoke test has failed: /)
    assert.deepEqual(
      items.map((each: { readonly verb: string }) => each.verb),
      ['deploy-all', 'abort-all'],
    )
    assert.match(failed.stderr, /^Next: {2}kubectl rollouts-group release /m)
  })

  it('says how it wires what nobody wired, and why', async () =>
    assert.match(
      (await release('--dry-run')).stdout,
      /wired pinned, release 2\.0, since with the addresses in the files my-frontend 2\.0 still talks to my-backend 1\.0 through backend: BACKEND_URL=http:\/\/backend:8080$/m,
    ))

  it('writes nothing in a dry run', async () => {
    const { exit } = await release('--dry-run')
    assert.equal(exit, 0)
    assert.deepEqual(
      sim.requests.filter((each) => each.method !== 'GET' && each.query['dryRun'] !== 'All').map((each) => each.path),
      [],
    )
  })

  it('refuses, before anything is written, where a wiring that is asked for is not proved', async () => {
    const { exit, stderr } = await release('--wiring=as-is')
    assert.equal(exit, 3)
    assert.match(stderr, /next-wired-to-live/)
    assert.deepEqual(versions(), ['my-backend 1.0', 'my-frontend 1.0'])
  })

  it('tests what waits, with the addresses of each member', async () => {
    const { exit, stderr } = await release(
      '--forward',
      '--smoke',
      'echo "$RG_GROUP $RG_NAMESPACE $RG_RELEASE"; echo "$RG_MY_FRONTEND_VERSION $RG_MY_BACKEND_NEXT"; ' +
        `"${process.execPath}" -e 'fetch("http://" + process.env.RG_MY_FRONTEND_NEXT_LOCAL).then((r) => r.text()).then(console.log)'`,
    )
    assert.equal(exit, 0)
    assert.match(
      stderr,
      /^ {2}loan plain 2\.0\n {2}2\.0 my-backend-2-0\.plain\.svc:8080\n {2}my-frontend-.*\n {2}APP_VERSION=2\.0$/m,
    )
    assert.match(stderr, /^smoke test: passed$/m)
    // Of what is pinned each member has a Service for what waits, but for the entry.
    assert.match(stderr, /my-backend +next .* 2\.0 behind my-backend-2-0\b/)
    assert.match(stderr, /my-frontend +next .* 2\.0, without a Service/)
  })

  it('tells a test no address of what waits where no Service leads to it, and its port here with --forward', async () => {
    const names = 'env | grep -o "^RG_MY_[A-Z]*_NEXT[A-Z_]*" | sort | tr "\\n" " "'
    const { exit, stderr } = await release('--forward', '--smoke', names)
    assert.equal(exit, 0)
    assert.match(stderr, /^ {2}RG_MY_BACKEND_NEXT RG_MY_BACKEND_NEXT_LOCAL RG_MY_FRONTEND_NEXT_LOCAL *$/m)
  })

  it('withdraws what a smoke test finds bad, with its last lines, and users stay', async () => {
    const { exit, stderr, stdout } = await release('--smoke', 'echo broken; exit 3')
    assert.equal(exit, 1)
    assert.match(
      stderr,
      /^ {2}broken\nerror: the smoke test has failed: it ended with exit code 3; what waits is withdrawn$/m,
    )
    assert.match(stdout, /^Group loan aborted: 2 of 2 /m)
    assert.deepEqual(versions(), ['my-backend 1.0', 'my-frontend 1.0'])
  })

  it('releases again right after what was withdrawn, under a name of its own', async () => {
    await release('--smoke', 'exit 3')
    const { exit, stderr } = await release()
    assert.match(stderr, /wired pinned, release 2\.0-2/)
    assert.equal(exit, 0)
    assert.deepEqual(versions(), ['my-backend 2.0', 'my-frontend 2.0'])
  })

  it('leaves it at its gates with --on-failure=stop, and does not repeat a smoke test that has passed there', async () => {
    const { exit, stderr } = await release('--smoke', 'exit 3', '--on-failure=stop')
    assert.equal(exit, 1)
    assert.match(
      stderr,
      /what waits stays at its gates \(--on-failure=stop\)\nNext: {2}kubectl rollouts-group abort-all loan/,
    )
    const waiting = await release('--smoke', 'true', '--approve')
    assert.equal(waiting.exit, 7)
    const again = await release('--smoke', 'true')
    assert.match(again.stderr, /^smoke test: it has passed on these revisions before$/m)
    assert.deepEqual([again.exit, versions()], [0, ['my-backend 2.0', 'my-frontend 2.0']])
  })

  it('stops before users are switched over where nobody can approve, and says what goes on', async () => {
    const { exit, stderr } = await release('--approve')
    assert.equal(exit, 7)
    assert.match(
      stderr,
      /^release 2\.0 of group loan \(my-backend 2\.0 and my-frontend 2\.0\) waits for its approval; users stay where they are\nNext: {2}kubectl rollouts-group release -f examples\/plain\/v2\.yaml --yes loan -n plain/m,
    )
    assert.deepEqual(versions(), ['my-backend 1.0', 'my-frontend 1.0'])
    const again = await release('--approve', '-o', 'json')
    const { exit: code, items, why } = JSON.parse(again.stdout)
    assert.deepEqual([again.exit, code, items], [7, 7, []])
    assert.match(why, /^release 2\.0 of group loan .* waits for its approval$/)
  })
})
