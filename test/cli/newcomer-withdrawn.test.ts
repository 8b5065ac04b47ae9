import assert from 'node:assert/strict'
import { blueGreen, env } from '../../src/sim/scenarios/manifests.ts'
import { live, type Scenario } from '../../src/sim/scenarios/scenario.ts'
import { RELEASE } from '../properties/judge/raw.ts'
import { watchUsers } from '../properties/users.ts'
import { virtualCli } from '../support/virtual-cli.ts'
import { living } from '../support/virtual-run.ts'

/** Tiers that call each other through the Services of each role. */
const tiers = (version: string, ...names: readonly string[]) =>
  names.flatMap((name, index) => {
    const next = names[index + 1]
    const settings = env({ APP_VERSION: version, ...(next && { NEXT_URL: `http://${next}-active:8080` }) })
    return blueGreen({ name, group: 'shop', replicas: 1, settings, templateAnnotations: { [RELEASE]: version } })
  })

const scenario: Scenario = {
  name: 'tiers',
  namespace: 'shop',
  group: 'shop',
  summary: 'two tiers: 1.0 is live',
  build: (simulation) => live(simulation, { namespace: 'shop', live: [tiers('1.0', 'web', 'api')], next: [] }),
}

describe('a release that brought a member between two others, and was withdrawn at its gates', () => {
  for (const wiring of ['preview', 'pinned'])
    it(`is followed by the next one: nobody is on what that member calls (${wiring})`, async () => {
      const world = living(scenario)
      const troubles: string[] = []
      watchUsers(world.time.simulation, 'shop', [{ rollout: 'web', doors: ['web-active'] }], (found) =>
        troubles.push(...found.map(({ story }) => story)),
      )
      const run = (verb: string, version?: string) =>
        virtualCli(
          world,
          [verb, 'shop', '-n', 'shop', '--yes', ...(version === undefined ? [] : ['-f', '-', `--wiring=${wiring}`])],
          undefined,
          version && JSON.stringify({ kind: 'List', apiVersion: 'v1', items: tiers(version, 'web', 'mid', 'api') }),
        )
      for (const step of [() => run('deploy-all', '2.0'), () => run('abort-all')]) {
        const { exit, told } = await step()
        assert.equal(exit, 0, told)
        await world.time.pass(30_000)
      }
      const { exit, told } = await run('release', '3.0')
      assert.equal(exit, 0, told)
      assert.deepEqual(
        world.store
          .list('rollouts')
          .map(({ metadata, spec }) => [metadata.name, spec.template.metadata!.annotations![RELEASE]]),
        [
          ['api', '3.0'],
          ['mid', '3.0'],
          ['web', '3.0'],
        ],
      )
      assert.deepEqual(troubles, [])
    })
})
