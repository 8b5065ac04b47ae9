import assert from 'node:assert/strict'
import { type Sim, startSim } from '../../src/sim/start-sim.ts'
import { simCli } from '../support/sim-cli.ts'

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
  })

  it('settles a group of preview Services first and last, and goes on to the release before by itself', async () => {
    await released('legacy')
    const { exit, stderr } = await undo()
    assert.equal(exit, 0, stderr)
    assert.match(stderr, /^back to release 1\.0$/m)
    assert.match(await history(), /^1\.0-u1 +✔ live/m)
  })
})
