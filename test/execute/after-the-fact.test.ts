import assert from 'node:assert/strict'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { live } from '../../src/sim/scenarios/scenario.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'
import { finished, living, outcomes, patches, start } from '../support/virtual-run.ts'
import { apply, backend, frontend, pair } from '../support/virtual-scenes.ts'

const MEMBERS = ['my-frontend', 'my-backend'] as const
const HOUR = 3_600_000
const statusOf = ({ store }: VirtualCluster, name: string) => store.get('rollouts', 'legacy', name)!.status
const selected = ({ store }: VirtualCluster, service: string): string =>
  store.get('services', 'legacy', service)!.spec.selector[HASH_LABEL]
const users = (world: VirtualCluster) => ['frontend-active', 'backend-active'].map((each) => selected(world, each))
const abort = ({ store }: VirtualCluster, name: string) =>
  store.patch('rollouts', 'legacy', name, { type: 'merge', body: { status: { abort: true } }, subresource: 'status' })

describe('promote on an aborted Rollout leaves nothing that fires later', () => {
  /** Tried again, and deployed anew: each time it stands at its gate for an hour, and users stay where they were. */
  async function staysAtItsGates(world: ReturnType<typeof living>, before: readonly string[]): Promise<void> {
    await world.time.pass(HOUR)
    assert.deepEqual(users(world), before)
    assert.equal((await finished(world, { verb: 'retry-all', runId: 'run3' })).exit, 0)
    await world.time.pass(HOUR)
    assert.deepEqual([users(world), MEMBERS.map((each) => statusOf(world, each).phase)], [before, ['Paused', 'Paused']])
    for (const each of [backend('3.0'), frontend('3.0', 'preview')]) apply(world.store, 'legacy', each)
    await world.time.pass(HOUR)
    assert.deepEqual([users(world), MEMBERS.map((each) => statusOf(world, each).phase)], [before, ['Paused', 'Paused']])
  }

  for (const full of [false, true])
    it(`that was aborted before${full ? ', in full' : ''}: nothing is sent`, async () => {
      const world = living(pair())
      const before = users(world)
      assert.equal((await finished(world, { verb: 'abort-all' })).exit, 0)
      world.requests.length = 0
      assert.equal((await finished(world, { runId: 'run2', toEnd: true, options: { full } })).exit, 3)
      assert.deepEqual(patches(world), [])
      await staysAtItsGates(world, before)
    })

  for (const full of [false, true])
    it(`that is aborted while the promote is on its way${full ? ', in full' : ''}: it is not carried out`, async () => {
      const world = living(pair())
      const before = users(world)
      world.on('before', those({ verb: 'patch', resource: 'rollouts', name: 'my-frontend' }), () => {
        for (const each of MEMBERS) abort(world, each)
      })
      const { exit, reports } = await finished(world, { options: { full } })
      assert.deepEqual(
        patches(world).map((each) => each.status),
        [422],
      )
      assert.deepEqual([exit, outcomes(reports)['my-backend']], [5, 'not-started'])
      await staysAtItsGates(world, before)
    })
})

describe('promote right after an undo is never a silent no-op', () => {
  /** 2.0 is live, its old pods are gone, and somebody puts 1.0 back. */
  async function undone(): Promise<ReturnType<typeof living>> {
    const world = living({
      ...pair(),
      build: (simulation) => live(simulation, { namespace: 'legacy', live: [backend('1.0')], next: [backend('2.0')] }),
    })
    assert.equal((await finished(world)).exit, 0)
    await world.time.pass(60_000)
    apply(world.store, 'legacy', backend('1.0'))
    return world
  }
  const versionOf = (world: VirtualCluster): string =>
    world.store.get('replicasets', 'legacy', `my-backend-${statusOf(world, 'my-backend').stableRS}`)!.spec.template.spec
      .containers[0].env[0].value

  it('although the controller has not seen it yet: it waits for its gate, and brings users there', async () => {
    const world = await undone()
    world.time.controllersRun = false
    const run = start(world, { runId: 'run3' })
    await world.time.pass(30_000)
    world.time.controllersRun = true
    const { exit, reports } = await world.time.until(run.result)
    assert.deepEqual([exit, outcomes(reports)], [0, { 'my-backend': 'done' }])
    assert.equal(versionOf(world), '1.0')
  })

  it('where the controller never sees it: the run says so, and does not end well', async () => {
    const world = await undone()
    world.time.controllersRun = false
    const { exit, reports } = await finished(world, { runId: 'run3', timeoutMs: 60_000 })
    assert.notEqual(exit, 0)
    assert.match(
      reports.map((each) => each.detail).join('\n'),
      /^this step was not sent .*the status of rollout\/my-backend is not current/,
    )
  })
})
