import assert from 'node:assert/strict'
import { finished, living, outcomes, patches } from '../support/virtual-run.ts'
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
})
