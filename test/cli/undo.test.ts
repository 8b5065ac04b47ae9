import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type Sim, startSim } from '../../src/sim/start-sim.ts'
import { env } from '../../src/sim/scenarios/manifests.ts'
import { promote } from '../support/live-screen.ts'
import { simCli } from '../support/sim-cli.ts'
import { virtualCli } from '../support/virtual-cli.ts'
import { living } from '../support/virtual-run.ts'
import { pair } from '../support/virtual-scenes.ts'

const BUILD = 'test/release'

describe('undo-all of a group whose versions do not compare', () => {
  it('brings back all that came to users together', async () => {
    const build = (version: string) => ({ templateAnnotations: { [BUILD]: version } })
    const world = living(
      pair({
        frontend: (version) => ({
          ...build(version),
          settings: env({ BACKEND_HOST: version === '1.0' ? 'backend-active' : 'backend-preview' }),
        }),
        backend: (version) => ({ ...build(version), settings: env({}) }),
      }),
    )
    for (const verb of ['promote-all', 'undo-all']) {
      const { exit, told } = await virtualCli(world, [verb, 'loan', '-n', 'legacy', '--yes'])
      assert.equal(exit, 0, told)
    }
    const builds = world.store.list('rollouts').map(({ metadata, status }) => {
      const set = world.store.get('replicasets', 'legacy', `${metadata.name}-${status.stableRS}`)!
      return `${metadata.name} ${set['spec'].template.metadata.annotations[BUILD]}`
    })
    assert.deepEqual(builds, ['my-backend 1.0', 'my-frontend 1.0'])
    const { told } = await virtualCli(world, ['history', 'loan', '-n', 'legacy'])
    assert.match(told, /^my-backend-rev-1-u1 +✔ live .* my-backend, my-frontend /m)
  })
})

describe('undo-all of a release that has brought a member with it', () => {
  const two = readFileSync('examples/plain/v2.yaml', 'utf8')
  const more = two
    .slice(two.lastIndexOf('---', two.indexOf('name: backend}')))
    .replaceAll('my-backend', 'base')
    .replaceAll('backend', 'base')
  const calls = two.replace(
    /(?<=name: my-backend\n[^]*APP_VERSION.*\n)/,
    '        - {name: BASE_URL, value: "http://base:8080"}\n',
  )

  it('leaves that where it is: nobody calls it any more', async () => {
    const world = living('plain')
    const group = ['loan', '-n', 'plain']
    const released = await virtualCli(world, ['release', ...group, '-f', '-', '--yes'], undefined, calls + more)
    assert.equal(released.exit, 0, released.told)
    assert.match((await virtualCli(world, ['history', ...group])).told, /^1\.0 .* undo-all$/m)
    const { exit, told } = await virtualCli(world, ['undo-all', ...group, '--yes'])
    assert.equal(exit, 0, told)
    assert.match((await virtualCli(world, ['get-group', ...group])).told, /my-frontend 1\.0 ─▶ my-backend 1\.0 +✔/)
    assert.match((await virtualCli(world, ['history', ...group])).told, /^2\.0 .* undo-all --to=2\.0$/m)
  })

  it('is refused where that was removed since: users would find nobody', async () => {
    const world = living('plain')
    const group = ['loan', '-n', 'plain']
    const three = two.replaceAll('"2.0"', '"3.0"')
    for (const files of [calls + more, three]) {
      const { exit, told } = await virtualCli(world, ['release', ...group, '-f', '-', '--yes'], undefined, files)
      assert.equal(exit, 0, told)
    }
    world.store.remove('rollouts', 'plain', 'base')
    await world.time.pass(60_000)
    const before = JSON.stringify(world.store.list('rollouts').map(({ spec }) => spec))
    const { exit, told } = await virtualCli(world, ['undo-all', ...group, '--yes'])
    assert.equal(exit, 3, told)
    assert.match(told, /release 2\.0 cannot come back as it was: nobody is behind Service base-2-0/)
    assert.equal(JSON.stringify(world.store.list('rollouts').map(({ spec }) => spec)), before)
    const { told: past } = await virtualCli(world, ['history', ...group])
    assert.match(past, /^2\.0 .* not as it was: nobody is behind Service base-2-0$/m)
  })
})

