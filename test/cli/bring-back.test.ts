import assert from 'node:assert/strict'
import { abort, promote, type Scenario } from '../../src/sim/scenarios/scenario.ts'
import { RELEASE } from '../properties/judge/raw.ts'
import { watchUsers } from '../properties/users.ts'
import { virtualCli } from '../support/virtual-cli.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { living } from '../support/virtual-run.ts'
import { canaries, pair, threeTiers, tiers } from '../support/virtual-scenes.ts'

/** Until when the pods of a revision stay that users have left. */
const DEADLINE = 'scale-down-deadline'

const told = (version: string) => ({ templateAnnotations: { [RELEASE]: version } })

interface Half {
  readonly scenario: Scenario
  readonly entry: string
  readonly doors: readonly string[]
  /** How often it is promoted to its end. */
  readonly gates: number
}

const BLUE_GREEN: Half = {
  scenario: pair({ frontend: told, backend: told }),
  entry: 'my-frontend',
  doors: ['frontend-active'],
  gates: 1,
}
const BACK = ['my-backend 1.0, aborted', 'my-frontend 1.0']
const CANARIES: Half = { scenario: canaries(told), entry: 'frontend', doors: ['frontend'], gates: 2 }

/** A release whose entry was promoted, its old pods gone, while its dependency waits. */
function halfPromoted(half: Half) {
  const { scenario, entry, gates } = half
  const world = living(scenario)
  for (let gate = 0; gate < gates; gate++) promote(world.time.simulation, scenario.namespace, entry)
  return takenBack(world, half)
}

/** What its users meet from now on, and the command that takes them back. */
function takenBack(world: VirtualCluster, { scenario, entry, doors }: Omit<Half, 'gates'>) {
  const troubles = new Set<string>()
  watchUsers(world.time.simulation, scenario.namespace, [{ rollout: entry, doors }], (found) => {
    for (const { story } of found) troubles.add(story)
  })
  const run = (killedAfter?: number) =>
    virtualCli(world, ['abort-all', scenario.group, '-n', scenario.namespace, '--undo-promoted', '--yes'], killedAfter)
  return { world, troubles, run }
}

/** Two of three tiers were promoted, their old pods gone, while the third waits. */
async function twoOfThreePromoted() {
  const scenario = threeTiers(told)
  const world = living(scenario)
  const release = async (version: string, ...only: string[]) => {
    const files = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: tiers(version, told) })
    for (const words of [
      ['deploy-all', '-f', '-'],
      ['promote-all', ...only],
    ]) {
      const line = [...words, scenario.group, '-n', scenario.namespace, '--yes']
      const { exit, told } = await virtualCli(world, line, undefined, files)
      assert.equal(exit, 0, told)
    }
    await world.time.pass(60_000)
  }
  await release('2.0')
  await release('3.0', '--only=web,api')
  return takenBack(world, { scenario, entry: 'web', doors: ['web'] })
}

/** Goes on to the end, killed after one write more each time; how many runs that takes. */
async function killedAfterEach({ world, run }: ReturnType<typeof takenBack>): Promise<number> {
  for (let runs = 1; ; runs++) {
    const { exit, told } = await run(runs)
    if (exit === 0) return runs
    assert.equal(exit, undefined, `run ${runs}:\n${told}`)
    await world.time.pass(60_000)
  }
}

/** Who has which release live, and whether what waited was withdrawn. */
function live({ store }: VirtualCluster): readonly string[] {
  return store.list('rollouts').map(({ metadata, status }) => {
    const set = store.get('replicasets', metadata.namespace, `${metadata.name}-${status.stableRS}`)!
    return `${metadata.name} ${set['spec'].template.metadata.annotations[RELEASE]}${status.abort ? ', aborted' : ''}`
  })
}

