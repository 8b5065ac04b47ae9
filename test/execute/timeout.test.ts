import assert from 'node:assert/strict'
import { finished, living, NOW, outcomes, patches, writes } from '../support/virtual-run.ts'
import { apply, backend, frontend, pair } from '../support/virtual-scenes.ts'
import { those } from '../support/virtual-request.ts'

/** 2.0 will be at its gate after so many seconds. */
function starting(seconds: number, strategy = {}) {
  const world = living(pair({ frontend: () => ({ strategy }) }, { next: [] }))
  const slow = () => ({ strategy, templateAnnotations: { 'pod-ready.stage.kwok.x-k8s.io/delay': `${seconds}s` } })
  apply(world.store, 'legacy', backend('2.0', slow))
  apply(world.store, 'legacy', frontend('2.0', 'preview', slow))
  return world
}

describe('the time of a run', () => {
  it('ends its wait for a gate, and says what it waited for', async () => {
    const world = starting(60)
    const { reports, exit } = await finished(world, { timeoutMs: 30_000 })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'timed-out', 'my-backend': 'timed-out' }, 6])
    assert.equal(
      reports[0]!.detail,
      'this step was not sent (it waited for this: my-backend 2.0 is not ready to be promoted: 0 of 3 pods of 2.0 available; ' +
        'my-frontend 2.0 is not ready to be promoted: 0 of 3 pods of 2.0 available) when the time was up',
    )
    assert.equal(world.time.simulation.now, NOW + 30_000)
    assert.deepEqual(writes(world.requests), [])
  })

  it('ends its wait for a controller that never comes', async () => {
    const world = living(pair())
    world.on('after', those({ verb: 'patch', name: 'my-frontend' }), () => {
      world.time.controllersRun = false
    })
    const { reports, exit } = await finished(world, { timeoutMs: 30_000 })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'timed-out', 'my-backend': 'not-started' }, 6])
    assert.equal(reports[0]!.detail, 'the request is in, but its effect was not seen yet when the time was up')
    assert.equal(writes(world.requests).at(-1), 'delete leases rollouts-group-loan')
  })

  it('ends its drain', async () => {
    const world = living(pair({ frontend: () => ({ strategy: { scaleDownDelaySeconds: 60 } }) }))
    const { reports, exit } = await finished(world, { timeoutMs: 30_000 })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'timed-out' }, 4])
    assert.equal(
      reports[1]!.detail,
      'this step was not sent when the time was up: 3 old pods of my-frontend 1.0 had not gone',
    )
    assert.deepEqual(
      patches(world).map((each) => each.name),
      ['my-frontend'],
    )
    assert.equal(world.time.simulation.now, NOW + 30_000)
  })

  it('is one time for the wait before and the work after the question', async () => {
    const world = starting(20, { scaleDownDelaySeconds: 20 })
    const { reports, exit } = await finished(world, { timeoutMs: 30_000 })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'timed-out' }, 4])
    assert.equal(world.time.simulation.now, NOW + 30_000)
  })

  it('does not run while a person thinks', async () => {
    const world = living(pair())
    const thinker = world.connect().clock
    const { exit } = await finished(world, {
      timeoutMs: 30_000,
      confirm: async () => {
        await thinker.after(120_000, new AbortController().signal)
        return true
      },
    })
    assert.equal(exit, 0)
  })

  it('is endless where it is 0', async () => {
    const { exit } = await finished(starting(3000), { timeoutMs: 0 })
    assert.equal(exit, 3, 'the controller calls it degraded after ten minutes')
  })
})
