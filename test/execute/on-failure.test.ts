import assert from 'node:assert/strict'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { finished, lines, living, NOW, outcomes, patches } from '../support/virtual-run.ts'
import { apply, canaries, frontend, pair } from '../support/virtual-scenes.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'

const promoteOf = (name: string) => those({ verb: 'patch', resource: 'rollouts', name })

/** Each patch as its last operation, which is the deed. */
function deeds(world: VirtualCluster): string[] {
  return patches(world).map(
    ({ name, body, status }) => `${status} ${name} ${JSON.stringify((body as unknown[]).at(-1))}`,
  )
}
const PROMOTE = '{"op":"remove","path":"/status/pauseConditions"}'
const ABORT = '{"op":"add","path":"/status/abort","value":true}'

/** Somebody aborts the frontend as soon as it was promoted, before anybody sees it. */
function failing() {
  const world = living(pair())
  world.on('after', promoteOf('my-frontend'), () =>
    world.store.patch('rollouts', 'legacy', 'my-frontend', {
      type: 'merge',
      body: { status: { abort: true } },
      subresource: 'status',
    }),
  )
  return world
}

describe('after a failed step', () => {
  it('a run stops, and leaves the rest as it is', async () => {
    const world = failing()
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'failed', 'my-backend': 'not-started' }, 1])
    assert.deepEqual(deeds(world), [`200 my-frontend ${PROMOTE}`])
  })

  it('with on-failure=abort withdraws the release, and says so of each member once', async () => {
    const world = failing()
    const { reports, exit, events } = await finished(world, { onFailure: 'abort' })
    assert.deepEqual(deeds(world), [`200 my-frontend ${PROMOTE}`, `200 my-backend ${ABORT}`])
    assert.deepEqual(
      [reports.map((each) => [each.member, each.outcome]), exit],
      [
        [
          ['my-frontend', 'failed'],
          ['my-backend', 'not-started'],
        ],
        1,
      ],
    )
    assert.match(reports[0]!.detail, /^my-frontend was aborted: .*; 2\.0 withdrawn, users on 1\.0$/)
    assert.match(reports[1]!.detail, /; 2\.0 withdrawn, users on 1\.0$/)
    assert.ok(lines(events).includes('a step failed; the release is withdrawn (--on-failure=abort)'))
  })

  it('says of each member where it could not be withdrawn', async () => {
    const world = failing()
    world.fail(promoteOf('my-backend'), { status: 500 }, 100)
    const { reports, exit } = await finished(world, { onFailure: 'abort' })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'failed', 'my-backend': 'not-started' }, 1])
    assert.match(
      reports[1]!.detail,
      /; not withdrawn: failed: patch status of rollout\/my-backend in legacy: Internal error/,
    )
  })

  it('withdraws nothing once there is no way back, and names what leads on', async () => {
    const world = living(pair())
    world.on('after', promoteOf('my-backend'), () =>
      world.store.patch('rollouts', 'legacy', 'my-backend', { type: 'merge', body: { spec: { paused: true } } }),
    )
    const { reports, exit, events } = await finished(world, { onFailure: 'abort' })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'lost' }, 4])
    assert.deepEqual(deeds(world), [`200 my-frontend ${PROMOTE}`, `200 my-backend ${PROMOTE}`])
    const warning = lines(events).find((each) => each.startsWith('not aborted'))!
    const [why, leads] = warning.split('; finish with ')
    assert.match(why!, /^not aborted: users are on my-frontend 2\.0 already, /)
    assert.equal(
      leads,
      'kubectl rollouts-group promote-all loan -n legacy, ' +
        'or bring users back with kubectl rollouts-group abort-all loan --undo-promoted -n legacy',
    )
  })

  it('with on-failure=rollback leads to the way back where the run itself finds none', async () => {
    const world = living(pair())
    world.on('after', promoteOf('my-backend'), () =>
      world.store.patch('rollouts', 'legacy', 'my-backend', { type: 'merge', body: { spec: { paused: true } } }),
    )
    const { reports, events } = await finished(world, { onFailure: 'rollback' })
    assert.equal(reports.find((each) => each.member === 'my-backend')?.leadsBack, true)
    assert.doesNotMatch(lines(events).find((each) => each.startsWith('not aborted'))!, /promote-all/)
  })

  it('withdraws with time of its own what did not come in time', async () => {
    const world = living(pair())
    world.on('after', promoteOf('my-frontend'), () => {
      world.time.controllersRun = false
    })
    const { events, reports, exit } = await finished(world, {
      onFailure: 'abort',
      timeoutMs: 30_000,
      on: (event) => {
        if (event.type === 'finished' && event.outcome === 'timed-out') world.time.controllersRun = true
      },
    })
    assert.equal(exit, 6, JSON.stringify([reports, lines(events)]))
    assert.deepEqual(deeds(world), [
      `200 my-frontend ${PROMOTE}`,
      `200 my-frontend ${ABORT}`,
      `200 my-backend ${ABORT}`,
    ])
  })

  it('does not withdraw a newer revision that nobody has confirmed', async () => {
    const world = living(pair())
    world.on('before', promoteOf('my-frontend'), () => apply(world.store, 'legacy', frontend('3.0', 'preview')))
    const { events, reports, exit } = await finished(world, { onFailure: 'abort' })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'changed', 'my-backend': 'not-started' }, 5])
    assert.deepEqual(
      deeds(world).filter((each) => each.includes('abort')),
      [],
    )
    assert.ok(
      lines(events).some((each) => /^not aborted: a newer revision of my-frontend was applied/.test(each)),
      lines(events).join('\n'),
    )
  })

  it('does not withdraw where a person has interrupted', async () => {
    const world = living(pair())
    const { events, reports, exit } = await finished(world, {
      onFailure: 'abort',
      on: (event, run) => {
        if (event.type === 'patched') run.interrupt()
      },
    })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'cancelled', 'my-backend': 'not-started' }, 130])
    assert.deepEqual(deeds(world), [`200 my-frontend ${PROMOTE}`])
    assert.ok(!lines(events).some((each) => each.includes('withdrawn')))
  })

  it('does not withdraw what is being withdrawn', async () => {
    const world = living(pair())
    world.fail(promoteOf('my-frontend'), { status: 500 }, 5)
    const { reports, exit } = await finished(world, { verb: 'abort-all', onFailure: 'abort' })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'failed', 'my-backend': 'not-started' }, 1])
    assert.equal(patches(world).length, 5)
  })

  it('reports what was done although the way back cannot be planned', async () => {
    const world = failing()
    const { reports, exit } = await finished(world, {
      onFailure: 'abort',
      on: (event) => {
        if (event.type === 'finished') world.fail(those({ verb: 'list', resource: 'rollouts' }), { status: 500 }, 100)
      },
    })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'failed', 'my-backend': 'not-started' }, 1])
  })

  it('withdraws canaries that wait for others as well', async () => {
    const world = living(canaries())
    world.on('after', promoteOf('backend'), () =>
      world.store.patch('rollouts', 'canary', 'backend', {
        type: 'merge',
        body: { status: { abort: true } },
        subresource: 'status',
      }),
    )
    const { reports, exit } = await finished(world, { onFailure: 'abort' })
    assert.deepEqual([outcomes(reports), exit], [{ backend: 'failed', frontend: 'not-started' }, 1])
    await world.time.pass(60_000)
    for (const service of ['backend', 'frontend']) {
      const stable = world.store.get('rollouts', 'canary', service)!.status.stableRS
      assert.equal(world.store.get('services', 'canary', `${service}-canary`)!.spec.selector[HASH_LABEL], stable)
    }
    assert.ok(world.time.simulation.now > NOW)
  })
})
