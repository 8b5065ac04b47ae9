import assert from 'node:assert/strict'
import { finished, lines, living, NOW, outcomes, patches, start, type RunOptions } from '../support/virtual-run.ts'
import { pair } from '../support/virtual-scenes.ts'
import { those, type Match } from '../support/virtual-request.ts'

/** Pods of both versions of the frontend are terminating for 7 s, after a delay of 5 s. */
const SLOW_TO_GO = pair({ frontend: () => ({ templateAnnotations: { 'pod-delete.stage.kwok.x-k8s.io/delay': '7s' } }) })

/** Milliseconds after the frontend's promote at which the backend's is sent. */
async function backendAfter(options: RunOptions): Promise<number> {
  const world = living(SLOW_TO_GO)
  const { exit } = await finished(world, options)
  assert.equal(exit, 0)
  const [frontend, backend] = patches(world)
  return backend!.at - frontend!.at
}

describe('the drain between two waves', () => {
  it('waits until the last old pod is gone, terminating ones included', async () =>
    assert.equal(await backendAfter({}), 12_000))
  it('with `pods` does the same', async () => assert.equal(await backendAfter({ options: { drain: 'pods' } }), 12_000))
  it('with `endpoints` does not wait once users have left', async () =>
    assert.equal(await backendAfter({ options: { drain: 'endpoints' } }), 0))
  it('with a duration waits that long', async () =>
    assert.equal(await backendAfter({ options: { drain: 8000 } }), 8000))
  it('with a duration is over when the pods are gone', async () =>
    assert.equal(await backendAfter({ options: { drain: 60_000 } }), 12_000))
  it('does not happen where mixed versions are allowed', async () =>
    assert.equal(await backendAfter({ options: { allow: new Set(['mixed-window']) } }), 0))

  it('tells how many pods are left and when they are to go', async () => {
    const { events } = await finished(living(SLOW_TO_GO))
    assert.deepEqual(lines(events.filter((each) => each.type === 'draining' || each.type === 'drained')), [
      '3 my-frontend 1.0 left',
      '3 my-frontend 1.0 left, to go in 5000',
      '2 my-frontend 1.0 left, to go in -7000',
      '1 my-frontend 1.0 left, to go in -7000',
      'my-frontend 1.0 gone after 12000',
    ])
  })

  it('is told once where several steps of a wave wait for the same pods', async () => {
    const { events } = await finished(living('diamond'))
    assert.deepEqual(lines(events.filter((each) => each.type === 'drained')), ['web 1.0 gone after 5000'])
  })

  it('comes first in a run that goes on where another stopped', async () => {
    const world = living(SLOW_TO_GO)
    const first = start(world, {
      on: (event) => {
        if (event.type === 'draining') first.interrupt()
      },
    })
    await world.time.until(first.result)
    await world.time.pass(1000)
    await finished(world)
    assert.deepEqual(
      patches(world).map((each) => [each.name, each.at - NOW]),
      [
        ['my-frontend', 0],
        ['my-backend', 12_000],
      ],
    )
  })

  it('asks nothing in a circle while a ReplicaSet still counts pods that are gone', async () => {
    const world = living(SLOW_TO_GO)
    const run = start(world)
    world.on('before', those({ verb: 'watch', resource: 'pods' }), () => {
      world.time.controllersRun = false
    })
    await world.time.pass(1000)
    for (const pod of world.store.list('pods', { labelSelector: 'app=my-frontend' }))
      world.store.remove('pods', 'legacy', pod.metadata.name)
    const before = world.requests.length
    await world.time.pass(2000)
    assert.equal(world.requests.length, before)
    world.time.controllersRun = true
    assert.equal((await world.time.until(run.result)).exit, 0)
  })

  it('survives a lost watch', async () => {
    const world = living(SLOW_TO_GO)
    const run = start(world)
    await world.time.pass(3000)
    for (const watch of world.watches) watch.cut()
    world.fail(those({ verb: 'watch' }), { lose: 'request' }, 20)
    assert.equal((await world.time.until(run.result)).exit, 0)
    assert.ok(patches(world)[1]!.at - NOW >= 12_000)
  })

  /** The drain's own watch lists the pods of certain hashes. */
  const itsList: Match = ({ verb, resource, query }) =>
    verb === 'list' &&
    resource === 'pods' &&
    query['labelSelector']!.includes(' in (') &&
    !query['labelSelector']!.includes(',')

  it('is not over because the pods cannot be listed at first', async () => {
    const world = living(SLOW_TO_GO)
    world.fail(itsList, { lose: 'request' }, 3)
    const { exit } = await finished(world)
    assert.deepEqual([exit, patches(world)[1]!.at - NOW], [0, 12_000])
  })

  it('sees that pods have gone while it could not watch', async () => {
    const world = living(SLOW_TO_GO)
    const run = start(world)
    await world.time.pass(3000)
    world.fail(itsList, { status: 500 }, 7)
    for (const watch of world.watches) watch.expire()
    const { exit } = await world.time.until(run.result)
    assert.equal(exit, 0)
    assert.ok(patches(world)[1]!.at - NOW > 12_000)
  })

  it('is refused beforehand where the pods may not be listed', async () => {
    const world = living(SLOW_TO_GO)
    world.deny(those({ verb: 'list', resource: 'pods' }))
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'refused', 'my-backend': 'refused' }, 3])
  })

  it('fails where the pods may not be watched any more', async () => {
    const world = living(SLOW_TO_GO)
    world.on('after', those({ verb: 'patch', name: 'my-frontend' }), () =>
      world.deny(those({ verb: 'watch', resource: 'pods' })),
    )
    const { reports, exit } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'failed' }, 4])
    assert.match(reports[1]!.detail, /^watch pods in namespace legacy: .*forbidden/)
  })
})

describe('the drain where pods may not be read, and ReplicaSets count those that are terminating', () => {
  const counting = () => {
    const world = living(SLOW_TO_GO, {}, true)
    world.deny(those({ resource: 'pods' }))
    return world
  }

  it('waits until the last old pod is gone, as where they may', async () => {
    const world = counting()
    const { exit, events } = await finished(world)
    const [frontend, backend] = patches(world)
    assert.deepEqual([exit, backend!.at - frontend!.at], [0, 12_000])
    assert.deepEqual(lines(events.filter((each) => each.type === 'draining' || each.type === 'drained')), [
      '3 my-frontend 1.0 left',
      '3 my-frontend 1.0 left, to go in 5000',
      'my-frontend 1.0 gone after 12000',
    ])
  })

  it('with a duration waits that long at most', async () => {
    const world = counting()
    const { exit } = await finished(world, { options: { drain: 8000 } })
    const [frontend, backend] = patches(world)
    assert.deepEqual([exit, backend!.at - frontend!.at], [0, 8000])
  })

  it('fails where the ReplicaSet goes with pods left, which nobody counts any more', async () => {
    const world = counting()
    const run = start(world, {
      on: (event) => {
        if (event.type !== 'draining') return
        for (const { metadata } of world.store.list('replicasets', { labelSelector: 'app=my-frontend' }))
          if (metadata.annotations?.['rollout.argoproj.io/revision'] === '1')
            world.store.remove('replicasets', 'legacy', metadata.name)
      },
    })
    const { reports, exit } = await world.time.until(run.result)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'failed' }, 4])
    assert.match(
      reports[1]!.detail,
      /^the ReplicaSet of my-frontend 1\.0 is gone, and nobody counts its pods: list pods in .*forbidden/,
    )
  })
})
