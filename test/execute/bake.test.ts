import assert from 'node:assert/strict'
import { finished, living, outcomes, patches, type RunOptions, start } from '../support/virtual-run.ts'
import { pair } from '../support/virtual-scenes.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'

const LATE = { frontend: () => ({ strategy: { scaleDownDelaySeconds: 60 } }) }
const promoted = (world: VirtualCluster) => patches(world).map(({ name, at }) => ({ name, at }))
const statusOf = ({ store }: VirtualCluster, name: string) => store.get('rollouts', 'legacy', name)!.status

describe('a bake', () => {
  it('lets the second wave wait so long, while what was promoted is looked at every 15 s', async () => {
    const world = living(pair(LATE))
    let looks = 0
    const check = async () => {
      looks++
      return undefined
    }
    const { exit } = await finished(world, { bake: { milliseconds: 40_000, check } })
    const [first, second] = promoted(world)
    assert.deepEqual([exit, looks], [0, 4])
    assert.ok(second!.at - first!.at >= 40_000)
  })

  it('that finds something bad stops the rest, and leaves it where it is', async () => {
    const world = living(pair(LATE))
    const { exit, reports } = await finished(world, { bake: { milliseconds: 40_000, check: async () => 'too slow' } })
    assert.deepEqual([exit, outcomes(reports)], [4, { 'my-frontend': 'done', 'my-backend': 'failed' }])
    assert.match(reports.find((each) => each.member === 'my-backend')!.detail, /^too slow: it stays on 1\.0$/)
  })

  it('with on-failure=rollback brings users back, and withdraws the rest', async () => {
    const world = living(pair(LATE))
    const before = statusOf(world, 'my-frontend').stableRS
    let looks = 0
    const { exit, reports } = await finished(world, {
      onFailure: 'rollback',
      bake: { milliseconds: 40_000, check: async () => (looks++ === 1 ? 'too slow' : undefined) },
    })
    assert.deepEqual([exit, outcomes(reports)], [1, { 'my-frontend': 'failed', 'my-backend': 'failed' }])
    assert.equal(statusOf(world, 'my-frontend').stableRS, before)
    assert.equal(statusOf(world, 'my-backend').abort, true)
    assert.match(reports[0]!.detail, /^users on 2\.0; then 1\.0 put back, users on 1\.0$/)
  })

  it('that is bad at the first look brings users back, too', async () => {
    const world = living(pair(LATE))
    const before = statusOf(world, 'my-frontend').stableRS
    const bake = { milliseconds: 40_000, check: async () => 'too slow' }
    const { exit } = await finished(world, { onFailure: 'rollback', bake })
    assert.deepEqual([exit, statusOf(world, 'my-frontend').stableRS], [1, before])
  })

  for (const onFailure of ['stop', 'abort', 'rollback'] as const)
    it(`that is bad once old pods are about to go leads back, and never on (on-failure=${onFailure})`, async () => {
      const world = living(pair())
      const bake = { milliseconds: 40_000, check: async () => 'too slow' }
      const { exit, reports, events } = await finished(world, { onFailure, bake })
      const rest = reports.find((each) => each.member === 'my-backend')
      assert.deepEqual([exit, rest?.outcome, rest?.leadsBack], [4, 'failed', true])
      const said = events.flatMap((each) => (each.type === 'warning' ? [each.sentence] : []))
      assert.ok(!said.some((each) => each.includes('promote-all')), said.join('\n'))
    })

  it('that brought users back leads to no way back', async () => {
    const bake = { milliseconds: 40_000, check: async () => 'too slow' }
    const { reports } = await finished(living(pair(LATE)), { onFailure: 'rollback', bake })
    assert.ok(!reports.some((each) => each.leadsBack))
  })

  it('looks at what is Degraded by itself', async () => {
    const world = living(pair(LATE))
    let looks = 0
    const { reports } = await finished(world, {
      bake: {
        milliseconds: 40_000,
        check: async () => {
          if (looks++ === 1)
            world.store.patch('rollouts', 'legacy', 'my-frontend', {
              type: 'merge',
              body: { status: { phase: 'Degraded', message: 'gone' } },
              subresource: 'status',
            })
          return undefined
        },
      },
    })
    assert.match(reports.find((each) => each.member === 'my-backend')!.detail, /my-frontend 2\.0 is Degraded/)
  })

  for (const [what, found] of [
    ['goes on for the rest of its time', undefined],
    ['brings users back where it is bad', 'too slow'],
  ] as const)
    it(`that was cut short ${what}, with the run that goes on`, async () => {
      const world = living(pair(LATE))
      const before = statusOf(world, 'my-frontend').stableRS
      let looks = 0
      const dying = async () => {
        if (++looks === 3) first.client.kill()
        return undefined
      }
      const first = start(world, { bake: { milliseconds: 40_000, check: dying } })
      await world.time.until(first.client.killed)
      const bake = { milliseconds: 40_000, check: async () => (++looks === 5 ? found : undefined) }
      const { exit, reports } = await finished(world, { bake, onFailure: 'rollback' })
      assert.deepEqual(
        [looks, exit, reports.find((each) => each.member === 'my-backend')!.outcome],
        found === undefined ? [5, 0, 'done'] : [5, 1, 'failed'],
      )
      assert.equal(statusOf(world, 'my-frontend').stableRS === before, found !== undefined)
    })

  const warned = async (change: Parameters<typeof pair>[0], options: RunOptions) => {
    const { events } = await finished(living(pair(change)), { bake: { milliseconds: 40_000 }, ...options })
    return events.flatMap((each) => (each.type === 'warning' ? [each.sentence] : []))
  }

  it('is told to be of no use where nothing follows the first wave', async () =>
    assert.deepEqual(await warned(LATE, { mode: 'modern' }), [
      '--bake has nothing to look at: all users are switched over in one wave, and nothing follows it',
    ]))

  it('says before it asks that old pods go too soon, and how to keep them', async () =>
    assert.deepEqual(await warned({}, { confirm: async () => false }), [
      'the old pods of my-frontend (5 s) go before the bake is over: after that this run brings nobody back, and ' +
        'abort-all --undo-promoted does, by a release of its own (new pods). To keep them longer, end this, and first: kubectl patch rollout my-frontend -n legacy ' +
        `--type=merge -p '{"spec":{"strategy":{"blueGreen":{"scaleDownDelaySeconds":70}}}}'`,
    ]))

  it('has nothing to say where they stay long enough', async () => assert.deepEqual(await warned(LATE, {}), []))
})
