import assert from 'node:assert/strict'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { GroupNotFound } from '../../src/execute/not-found.ts'
import type { KubeObject } from '../../src/sim/objects.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'
import { finished, lines, living, NOW, outcomes, patches, start, writes } from '../support/virtual-run.ts'

/**
 * What the cluster shows of a member's cutover: the live Service's revision, its ready endpoints, the stable revision.
 */
function shown({ store }: VirtualCluster, namespace: string, name: string, service: string): unknown {
  const rollout = store.get('rollouts', namespace, name)!
  const slices = store.list('endpointslices', { namespace, labelSelector: `kubernetes.io/service-name=${service}` })
  const endpoints: { conditions: { ready: boolean } }[] = slices.flatMap((each) => each['endpoints'])
  return {
    selects: store.get('services', namespace, service)!.spec.selector[HASH_LABEL] === rollout.status.currentPodHash,
    stable: rollout.status.stableRS === rollout.status.currentPodHash,
    endpoints: endpoints.map((each) => each.conditions.ready),
  }
}

const names = (world: VirtualCluster) => patches(world).map((each) => each.name)

describe('promote-all', () => {
  it('switches the frontend over, waits until its old pods are gone, and then switches the backend', async () => {
    const world = living('legacy')
    const old: string = world.store.get('rollouts', 'legacy', 'my-frontend')!.status.stableRS
    const before: string = world.store.get('rollouts', 'legacy', 'my-backend')!.status.stableRS
    let left: readonly KubeObject[] | undefined
    world.on('before', those({ verb: 'patch', name: 'my-backend' }), () => {
      left = world.store.list('pods', { labelSelector: `${HASH_LABEL}=${old}` })
    })
    const { reports, exit } = await finished(world)
    const hashes = Object.fromEntries(
      world.store.list('rollouts').map(({ metadata, status }) => [metadata.name, status.currentPodHash]),
    )
    assert.deepEqual(
      writes(world.requests).map((each) => each.replace(/\.promote\..*/, '')),
      [
        'create leases rollouts-group-loan',
        'patch rollouts/status my-frontend',
        'create events my-frontend.run1',
        `patch replicasets my-frontend-${hashes['my-frontend']}`,
        `patch replicasets my-frontend-${old}`,
        'update leases rollouts-group-loan',
        'patch rollouts/status my-backend',
        'create events my-backend.run1',
        `patch replicasets my-backend-${hashes['my-backend']}`,
        `patch replicasets my-backend-${before}`,
        'delete leases rollouts-group-loan',
      ],
    )
    assert.deepEqual(
      patches(world).map((each) => each.at - NOW),
      [0, 5000],
    )
    assert.deepEqual(left, [])
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'done' }, 0])
  })

  it('tells what it does, and what it waits for', async () => {
    const { events } = await finished(living('legacy'))
    assert.deepEqual(lines(events), [
      'started 2',
      '1 promote my-frontend',
      'my-frontend: Progressing, waiting for rollout to unpause',
      'my-frontend: 0 of 3 endpoints of frontend-active ready',
      'my-frontend: waiting for the controller to make it stable',
      '1 my-frontend done after 0: users on 2.0',
      '3 my-frontend 1.0 left',
      '3 my-frontend 1.0 left, to go in 5000',
      '2 my-frontend 1.0 left, to go in 0',
      '1 my-frontend 1.0 left, to go in 0',
      'my-frontend 1.0 gone after 5000',
      '2 promote my-backend',
      'my-backend: Progressing, waiting for rollout to unpause',
      'my-backend: 0 of 3 endpoints of backend-active ready',
      'my-backend: waiting for the controller to make it stable',
      '2 my-backend done after 5000: users on 2.0',
      'ended after 5000',
    ])
  })

  it('calls a member done only when the cluster shows it', async () => {
    const world = living('legacy')
    const seen: unknown[] = []
    await finished(world, {
      on: (event) => {
        if (event.type === 'finished')
          seen.push(shown(world, 'legacy', event.member, `${event.member.replace('my-', '')}-active`))
      },
    })
    const all = { selects: true, stable: true, endpoints: [true, true, true] }
    assert.deepEqual(seen, [all, all])
  })

  it('goes through a diamond from the top, members beside each other at once', async () => {
    const world = living('diamond')
    const { exit, events } = await finished(world)
    assert.deepEqual([names(world), exit], [['web', 'catalog', 'orders', 'prices', 'stock'], 0])
    const patched = events.flatMap((event) => (event.type === 'patched' ? [`${event.wave} ${event.member}`] : []))
    assert.deepEqual(patched, ['1 web', '2 catalog', '2 orders', '2 prices', '2 stock'])
  })

  it('in modern mode sends everything at once', async () => {
    const world = living('modern')
    const { exit } = await finished(world)
    assert.deepEqual(
      [names(world), patches(world).map((each) => each.at - NOW), exit],
      [['backend', 'frontend'], [0, 0], 0],
    )
  })

  it('where mixed versions are allowed goes on at once, and tells for how long users may have met them', async () => {
    const world = living('follows-role')
    world.on(
      'before',
      those({ verb: 'patch', resource: 'rollouts' }),
      () => {
        world.time.controllersRun = false
      },
      2,
    )
    const run = start(world, { options: { allow: new Set(['mixed-window']) } })
    await world.time.pass(700)
    world.time.controllersRun = true
    const { exit } = await world.time.until(run.result)
    assert.deepEqual(
      [names(world), patches(world).map((each) => each.at - NOW), exit],
      [['loan', 'interest'], [0, 0], 0],
    )
    assert.deepEqual(lines(run.events.filter((each) => each.type === 'warning')), [
      'for up to 0.7s users may have met two versions in one request (--allow-mixed-window)',
    ])
  })

  it('writes nothing where nothing waits', async () => {
    const world = living('legacy')
    await finished(world)
    const before = world.requests.length
    const { reports, exit } = await finished(world)
    assert.deepEqual(writes(world.requests.slice(before)), [])
    assert.deepEqual([outcomes(reports), exit], [{ 'my-backend': 'already-done', 'my-frontend': 'already-done' }, 0])
  })

  it('goes on where a run that died stopped, its drain included', async () => {
    const world = living('legacy')
    const first = start(world)
    world.on('after', those({ verb: 'patch', name: 'my-frontend' }), () => first.client.kill())
    await world.time.until(first.client.killed)
    const { exit, reports } = await finished(world, { runId: 'run2', breakLock: true })
    assert.deepEqual(
      patches(world).map((each) => [each.name, each.at - NOW]),
      [
        ['my-frontend', 0],
        ['my-backend', 5000],
      ],
    )
    assert.deepEqual([outcomes(reports), exit], [{ 'my-backend': 'done', 'my-frontend': 'already-done' }, 0])
  })

  it('writes nothing where a finding forbids it', async () => {
    const world = living('miswired')
    const { reports, exit, plan } = await finished(world)
    assert.deepEqual(writes(world.requests), [])
    assert.deepEqual([outcomes(reports), exit], [{ 'my-backend': 'refused', 'my-frontend': 'refused' }, 3])
    assert.match(
      reports[0]!.detail,
      /^it stays on 1\.0: my-frontend 2\.0 still talks to my-backend 1\.0 .* \(next-wired-to-live\)$/,
    )
    assert.ok(plan.findings.some((each) => each.code === 'next-wired-to-live'))
  })

  it('writes nothing where nobody says yes', async () => {
    const world = living('legacy')
    const { reports, exit } = await finished(world, { confirm: async (plan) => plan.waves.length !== 2 })
    assert.deepEqual(writes(world.requests), [])
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'not-started', 'my-backend': 'not-started' }, 1])
  })

  it('does not find a group that has no members', async () => {
    const world = living('legacy')
    for (const name of ['my-frontend', 'my-backend']) world.store.remove('rollouts', 'legacy', name)
    await assert.rejects(finished(world), GroupNotFound)
  })
})
