import assert from 'node:assert/strict'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { finished, living, NOW, outcomes, patches, start, writes } from '../support/virtual-run.ts'
import { apply, backend, canaries, frontend, pair } from '../support/virtual-scenes.ts'
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

  const UNSENT = 'nothing was sent, since the plan is out of date'
  const changes: Readonly<
    Record<
      string,
      readonly [(world: ReturnType<typeof living>) => void, readonly (readonly [string, string, string])[]]
    >
  > = {
    'another version waits now': [
      ({ store }) => apply(store, 'legacy', [...backend('3.0'), ...frontend('3.0', 'preview')]),
      [
        ['my-frontend', 'changed', 'the plan says promote 1.0 → 2.0; now it would be promote 1.0 → 3.0'],
        ['my-backend', 'changed', 'the plan says promote 1.0 → 2.0; now it would be promote 1.0 → 3.0'],
      ],
    ],
    'one member has another version': [
      ({ store }) => apply(store, 'legacy', backend('3.0')),
      [
        ['my-frontend', 'not-started', UNSENT],
        ['my-backend', 'changed', 'the plan says promote 1.0 → 2.0; now it would be promote 1.0 → 3.0'],
      ],
    ],
    'a member was promoted before its turn': [
      ({ store }) =>
        store.patch('rollouts', 'legacy', 'my-backend', {
          type: 'json',
          body: [{ op: 'remove', path: '/status/pauseConditions' }],
          subresource: 'status',
        }),
      [
        ['my-frontend', 'not-started', UNSENT],
        ['my-backend', 'changed', 'the plan says promote 1.0 → 2.0; now it is on 2.0 and nothing waits'],
      ],
    ],
  }
  for (const [name, [change, told]] of Object.entries(changes)) {
    it(`does not run where ${name}`, async () => {
      const world = living(pair())
      const { plan } = await finished(world, { dryRun: 'client' })
      change(world)
      await world.time.pass(60_000)
      const { reports, exit } = await finished(world, { saved: saved(plan) })
      assert.equal(exit, 5)
      assert.deepEqual(
        reports.map((each) => [each.member, each.outcome, each.detail]),
        told,
      )
      assert.deepEqual(writes(world.requests), [])
      assert.equal((await finished(world, { saved: saved(plan), dryRun: 'client' })).exit, 5, 'a dry run says so too')
    })
  }

  it('does not run where the release was withdrawn: that is not done', async () => {
    const world = living(pair())
    const { plan } = await finished(world, { dryRun: 'client' })
    await finished(world, { verb: 'abort-all', options: { toStable: true }, runId: 'other' })
    await world.time.pass(60_000)
    const { reports, exit } = await finished(world, { saved: saved(plan) })
    assert.deepEqual(
      [exit, reports[0]],
      [
        5,
        {
          member: 'my-frontend',
          outcome: 'changed',
          detail: 'the plan says promote 1.0 → 2.0; now it is on 1.0 and nothing waits',
        },
      ],
    )
  })

  it('goes on where a run of it was interrupted, and is over when all of it is done', async () => {
    const world = living(pair())
    const { plan } = await finished(world, { dryRun: 'client' })
    const first = start(world, {
      saved: saved(plan),
      on: (event) => {
        if (event.type === 'draining') first.interrupt()
      },
    })
    assert.equal((await world.time.until(first.result)).exit, 130)
    const { exit } = await finished(world, { saved: saved(plan), runId: 'run2' })
    assert.deepEqual([exit, patches(world).map((each) => each.name)], [0, ['my-frontend', 'my-backend']])
    const third = await finished(world, { saved: saved(plan), runId: 'run3' })
    assert.deepEqual(
      [third.exit, outcomes(third.reports), patches(world).length],
      [0, { 'my-frontend': 'already-done', 'my-backend': 'already-done' }, 2],
    )
  })

  it('of one gate of a canary goes no further than that gate, however often it is run', async () => {
    const world = living(canaries())
    const { plan } = await finished(world, { dryRun: 'client' })
    for (const runId of ['run1', 'run2']) assert.equal((await finished(world, { saved: saved(plan), runId })).exit, 0)
    assert.equal(patches(world).length, 2)
    await finished(world, { saved: saved(plan), toEnd: true, runId: 'run3' })
    assert.equal(patches(world).length, 4, 'one that was saved with --to-end goes on with the same revisions')
  })

  const elsewhere: Readonly<Record<string, readonly [(plan: Plan) => object, RegExp]>> = {
    'another namespace': [() => ({ namespace: 'staging' }), /^the plan is one of namespace staging$/],
    'another mode': [() => ({ mode: 'modern' }), /^the plan was made in modern mode, and the group is in legacy mode$/],
    'members that were made anew since': [
      (plan) => ({
        waves: plan.waves.map((wave) => wave.map((step) => ({ ...step, expect: { ...step.expect, uid: 'another' } }))),
      }),
      /^rollout\/my-frontend is not the one that the plan was made for: it was deleted and made anew$/,
    ],
  }
  for (const [name, [change, said]] of Object.entries(elsewhere)) {
    it(`does not run where it was made for ${name}`, async () => {
      const world = living(pair())
      const { plan } = await finished(world, { dryRun: 'client' })
      const { reports, exit } = await finished(world, { saved: saved({ ...plan, ...change(plan) }) })
      assert.deepEqual(
        [exit, outcomes(reports), writes(world.requests)],
        [5, { 'my-frontend': 'changed', 'my-backend': 'not-started' }, []],
      )
      assert.match(reports[0]!.detail, said)
    })
  }

  it('does not run where users have another version than it says, though the same waits', async () => {
    const world = living(pair())
    const { plan } = await finished(world, { dryRun: 'client' })
    const other = saved({
      ...plan,
      waves: plan.waves.map((wave) => wave.map((step) => ({ ...step, from: { ...step.from, hash: 'another' } }))),
    })
    const { exit } = await finished(world, { saved: other })
    assert.deepEqual([exit, writes(world.requests)], [5, []])
  })
})

describe('a dry run', () => {
  it('on the client only reads, asks nobody, and does not wait', async () => {
    const world = living(pair())
    const { plan, exit, reports, events } = await finished(world, {
      dryRun: 'client',
      confirm: async () => assert.fail('nobody is asked'),
    })
    assert.deepEqual(
      plan.waves.map((wave) => wave.map((step) => step.member)),
      [['my-frontend'], ['my-backend']],
    )
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
    const { exit, reports } = await finished(world, {
      dryRun: 'server',
      confirm: async () => assert.fail('nobody is asked'),
    })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'done' }, 0])
    assert.equal(reports[0]!.detail, 'promote accepted (server dry run)')
    assert.deepEqual(
      patches(world).map((each) => [each.name, each.query]),
      [
        ['my-frontend', { dryRun: 'All' }],
        ['my-backend', { dryRun: 'All' }],
      ],
    )
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
