import assert from 'node:assert/strict'
import { finished, living, outcomes, patches, start, writes } from '../support/virtual-run.ts'
import { apply, canaries } from '../support/virtual-scenes.ts'
import { canary, env } from '../../src/sim/scenarios/manifests.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'

const names = (world: VirtualCluster) => patches(world).map((each) => each.name)
const stepOf = ({ store }: VirtualCluster, name: string) =>
  store.get('rollouts', 'canary', name)!.status.currentStepIndex

describe('canaries', () => {
  it('go one gate forward together, dependencies first', async () => {
    const world = living(canaries())
    const { exit } = await finished(world)
    assert.deepEqual([names(world), exit], [['backend', 'frontend'], 0])
    assert.deepEqual([stepOf(world, 'backend'), stepOf(world, 'frontend')], [3, 3])
  })

  it('never stand more than one gate apart, each with the pods of its weight', async () => {
    const world = living(canaries())
    const steps: unknown[] = []
    world.on('before', those({ verb: 'patch', name: 'frontend' }), () => {
      const { status } = world.store.get('rollouts', 'canary', 'backend')!
      steps.push([status.currentStepIndex, status.pauseConditions?.length, status.updatedReplicas])
    })
    await finished(world)
    assert.deepEqual(steps, [[3, 1, 6]])
  })

  it('go to their end gate after gate with toEnd, the last one consumers first', async () => {
    const world = living(canaries())
    const { reports, exit, events } = await finished(world, { toEnd: true })
    assert.deepEqual([names(world), exit], [['backend', 'frontend', 'frontend', 'backend'], 0])
    assert.deepEqual(outcomes(reports), { frontend: 'done', backend: 'done' })
    for (const name of ['frontend', 'backend']) {
      const { stableRS, currentPodHash } = world.store.get('rollouts', 'canary', name)!.status
      assert.equal(stableRS, currentPodHash)
    }
    assert.deepEqual(
      writes(world.requests).filter((each) => each.includes('leases') && !each.startsWith('update')),
      ['create leases rollouts-group-shop', 'delete leases rollouts-group-shop'],
    )
    assert.equal(events.filter((each) => each.type === 'ended').length, 1)
  })

  it('bring up the one that is behind before both go on', async () => {
    const world = living(canaries())
    const first = start(world)
    world.on('after', those({ verb: 'patch', name: 'backend' }), () => first.client.kill())
    await world.time.until(first.client.killed)
    await world.time.pass(60_000)
    assert.deepEqual([stepOf(world, 'backend'), stepOf(world, 'frontend')], [3, 1])
    const { exit } = await finished(world, { runId: 'run2' })
    assert.deepEqual(
      [names(world), stepOf(world, 'backend'), stepOf(world, 'frontend'), exit],
      [['backend', 'frontend'], 3, 3, 0],
    )
  })

  /** Somebody deploys 3.0 of the backend when both have reached the second gate. */
  function overtaken() {
    const world = living(canaries())
    world.on(
      'after',
      (each) => each.resource === 'events' && each.name!.startsWith('frontend'),
      () =>
        apply(
          world.store,
          'canary',
          canary({ name: 'backend', group: 'shop', replicas: 10, settings: env({ APP_VERSION: '3.0' }) }),
        ),
    )
    return world
  }

  it('do not go on to a newer revision that nobody has confirmed', async () => {
    const world = overtaken()
    const { reports, exit } = await finished(world, { toEnd: true })
    assert.deepEqual(names(world), ['backend', 'frontend'])
    assert.deepEqual([outcomes(reports), exit], [{ backend: 'changed', frontend: 'not-started' }, 4])
  })

  it('stop at a gate where a finding forbids the next step, and what is done is reported', async () => {
    const world = living(canaries())
    world.on(
      'after',
      (each) => each.resource === 'events' && each.name!.startsWith('frontend'),
      () => world.store.patch('rollouts', 'canary', 'backend', { type: 'merge', body: { spec: { paused: true } } }),
    )
    const { reports, exit, events } = await finished(world, { toEnd: true })
    assert.deepEqual([outcomes(reports), exit], [{ frontend: 'refused', backend: 'refused' }, 4])
    assert.equal(events.at(-1)!.type, 'ended')
  })

  it('of which one fails at a later gate are partly done', async () => {
    const world = living(canaries())
    world.on(
      'after',
      (each) => each.resource === 'events' && each.name!.startsWith('frontend'),
      () => world.fail(those({ verb: 'patch', name: 'frontend' }), { status: 500 }, 100),
    )
    const { reports, exit } = await finished(world, { toEnd: true })
    assert.deepEqual([outcomes(reports), exit], [{ frontend: 'failed', backend: 'not-started' }, 4])
  })

  it('that cannot be read between two gates are reported, and the lock is given back', async () => {
    const world = living(canaries())
    world.on(
      'after',
      (each) => each.resource === 'events' && each.name!.startsWith('frontend'),
      () => world.fail(those({ verb: 'list', resource: 'rollouts' }), { status: 500 }, 100),
    )
    const { reports, exit } = await finished(world, { toEnd: true })
    assert.deepEqual([outcomes(reports), exit], [{ backend: 'failed', frontend: 'failed' }, 4])
    assert.equal(writes(world.requests).at(-1), 'delete leases rollouts-group-shop')
  })

  it('that are interrupted between two gates say where they stand', async () => {
    const world = living(canaries())
    let gates = 0
    const { reports, exit } = await finished(world, {
      toEnd: true,
      on: (event, run) => {
        if (event.type === 'started' && ++gates === 2) run.interrupt()
      },
    })
    assert.deepEqual([outcomes(reports), exit], [{ frontend: 'cancelled', backend: 'not-started' }, 130])
    assert.deepEqual([stepOf(world, 'backend'), stepOf(world, 'frontend')], [3, 3])
  })
})
