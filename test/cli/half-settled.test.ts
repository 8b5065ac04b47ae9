import assert from 'node:assert/strict'
import { blueGreen, env } from '../../src/sim/scenarios/manifests.ts'
import { live, type Scenario } from '../../src/sim/scenarios/scenario.ts'
import { RELEASE } from '../properties/judge/raw.ts'
import { watchUsers } from '../properties/users.ts'
import { virtualCli } from '../support/virtual-cli.ts'
import { type Match, those } from '../support/virtual-request.ts'
import { living } from '../support/virtual-run.ts'

const NAMES = ['web', 'mid', 'api', 'db']

/** Four tiers that call each other through the Services of each role. */
const tiers = (version: string) =>
  NAMES.flatMap((name, index) => {
    const next = NAMES[index + 1]
    const settings = env({ APP_VERSION: version, ...(next && { NEXT_URL: `http://${next}-active:8080` }) })
    return blueGreen({ name, group: 'shop', replicas: 1, settings, templateAnnotations: { [RELEASE]: version } })
  })

const scenario: Scenario = {
  name: 'tiers',
  namespace: 'shop',
  group: 'shop',
  summary: 'four tiers: 1.0 is live',
  build: (simulation) => live(simulation, { namespace: 'shop', live: [tiers('1.0')], next: [] }),
}

/** The how many-th write to the status of a member, from now on. */
function nth(count: number, name: string): Match {
  const isOne = those({ resource: 'rollouts', subresource: 'status', name, verb: 'patch' })
  let seen = 0
  return (request) => isOne(request) && ++seen === count
}

describe('a release that was killed while it pointed consumers back, one tier after the other', () => {
  // Each is promoted by the release, and again when it is settled.
  for (const member of ['web', 'mid', 'api'])
    it(`is settled to its end by the same command: after ${member}`, async () => {
      const world = living(scenario)
      const troubles: string[] = []
      watchUsers(world.time.simulation, 'shop', [{ rollout: 'web', doors: ['web-active'] }], (found) =>
        troubles.push(...found.map(({ story }) => story)),
      )
      const release = (killedAfter?: Match) =>
        virtualCli(
          world,
          ['release', 'shop', '-n', 'shop', '-f', '-', '--wiring=preview', '--yes'],
          killedAfter,
          JSON.stringify({ apiVersion: 'v1', kind: 'List', items: tiers('2.0') }),
        )
      assert.equal((await release(nth(2, member))).exit, undefined)
      await world.time.pass(60_000)
      const { exit, told } = await release()
      assert.equal(exit, 0, told)
      const addresses = world.store
        .list('rollouts')
        .map(({ spec }) => JSON.stringify(spec.template).match(/\w+-(active|preview)/)?.[0])
      assert.deepEqual(addresses.sort(), ['api-active', 'db-active', 'mid-active', undefined])
      assert.deepEqual(troubles, [])
    })
})