describe('a release that was half promoted a moment ago', () => {
  /** Users have just come to the frontend; after so many milliseconds the controller says how long old pods stay. */
  async function justPromoted(late: number) {
    const world = living(
      pair({ frontend: (version) => ({ ...told(version), strategy: { scaleDownDelaySeconds: 600 } }), backend: told }),
    )
    promote(world.time.simulation, 'legacy', 'my-frontend')
    const set = world.store
      .list('replicasets')
      .find(({ metadata: { name, annotations } }) => name.startsWith('my-frontend') && annotations?.[DEADLINE])!
    const annotate = (value: unknown) =>
      world.store.patch('replicasets', 'legacy', set.metadata.name, {
        type: 'merge',
        body: { metadata: { annotations: { [DEADLINE]: value } } },
      })
    const deadline = set.metadata.annotations![DEADLINE]
    annotate(null)
    world.time.controllersRun = false
    const soon = world.time.clock({}).after(late, new AbortController().signal)
    void soon.then(() => {
      annotate(deadline)
      world.time.controllersRun = true
    })
    const words = ['abort-all', 'loan', '-n', 'legacy', '--undo-promoted', '--yes']
    return { world, ...(await virtualCli(world, words)) }
  }

  it('is taken back at once, as soon as the controller has said how long old pods stay', async () => {
    const { world, exit, told } = await justPromoted(2000)
    assert.equal(exit, 0, told)
    assert.deepEqual(live(world), BACK)
    assert.doesNotMatch(told, /deployed/)
  })

  it('comes back through its gates where the controller does not say so for long', async () => {
    const { exit, told } = await justPromoted(20_000)
    assert.equal(exit, 0, told)
    assert.match(told, /^Group loan deployed/m)
  })
})

describe('a release that is half promoted, its old pods gone', function () {
  this.timeout('2m')

  for (const [what, half, back] of [
    ['blue/green', BLUE_GREEN, BACK],
    ['canaries', CANARIES, ['backend 1.0, aborted', 'frontend 1.0']],
  ] as const) {
    it(`is brought back through its gates by abort-all --undo-promoted: ${what}`, async () => {
      const { world, troubles, run } = halfPromoted(half)
      const { exit, told } = await run()
      assert.equal(exit, 0, told)
      assert.deepEqual([live(world), [...troubles]], [back, []])
      assert.doesNotMatch(told, /half deployed|half promoted/)
    })

    it(`goes on with that, killed after each of its writes: ${what}`, async () => {
      const begun = halfPromoted(half)
      const runs = await killedAfterEach(begun)
      assert.deepEqual([live(begun.world), [...begun.troubles]], [back, []])
      assert.ok(runs > 4, `${runs} runs`)
    })
  }

  describe('with two of three tiers', () => {
    const TIERS_BACK = ['api 2.0', 'base 2.0, aborted', 'web 2.0']

    it('is brought back, one after the other: who is back already was not left behind', async () => {
      const { world, troubles, run } = await twoOfThreePromoted()
      const { exit, told } = await run()
      assert.equal(exit, 0, told)
      assert.deepEqual([live(world), [...troubles]], [TIERS_BACK, []])
    })

    it('goes on with that, killed after any of its writes', async () => {
      for (let writes = 1; ; writes++) {
        const { world, troubles, run } = await twoOfThreePromoted()
        const isOver = (await run(writes)).exit === 0
        await world.time.pass(60_000)
        const { exit, told } = await run()
        assert.equal(exit, 0, `killed after ${writes} writes:\n${told}`)
        assert.deepEqual([live(world), [...troubles]], [TIERS_BACK, []])
        if (isOver) return assert.ok(writes > 8, `${writes} writes`)
      }
    })
  })

  it('has what its users call tried again first, where that was aborted under them', async () => {
    const { world, run } = halfPromoted(BLUE_GREEN)
    abort(world.time.simulation, 'legacy', 'my-backend')
    const { exit, told } = await run()
    assert.equal(exit, 0, told)
    assert.match(told, /^Group loan retried[^]*^Group loan deployed[^]*^Group loan promoted[^]*^Group loan aborted/m)
    assert.deepEqual(live(world), BACK)
  })

  it('is brought back where what waits was changed since, and never becomes ready: nobody waits for that', async () => {
    const { world, run } = halfPromoted(BLUE_GREEN)
    world.store.patch('rollouts', 'legacy', 'my-backend', {
      type: 'merge',
      body: { spec: { template: { metadata: { annotations: { 'pod-ready.stage.kwok.x-k8s.io/never': 'true' } } } } },
    })
    await world.time.pass(1000)
    const { exit, told } = await run()
    assert.equal(exit, 0, told)
    assert.match(told, /^Group loan deployed: 1 of 1/m)
    assert.deepEqual(live(world), BACK)
  })

  it('is let alone where nothing tells what its users had before, with what leads on (3)', async () => {
    const { world, run } = halfPromoted(BLUE_GREEN)
    for (const { metadata, spec } of world.store.list('replicasets'))
      if (metadata.name.startsWith('my-frontend') && spec.template.metadata.annotations[RELEASE] === '1.0')
        world.store.remove('replicasets', 'legacy', metadata.name)
    const { exit, told } = await run()
    assert.equal(exit, 3)
    assert.equal(
      told,
      'error: nothing tells what my-frontend had before; go on to the end, and then undo all of it:\n' +
        'Next:  kubectl rollouts-group promote-all loan -n legacy\n',
    )
  })
})
