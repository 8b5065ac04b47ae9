import assert from 'node:assert/strict'
import type { Plan } from '../../src/domain/plan.ts'
import { finished, living, NOW, outcomes, patches, writes } from '../support/virtual-run.ts'
import { apply, backend, frontend, pair } from '../support/virtual-scenes.ts'
import { isWrite, those } from '../support/virtual-request.ts'

/** A plan as a file keeps it. */
const saved = (plan: Plan): Plan => JSON.parse(JSON.stringify(plan))

describe('a plan that was saved', () => {
  it('runs where nothing it expects has changed', async () => {
    const world = living(pair())
    const { plan } = await finished(world, { dryRun: 'client' })
    const { exit } = await finished(world, { saved: saved(plan) })
    assert.deepEqual([exit, patches(world).map((each) => each.name)], [0, ['my-frontend', 'my-backend']])
  })

  const changes: Readonly<Record<string, (world: ReturnType<typeof living>) => void>> = {
    'another version waits now': ({ store }) => apply(store, 'legacy', [...backend('3.0'), ...frontend('3.0', 'preview')]),
    'a member was promoted since': ({ store }) => store.patch('rollouts', 'legacy', 'my-frontend', { type: 'json', body: [{ op: 'remove', path: '/status/pauseConditions' }], subresource: 'status' }),
  }
  for (const [name, change] of Object.entries(changes)) {
    it(`does not run where ${name}`, async () => {
      const world = living(pair())
      const { plan } = await finished(world, { dryRun: 'client' })
      change(world)
      await world.time.pass(60_000)
      const { reports, exit } = await finished(world, { saved: saved(plan) })
      assert.equal(exit, 5)
      assert.ok(reports.some((each) => each.outcome === 'changed'))
      assert.match(reports[0]!.detail, /^the group is not as it was when the plan was saved: now it would be .*; the plan says promote my-frontend/)
      assert.deepEqual(writes(world.requests), [])
    })
  }

  it('does not run where users have another version than it says, though the same waits', async () => {
    const world = living(pair())
    const { plan } = await finished(world, { dryRun: 'client' })
    const other = saved({ ...plan, waves: plan.waves.map((wave) => wave.map((step) => ({ ...step, from: { ...step.from, hash: 'another' } }))) })
    const { exit } = await finished(world, { saved: other })
    assert.deepEqual([exit, writes(world.requests)], [5, []])
  })
})

describe('a dry run', () => {
  it('on the client only reads, asks nobody, and does not wait', async () => {
    const world = living(pair())
    const { plan, exit, reports, events } = await finished(world, { dryRun: 'client', confirm: async () => assert.fail('nobody is asked') })
    assert.deepEqual(plan.waves.map((wave) => wave.map((step) => step.member)), [['my-frontend'], ['my-backend']])
    assert.deepEqual([exit, reports, events, world.time.simulation.now], [0, [], [], NOW])
    assert.ok(world.requests.every((each) => each.verb === 'list' || each.verb === 'get'))
  })

  it('on the client says by its exit code that the plan is refused', async () => {
    const { exit } = await finished(living('miswired'), { dryRun: 'client' })
    assert.equal(exit, 3)
  })

  it('on the server has every patch checked and none stored', async () => {
    const world = living(pair())
    const before = world.store.version
    const { exit, reports } = await finished(world, { dryRun: 'server', confirm: async () => assert.fail('nobody is asked') })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'done' }, 0])
    assert.equal(reports[0]!.detail, 'promote accepted (server dry run)')
    assert.deepEqual(patches(world).map((each) => [each.name, each.query]), [['my-frontend', { dryRun: 'All' }], ['my-backend', { dryRun: 'All' }]])
    assert.deepEqual(world.requests.filter(isWrite), [])
    assert.equal(world.store.version, before)
  })

  it('on the server says what the server refuses', async () => {
    const world = living(pair())
    world.on('before', those({ verb: 'patch', name: 'my-backend' }), () => apply(world.store, 'legacy', backend('3.0')))
    world.fail(those({ verb: 'patch', name: 'my-frontend' }), { status: 403 })
    const { exit, reports } = await finished(world, { dryRun: 'server' })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'failed', 'my-backend': 'changed' }, 1])
  })
})
