import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blueGreen, env, rollout, service } from '../../src/sim/scenarios/manifests.ts'
import { live, type RawManifest, type Scenario } from '../../src/sim/scenarios/scenario.ts'
import { virtualCli } from '../support/virtual-cli.ts'
import { type Match, those } from '../support/virtual-request.ts'
import { living } from '../support/virtual-run.ts'
import { RELEASE } from '../properties/judge/raw.ts'
import { watchUsers } from '../properties/users.ts'

type Colour = 'old' | 'new'

/** What one member of a chain calls, and how it was wired by hand. */
interface Chain {
  readonly members: readonly string[]
  readonly services: 'plain' | 'by role'
}

function manifestsOf({ members, services }: Chain, version: string, colour: Colour): readonly RawManifest[] {
  return members.toReversed().flatMap((name) => {
    const next = members[members.indexOf(name) + 1]
    const host = services === 'plain' ? next : `${next}-active`
    const spec = {
      name,
      group: 'shop',
      replicas: 2,
      settings: env({ APP_VERSION: version, ...(next !== undefined && { NEXT_URL: `http://${host}:8080` }) }),
      templateAnnotations: { [RELEASE]: colour },
    }
    if (services === 'by role') return blueGreen(spec)
    const strategy = { activeService: name, autoPromotionEnabled: false, scaleDownDelaySeconds: 5 }
    return [service(name, name), rollout(spec, { blueGreen: strategy })]
  })
}

function scenarioOf(chain: Chain): Scenario {
  const history = { namespace: 'chain', live: [manifestsOf(chain, '1.0', 'old')], next: [] }
  return {
    name: 'chain',
    namespace: 'chain',
    group: 'shop',
    summary: '',
    build: (simulation) => live(simulation, history),
  }
}

/** Releases two versions in a row, the tool killed after each of its writes, and run again until it comes through. */
async function twice(
  chain: Chain,
  words: readonly string[],
  undone = false,
): Promise<{ troubles: string[]; runs: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'release-killed-'))
  const world = living(scenarioOf(chain))
  const { simulation } = world.time
  const entry = {
    rollout: chain.members[0]!,
    doors: [`${chain.members[0]}${chain.services === 'plain' ? '' : '-active'}`],
  }
  const troubles = new Set<string>()
  watchUsers(simulation, 'chain', [entry], (found) => {
    for (const { story } of found) troubles.add(`${new Date(simulation.now).toISOString()} ${story}`)
  })
  let runs = 0
  try {
    for (const [version, colour] of [
      ['2.0', 'new'],
      [undone ? '1.0' : '3.0', 'old'],
    ] as const) {
      const file = join(directory, `${version}.json`)
      writeFileSync(
        file,
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifestsOf(chain, version, colour) }),
      )
      for (let attempt = 1; ; attempt++) {
        const back = undone && version === '1.0'
        const argv = back
          ? ['undo-all', 'shop', '--yes', '--to=1.0', ...words]
          : ['release', 'shop', '-f', file, '--yes', ...words]
        const { exit, told } = await virtualCli(world, argv, attempt)
        runs += 1
        if (exit === 0) {
          const again = back ? await virtualCli(world, ['undo-all', 'shop', '--yes']) : { exit: 0, told: '' }
          assert.equal(again.exit, 0, again.told)
          break
        }
        assert.equal(exit, undefined, `run ${attempt} ended with ${exit}:\n${told}`)
        assert.ok(attempt < 80, 'eighty runs did not come to an end')
        await world.time.pass(20_000)
      }
      await world.time.pass(600_000)
      const settings = world.store.list('rollouts').map(({ status, spec }) => {
        assert.equal(status.stableRS, status.currentPodHash)
        return spec.template.spec.containers[0].env[0].value
      })
      assert.deepEqual(
        settings,
        chain.members.map(() => version),
      )
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
  return { troubles: [...troubles], runs }
}

describe('a release that is killed after each of its writes, and run again', function () {
  this.timeout(120_000)

  for (const [what, chain, words] of [
    ['a pair with plain Services', { members: ['web', 'api'], services: 'plain' }, []],
    ['three tiers with plain Services', { members: ['web', 'api', 'base'], services: 'plain' }, []],
    ['three tiers, pinned', { members: ['web', 'api', 'base'], services: 'by role' }, ['--wiring=pinned']],
    [
      'a pair on preview Services, settled after',
      { members: ['web', 'api'], services: 'by role' },
      ['--wiring=preview'],
    ],
    ['three tiers on preview Services', { members: ['web', 'api', 'base'], services: 'by role' }, ['--wiring=preview']],
  ] as const)
    it(`comes to its end twice in a row, and no request meets two versions or an empty Service: ${what}`, async () => {
      const { troubles, runs } = await twice(chain, words)
      assert.deepEqual(troubles, [])
      assert.ok(runs > 10, `${runs} runs`)
    })
})

describe('a release that is undone, killed after each of its writes, and run again', function () {
  this.timeout(120_000)

  for (const [what, chain, words] of [
    ['a pair with plain Services', { members: ['web', 'api'], services: 'plain' }, []],
    ['three tiers, pinned', { members: ['web', 'api', 'base'], services: 'by role' }, ['--wiring=pinned']],
    ['three tiers on preview Services', { members: ['web', 'api', 'base'], services: 'by role' }, ['--wiring=preview']],
  ] as const)
    it(`is back at its end, and no request meets two versions or an empty Service: ${what}`, async () => {
      const { troubles, runs } = await twice(chain, words, true)
      assert.deepEqual(troubles, [])
      assert.ok(runs > 10, `${runs} runs`)
    })
})

describe('a release on preview Services that is made again while the controller ends what the killed one began', () => {
  it('points consumers back before its files change anything, and has nothing more to do', async () => {
    const chain: Chain = { members: ['web', 'api', 'base'], services: 'by role' }
    const directory = mkdtempSync(join(tmpdir(), 'release-killed-'))
    const file = join(directory, '2.0.json')
    const items = manifestsOf(chain, '2.0', 'new')
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
    const world = living(scenarioOf(chain))
    const argv = ['release', 'shop', '-f', file, '--yes', '--wiring=preview']
    const statusOf = () => structuredClone(world.store.get('rollouts', 'chain', 'base')!.status)
    const show = (status: unknown) =>
      world.store.patch('rollouts', 'chain', 'base', {
        type: 'json',
        body: [{ op: 'replace', path: '/status', value: status }],
        subresource: 'status',
      })
    try {
      let waits: unknown
      const promotes: Match = ({ verb, resource, name, subresource }) =>
        verb === 'patch' && resource === 'rollouts' && name === 'base' && subresource === 'status'
      world.on('before', promotes, () => {
        waits = statusOf()
      })
      assert.equal((await virtualCli(world, argv, promotes)).exit, undefined)
      await world.time.pass(60_000)
      const promoted = statusOf()
      // The look by which it is decided whether to settle.
      const looks = those({ verb: 'list', resource: 'rollouts' })
      world.on(
        'before',
        looks,
        () => {
          world.time.controllersRun = false
          show(waits)
        },
        2,
      )
      world.on(
        'after',
        looks,
        () => {
          show(promoted)
          world.time.controllersRun = true
        },
        2,
      )
      const { exit, told } = await virtualCli(world, argv)
      assert.equal(exit, 0, told)
      assert.match(told, /settle: web back to live Services/)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
