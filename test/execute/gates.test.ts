import assert from 'node:assert/strict'
import { finished, lines, living, NOW, outcomes, patches, start } from '../support/virtual-run.ts'
import { apply, backend, frontend, pair } from '../support/virtual-scenes.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { isWrite, those } from '../support/virtual-request.ts'

const SLOW = { templateAnnotations: { 'pod-ready.stage.kwok.x-k8s.io/delay': '20s' } }
const promoteOf = (name: string) => those({ verb: 'patch', resource: 'rollouts', name })

/** Takes away one pod of the revision that waits. */
function losePreviewPod({ store }: VirtualCluster, name: string): void {
  const { currentPodHash } = store.get('rollouts', 'legacy', name)!.status
  const [pod] = store.list('pods', { labelSelector: `rollouts-pod-template-hash=${currentPodHash}` })
  store.remove('pods', 'legacy', pod!.metadata.name)
}

/** 1.0 is live, and 2.0 has just been applied: its pods will be ready in 20 s. */
function starting() {
  const world = living(pair({}, { next: [] }))
  apply(
    world.store,
    'legacy',
    backend('2.0', () => SLOW),
  )
  apply(
    world.store,
    'legacy',
    frontend('2.0', 'preview', () => SLOW),
  )
  return world
}

describe('a run before its gates are reached', () => {
  it('waits for them, says for what, and asks only then', async () => {
    const world = starting()
    let asked: number | undefined
    const { events, exit } = await finished(world, {
      confirm: async () => {
        asked = world.time.simulation.now
        return true
      },
    })
    assert.equal(exit, 0)
    assert.deepEqual([asked, patches(world)[0]!.at], [NOW + 20_000, NOW + 20_000])
    const said = lines(
      events.slice(
        0,
        events.findIndex((each) => each.type === 'started'),
      ),
    )
    assert.match(
      said[0]!,
      /^: the status of rollout\/my-backend is not current: waiting for rollout spec update to be observed; /,
    )
    assert.ok(
      said.includes(
        ': my-backend 2.0 is not ready to be promoted: 0 of 3 pods of 2.0 available; my-frontend 2.0 is not ready to be promoted: 0 of 3 pods of 2.0 available',
      ),
    )
  })

  it('writes nothing while it waits', async () => {
    const world = starting()
    start(world)
    await world.time.pass(19_000)
    assert.deepEqual(world.requests.filter(isWrite), [])
  })

  it('waits on where the gates are not whole any more when the group is read again', async () => {
    const world = starting()
    const reads = (request: { verb: string; resource: string }) =>
      request.verb === 'list' && request.resource === 'rollouts'
    world.on(
      'before',
      reads,
      () => {
        const { currentPodHash } = world.store.get('rollouts', 'legacy', 'my-backend')!.status
        const set = world.store.get('replicasets', 'legacy', `my-backend-${currentPodHash}`)!
        losePreviewPod(world, 'my-backend')
        world.store.put('replicasets', { ...set, status: { ...set.status, availableReplicas: 2 } })
      },
      3,
    )
    const { exit } = await finished(world)
    assert.deepEqual([exit, patches(world)[0]!.at - NOW], [0, 40_000])
  })

  it('is refused as soon as it is known that they will not be reached', async () => {
    const world = starting()
    const run = start(world)
    await world.time.pass(5000)
    world.store.patch('rollouts', 'legacy', 'my-backend', {
      type: 'merge',
      body: { status: { abort: true } },
      subresource: 'status',
    })
    const { reports, exit } = await world.time.until(run.result)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-backend': 'refused', 'my-frontend': 'refused' }, 3])
    assert.equal(world.time.simulation.now, NOW + 5000)
  })

  it('waits again where the gate of a later wave is not whole any more', async () => {
    const world = living(pair({ backend: (version) => (version === '2.0' ? SLOW : {}) }))
    world.on('before', those({ verb: 'watch', resource: 'pods' }), () => losePreviewPod(world, 'my-backend'))
    const { events, exit } = await finished(world)
    assert.equal(exit, 0)
    assert.deepEqual(
      patches(world).map((each) => [each.name, each.at - NOW]),
      [
        ['my-frontend', 0],
        ['my-backend', 20_000],
      ],
    )
    assert.ok(lines(events).includes('my-backend: my-backend: 2 of 3 pods of 2.0 available'))
  })
})

describe('a promote that the controller does not take', () => {
  it('is sent again when the pods it lacked are there', async () => {
    const world = living(pair({ frontend: (version) => (version === '2.0' ? SLOW : {}) }))
    world.on('before', promoteOf('my-frontend'), () => losePreviewPod(world, 'my-frontend'))
    const { reports, events, exit } = await finished(world)
    assert.deepEqual(
      patches(world).map((each) => [each.name, each.status, each.at - NOW]),
      [
        ['my-frontend', 200, 0],
        ['my-frontend', 200, 20_000],
        ['my-backend', 200, 25_000],
      ],
    )
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'done' }, 0])
    assert.ok(
      lines(events).some((each) =>
        /^my-frontend: my-frontend came back to its gate.*; it is sent again once that is over$/.test(each),
      ),
      lines(events).join('\n'),
    )
  })

  it('is lost where the member was paused by hand, and nothing is sent again', async () => {
    const world = living('legacy')
    world.on('after', promoteOf('my-frontend'), () =>
      world.store.patch('rollouts', 'legacy', 'my-frontend', { type: 'merge', body: { spec: { paused: true } } }),
    )
    const { reports, exit } = await finished(world)
    assert.equal(patches(world).length, 1)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'lost', 'my-backend': 'not-started' }, 1])
    assert.equal(reports[0]!.detail, 'my-frontend did not leave its gate: it is paused by hand (spec.paused)')
  })

  it('is given up after five tries', async () => {
    const world = living(pair())
    for (const nth of [1, 2, 3, 4, 5])
      world.on('before', promoteOf('my-frontend'), () => losePreviewPod(world, 'my-frontend'), nth)
    const { reports, exit } = await finished(world)
    assert.equal(patches(world).length, 5)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'lost', 'my-backend': 'not-started' }, 1])
    assert.equal(reports[0]!.detail, 'my-frontend came back to its gate (sent 5 times)')
  })
})