describe('undo-all', () => {
  let sim: Sim
  afterEach(() => sim.stop())

  async function released(scenario: 'plain' | 'legacy'): Promise<void> {
    sim = await startSim({ scenario, timeScale: 60 })
    const { exit, stderr } =
      scenario === 'plain'
        ? await simCli(sim, ['release', sim.group, '-f', 'examples/plain/v2.yaml', '--yes']).done
        : await simCli(sim, ['promote-all', sim.group, '--yes']).done
    assert.equal(exit, 0, stderr)
  }
  /** Resolves when the cluster is so. */
  async function until(isSo: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const unsubscribe = sim.store.subscribe(() => isSo() && resolve())
    if (!isSo()) await promise
    unsubscribe()
  }
  const undo = (...words: readonly string[]) => simCli(sim, ['undo-all', sim.group, '--yes', ...words]).done
  const sets = () =>
    sim.store.list('rollouts').map(({ status, metadata }) => ({
      member: metadata.name,
      set: sim.store.list('replicasets').find((each) => each.metadata.name.endsWith(status.stableRS))!,
    }))
  const labels = () =>
    sets().map(({ member, set }) => `${member} ${set.spec.template.metadata.labels['rollouts-group/release']}`)
  const history = async () => (await simCli(sim, ['history', sim.group]).done).stdout

  it('brings a pinned release back, as one of its own', async () => {
    await released('plain')
    const { exit, stderr } = await undo('--to=1.0')
    assert.equal(exit, 0, stderr)
    assert.deepEqual(labels(), ['my-backend 1.0-u1', 'my-frontend 1.0-u1'])
    assert.match(await history(), /^1\.0-u1 +✔ live/m)
    assert.match(
      stderr,
      /^Put 1\.0 back into your files\. From now on give them to release .*, never to a plain kubectl apply: /m,
    )
  })

  it('leaves nothing for the files of the release that is back to do', async () => {
    await released('plain')
    assert.equal((await undo('--to=1.0')).exit, 0)
    const before = sim.store.list('services')
    const files = ['release', sim.group, '-f', 'examples/plain/v1.yaml', '--yes']
    const { exit, stdout, stderr } = await simCli(sim, files).done
    assert.deepEqual([exit, stderr.includes('undefined')], [0, false], stderr)
    assert.match(stdout, /^Group loan: nothing to release, users are on 1\.0/m)
    assert.deepEqual(sim.store.list('services'), before)
  })

  it('--fast takes users back at once to pods that still run, and is refused where that cannot be', async () => {
    sim = await startSim({ scenario: 'legacy', timeScale: 20 })
    const patched = () => sim.requests.filter(({ method }) => method === 'PATCH').length
    const none = await undo('--fast')
    assert.deepEqual([none.exit, patched()], [3, 0])
    assert.match(
      none.stderr,
      /^error: --fast takes users back while .*not so, and without it the pods are new:\nNext: {2}/,
    )
    const body = { spec: { strategy: { blueGreen: { scaleDownDelaySeconds: 60 } } } }
    const { generation } = sim.store.patch('rollouts', sim.namespace, 'my-frontend', { type: 'merge', body }).metadata
    const status = () => sim.store.get('rollouts', sim.namespace, 'my-frontend')!['status']
    const first = status().stableRS
    await until(() => status().observedGeneration === String(generation))
    promote(sim, 'my-frontend')
    await until(() => status().stableRS !== first)
    const { exit, stdout, stderr } = await undo('--fast')
    assert.equal(exit, 0, stderr)
    assert.match(stdout, /^Group loan aborted: 2 of 2/m)
    assert.equal(status().stableRS, first)
    assert.equal(sim.store.list('replicasets').length, 4, 'no pods are new')
    assert.deepEqual((await undo('--fast', '--to=1.0')).exit, 2)
  })

  it('settles a group of preview Services first and last, and goes on to the release before by itself', async () => {
    await released('legacy')
    const { exit, stderr } = await undo()
    assert.equal(exit, 0, stderr)
    assert.match(stderr, /^back to release 1\.0, as 1\.0-u1: my-backend 2\.0 → 1\.0, my-frontend 2\.0 → 1\.0$/m)
    assert.doesNotMatch(stderr, /your files/i)
    assert.match(await history(), /^1\.0-u1 +✔ live/m)
  })

  it('and settling are of a group that is there (1)', async () => {
    sim = await startSim({ scenario: 'legacy' })
    for (const verb of ['undo-all', 'settle']) {
      const { exit, stderr } = await simCli(sim, [verb, 'nosuch', '--yes']).done
      assert.deepEqual([exit, stderr], [1, 'error: no group nosuch in namespace legacy; its groups are: loan\n'])
    }
  })

  it('made again when all is over stays where it is, and says how to go forth', async () => {
    await released('legacy')
    await undo()
    const before = labels()
    const { exit, stdout, stderr } = await undo()
    assert.deepEqual(
      [exit, stdout, stderr],
      [
        0,
        'Group loan: nothing to undo, users are on release 1.0 (as 1.0-u1).\n',
        'To leave it for release 2.0 again:\nNext:  kubectl rollouts-group undo-all --to=2.0 loan -n legacy\n',
      ],
    )
    assert.deepEqual(labels(), before)
    const forth = await undo('--to=2.0')
    assert.equal(forth.exit, 0, forth.stderr)
    assert.match(await history(), /^2\.0-u1 +✔ live/m)
  })

  it('names what withdraws a release that waits (3)', async () => {
    sim = await startSim({ scenario: 'legacy' })
    const { exit, stderr } = await undo()
    assert.equal(exit, 3)
    assert.equal(
      stderr,
      'error: release 2.0 waits, and users are not on it; withdraw it, or say --to=NAME to replace it:\n' +
        'Next:  kubectl rollouts-group abort-all loan -n legacy\n',
    )
  })

  it('promotes nobody where users are on the release that is asked for, and another one waits', async () => {
    sim = await startSim({ scenario: 'legacy', timeScale: 60 })
    const { exit, stdout, stderr } = await undo('--to=1.0')
    assert.deepEqual(
      [exit, stdout, stderr],
      [
        0,
        'Group loan: nothing to undo, users are on release 1.0.\n',
        'Release 2.0 waits, and users are not on it; to withdraw it:\n' +
          'Next:  kubectl rollouts-group abort-all loan -n legacy\n',
      ],
    )
    assert.match(await history(), /^1\.0 +✔ live/m)
  })

  it('has nothing to do where users are back and the rest was withdrawn', async () => {
    sim = await startSim({ scenario: 'legacy' })
    await simCli(sim, ['abort-all', 'loan', '--yes']).done
    const { exit, stdout, stderr } = await undo('--to=1.0')
    assert.deepEqual([exit, stdout, stderr], [0, 'Group loan: nothing to undo, users are on release 1.0.\n', ''])
  })

  it('has a settling that says that there is nothing to settle (0)', async () => {
    sim = await startSim({ scenario: 'legacy' })
    const { exit, stdout } = await simCli(sim, ['settle', 'loan', '--yes']).done
    assert.deepEqual(
      [exit, stdout],
      [0, 'Group loan: nothing to settle, no live consumer calls a Service in front of a next version.\n'],
    )
  })
})
