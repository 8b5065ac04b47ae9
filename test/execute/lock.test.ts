import assert from 'node:assert/strict'
import { finished, lines, living, NOW, outcomes, patches, start, writes } from '../support/virtual-run.ts'
import { pair } from '../support/virtual-scenes.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'

const LEASE = 'rollouts-group-loan'
const promoteOf = (name: string) => those({ verb: 'patch', resource: 'rollouts', name })
const lease = ({ store }: VirtualCluster) => store.get('leases', 'legacy', LEASE)
const renewals = (world: VirtualCluster) => world.requests.filter(those({ verb: 'update', resource: 'leases' }))

/** Old pods of the frontend run on for half a minute, so that a run lasts. */
const long = () => living(pair({ frontend: () => ({ strategy: { scaleDownDelaySeconds: 30 } }) }))

/** A run that has promoted the frontend and waits for its old pods to go. */
async function underWay(world = long()) {
  const run = start(world)
  await world.time.pass(10_000)
  assert.equal(run.events.at(-1)!.type, 'draining')
  return { world, run }
}

describe('the lock of a group', () => {
  it('is taken before the first patch, names its holder, and is given back at the end', async () => {
    const world = living(pair())
    let held: unknown
    world.on('before', promoteOf('my-frontend'), () => {
      held = lease(world)?.spec
    })
    await finished(world)
    const at = new Date(NOW).toISOString().replace('Z', '000Z')
    assert.deepEqual(held, {
      holderIdentity: 'ann@laptop/run1',
      leaseDurationSeconds: 15,
      renewTime: at,
      acquireTime: at,
    })
    assert.equal(lease(world), undefined)
  })

  it('is renewed every four seconds, and says since when it is held', async () => {
    const { world } = await underWay()
    assert.deepEqual(
      renewals(world).map((each) => [each.at - NOW, each.status]),
      [
        [4000, 200],
        [8000, 200],
      ],
    )
    assert.equal(lease(world)!.spec.acquireTime, new Date(NOW).toISOString().replace('Z', '000Z'))
  })

  it('is given back after a failure too', async () => {
    const world = living(pair())
    world.fail(promoteOf('my-frontend'), { status: 500 }, 100)
    await finished(world)
    assert.equal(lease(world), undefined)
  })

  it('that a live run holds refuses another, and names it', async () => {
    const { world, run } = await underWay()
    const before = world.requests.length
    const { reports, exit } = await finished(world, { runId: 'run2', user: 'bob@desk' })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-backend': 'changed', 'my-frontend': 'already-done' }, 5])
    assert.equal(
      reports[0]!.detail,
      'group loan in namespace legacy is being worked on by ann@laptop/run1; wait for that run to end, or say --break-lock to take its place',
    )
    const sent = world.requests.slice(before).filter((each) => each.verb === 'patch' || each.verb === 'delete')
    assert.deepEqual(sent, [])
    assert.equal((await world.time.until(run.result)).exit, 0)
  })

  it('that a dead run left is taken over when it ends', async () => {
    const { world, run } = await underWay()
    run.client.kill()
    const { events, exit } = await finished(world, { runId: 'run2', user: 'bob@desk' })
    assert.equal(exit, 0)
    assert.equal(
      lines(events)[0],
      'group loan is locked by ann@laptop/run1; looking whether that run is alive (15s at most)',
    )
    const taken = renewals(world).find((each) => JSON.stringify(each.body).includes('bob@desk/run2'))!
    assert.equal(taken.at - NOW, 10_000 + 15_000, 'a whole duration after it was first looked at')
    assert.deepEqual(
      patches(world).map((each) => each.name),
      ['my-frontend', 'my-backend'],
    )
  })

  for (const [what, ago] of [
    ['an hour behind', 3_600_000],
    ['an hour ahead', -3_600_000],
    ['right', 0],
  ] as const) {
    it(`of a dead run on a machine whose clock is ${what} is taken over after its duration without a renewal`, async () => {
      const world = living(pair())
      const renewTime = new Date(NOW - ago).toISOString()
      world.store.create('leases', 'legacy', {
        metadata: { name: LEASE },
        spec: { holderIdentity: 'ann@laptop/run0', leaseDurationSeconds: 15, renewTime },
      })
      await finished(world)
      assert.equal(patches(world)[0]!.at, NOW + 15_000)
    })
  }

  it('of a live run is not taken by a machine whose clock is ahead', async () => {
    const { world, run } = await underWay()
    const second = start(world, { runId: 'run2', user: 'bob@desk' }, { skew: 3_600_000 })
    const { exit } = await world.time.until(second.result)
    assert.equal(exit, 5)
    assert.equal((await world.time.until(run.result)).exit, 0)
  })

  it('is waited for no longer than the run may take', async () => {
    const world = living(pair())
    world.store.create('leases', 'legacy', {
      metadata: { name: LEASE },
      spec: { holderIdentity: 'ann@laptop/run0', leaseDurationSeconds: 3600, renewTime: new Date(NOW).toISOString() },
    })
    const { reports, exit } = await finished(world, { timeoutMs: 30_000 })
    assert.deepEqual(
      [outcomes(reports), exit, world.time.simulation.now - NOW],
      [{ 'my-frontend': 'timed-out', 'my-backend': 'timed-out' }, 6, 30_000],
    )
    assert.equal(
      reports[0]!.detail,
      'this step was not sent when the time was up: it is locked by ann@laptop/run0, and whether that run is alive was not seen yet',
    )
  })

  it('is another one for each group, however alike their names', async () => {
    const names = new Set<string>()
    for (const group of ['my.app', 'my-app', 'My-App', 'my app']) {
      const world = living(pair())
      await finished(world, { group })
      names.add(world.requests.find(those({ verb: 'create', resource: 'leases' }))!.name!)
    }
    assert.equal(names.size, 4)
    assert.ok(names.has('rollouts-group-my-app'))
    for (const name of names) assert.match(name, /^rollouts-group-my-app(-[0-9a-f]{8})?$/)
  })

  it('that is given back while another waits for it is taken', async () => {
    const world = living(pair())
    const renewTime = new Date(NOW).toISOString()
    world.store.create('leases', 'legacy', {
      metadata: { name: LEASE },
      spec: { holderIdentity: 'ann@laptop/run0', leaseDurationSeconds: 15, renewTime },
    })
    const run = start(world)
    await world.time.pass(1000)
    world.store.remove('leases', 'legacy', LEASE)
    assert.equal((await world.time.until(run.result)).exit, 0)
    assert.equal(patches(world)[0]!.at, NOW + 4000)
  })

  it('is taken from a live run with breakLock; that one starts nothing new, and leaves the lock alone', async () => {
    const { world, run } = await underWay()
    const second = start(world, { runId: 'run2', user: 'bob@desk', breakLock: true })
    const first = await world.time.until(run.result)
    assert.deepEqual([outcomes(first.reports), first.exit], [{ 'my-frontend': 'done', 'my-backend': 'changed' }, 4])
    assert.equal(first.reports[1]!.detail, 'the lock of group loan was taken by bob@desk/run2: this step was not sent')
    assert.ok(lines(run.events).includes('the lock of group loan was taken by bob@desk/run2; starting nothing new'))
    assert.equal(lease(world)!.spec.holderIdentity, 'bob@desk/run2')
    assert.equal((await world.time.until(second.result)).exit, 0)
    assert.deepEqual(
      patches(world).map((each) => each.name),
      ['my-frontend', 'my-backend'],
    )
    assert.equal(lease(world), undefined)
  })

  it('that somebody deletes ends the run as well', async () => {
    const { world, run } = await underWay()
    world.store.remove('leases', 'legacy', LEASE)
    const { reports, exit } = await world.time.until(run.result)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'done', 'my-backend': 'changed' }, 4])
    assert.deepEqual(lines(run.events.filter((each) => each.type === 'warning')), [
      'the lock of group loan was taken away; starting nothing new',
    ])
    assert.deepEqual(
      patches(world).map((each) => each.name),
      ['my-frontend'],
    )
  })

  it('is done without where Leases are forbidden, with a warning', async () => {
    const world = living(pair())
    world.deny(those({ resource: 'leases' }))
    const { events, exit } = await finished(world)
    assert.equal(exit, 0)
    assert.match(
      lines(events)[0]!,
      /^no lock for group loan: create lease\/rollouts-group-loan in legacy: .*forbidden.*; another run could start at the same time$/,
    )
    assert.deepEqual(
      writes(world.requests).filter((each) => each.includes('leases')),
      [`create leases ${LEASE} (403)`],
    )
  })

  it('survives an outage: what cannot be renewed is told, and renewed when the server is back', async () => {
    const { world, run } = await underWay()
    world.fail(those({ resource: 'leases' }), { lose: 'request' }, 12)
    const { exit } = await world.time.until(run.result)
    assert.equal(exit, 0)
    assert.match(
      lines(run.events).find((each) => each.includes('lock'))!,
      /^the lock of group loan could not be renewed: update lease\/rollouts-group-loan in legacy: no answer from/,
    )
    assert.equal(lease(world), undefined)
  })

  it('that may not be renewed any more is told once, and the run goes on', async () => {
    const { world, run } = await underWay()
    world.deny(those({ verb: 'update', resource: 'leases' }))
    const { exit } = await world.time.until(run.result)
    assert.equal(exit, 0)
    assert.equal(
      lines(run.events).filter((each) =>
        /^the lock of group loan could not be renewed: update lease.*forbidden/.test(each),
      ).length,
      1,
    )
  })

  it('whose renewal was carried out, only the answer got lost, is no news', async () => {
    const { world, run } = await underWay()
    world.fail(those({ verb: 'update', resource: 'leases' }), { lose: 'answer' })
    const { exit } = await world.time.until(run.result)
    assert.equal(exit, 0)
    assert.deepEqual(
      renewals(world)
        .slice(0, 5)
        .map((each) => each.status),
      [200, 200, 200, 409, 200],
    )
    assert.deepEqual(
      lines(run.events).filter((each) => each.includes('lock')),
      [],
    )
    assert.equal(lease(world), undefined)
  })

  it('has a name that an API server takes, whatever the group is called', async () => {
    for (const group of ['Loan_App.v2', 'app in (a,b),tier!=x', 'x'.repeat(300)]) {
      const world = living(pair())
      const { exit } = await finished(world, { group })
      assert.equal(exit, 0, group)
      assert.equal(world.requests.find(those({ verb: 'create', resource: 'leases' }))!.status, 201)
    }
  })

  const created = those({ verb: 'create', resource: 'leases' })
  const creations = (world: VirtualCluster) =>
    world.requests.filter(created).map((each) => [each.at - NOW, each.status])

  for (const [what, failure, first] of [
    ['a conflict', { status: 409, message: 'the quota was written at the same time' }, 250],
    ['an error of its own', { status: 500 }, 250],
    ['a wish to be asked later', { status: 429, retryAfter: 2 }, 2000],
    ['a connection that breaks before it is carried out', { lose: 'request' }, 250],
  ] as const) {
    it(`is tried again after a while where the server answers with ${what}`, async () => {
      const world = living(pair())
      world.fail(created, failure)
      const { exit } = await finished(world)
      const status = 'status' in failure ? failure.status : undefined
      assert.deepEqual(creations(world), [
        [0, status],
        [first, 201],
      ])
      assert.deepEqual([exit, lease(world)], [0, undefined])
    })
  }

  it('that was taken, only the answer got lost, is known to be its own', async () => {
    const world = living(pair())
    world.fail(created, { lose: 'answer' })
    const { exit, events } = await finished(world)
    assert.deepEqual([exit, lease(world)], [0, undefined])
    assert.deepEqual(lines(events.filter((each) => each.type === 'warning')), [])
  })

  it('that another run has taken while the server was given time refuses as ever', async () => {
    const { world, run } = await underWay()
    world.fail((request) => created(request) && JSON.stringify(request.body).includes('run2'), { status: 500 })
    const { exit, reports } = await finished(world, { runId: 'run2', user: 'bob@desk' })
    assert.equal(exit, 5)
    assert.match(reports[0]!.detail, /^group loan in namespace legacy is being worked on by ann@laptop\/run1; /)
    assert.equal((await world.time.until(run.result)).exit, 0)
  })

  for (const [what, failure] of [
    ['refuses it for good', { status: 422, message: 'no' }],
    ['has no time again and again', { status: 500 }],
    ['loses every answer', { lose: 'answer' }],
  ] as const) {
    it(`that cannot be taken since the server ${what} ends the run with a report, and nothing is left (1)`, async () => {
      const world = living(pair())
      world.fail(created, failure, 100)
      const { exit, reports } = await finished(world)
      assert.deepEqual([exit, outcomes(reports)], [1, { 'my-frontend': 'failed', 'my-backend': 'failed' }])
      assert.match(reports[0]!.detail, /^this step was not sent: create lease\/rollouts-group-loan in legacy: /)
      assert.deepEqual([patches(world), lease(world)], [[], undefined])
    })
  }

  it('that the server does not take for long is waited for no longer than the run may take, and that is told', async () => {
    const world = living(pair())
    world.fail(created, { status: 500 }, 100)
    const { exit, events } = await finished(world, { timeoutMs: 3000 })
    assert.deepEqual([exit, world.time.simulation.now - NOW], [6, 3000])
    assert.deepEqual(lines(events).filter((each) => each.includes('lock')).length, 1)
  })

  it('that was taken without an answer is given back where somebody interrupts before it is looked at again', async () => {
    const world = living(pair())
    world.fail(created, { lose: 'answer' })
    const run = start(world)
    await world.time.pass(100)
    assert.equal(lease(world)!.spec.holderIdentity, 'ann@laptop/run1')
    run.interrupt()
    assert.equal((await world.time.until(run.result)).exit, 130)
    assert.equal(lease(world), undefined)
  })
})
