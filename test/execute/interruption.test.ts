import assert from 'node:assert/strict'
import type { RunEvent } from '../../src/domain/run/event.ts'
import { living, NOW, outcomes, patches, start, writes, type Run, type RunOptions } from '../support/virtual-run.ts'
import { apply, backend, frontend, pair } from '../support/virtual-scenes.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { isWrite, those } from '../support/virtual-request.ts'

const promoteOf = (name: string) => those({ verb: 'patch', resource: 'rollouts', name })
const NEITHER = { 'my-frontend': 'cancelled', 'my-backend': 'cancelled' }
const FIRST_CUT_SHORT = { 'my-frontend': 'cancelled', 'my-backend': 'not-started' }
const SECOND_CANCELLED = { 'my-frontend': 'done', 'my-backend': 'cancelled' }

interface Point {
  /** Interrupts the run at this point, by an event it tells or by a request it sends. */
  readonly at:
    | { readonly event: (event: RunEvent) => boolean }
    | { readonly before: Parameters<VirtualCluster['on']>[1] }
    | { readonly confirming: boolean }
  readonly outcomes: Readonly<Record<string, string>>
  /** Of the second interruption, where it is another one. */
  readonly twice?: Readonly<Record<string, string>>
  /** Patches that were carried out. */
  readonly patched: readonly string[]
  readonly scene?: () => ReturnType<typeof living>
}

/** 2.0 will be at its gate in a minute. */
function starting() {
  const world = living(pair({}, { next: [] }))
  const slow = () => ({ templateAnnotations: { 'pod-ready.stage.kwok.x-k8s.io/delay': '60s' } })
  apply(world.store, 'legacy', backend('2.0', slow))
  apply(world.store, 'legacy', frontend('2.0', 'preview', slow))
  return world
}

/** Somebody else holds the lock, and may be alive. */
function lockedByAnother() {
  const world = living(pair())
  const renewTime = new Date(NOW).toISOString()
  world.store.create('leases', 'legacy', {
    metadata: { name: 'rollouts-group-loan' },
    spec: { holderIdentity: 'bob@desk/run0', leaseDurationSeconds: 15, renewTime },
  })
  return world
}

const POINTS: Readonly<Record<string, Point>> = {
  'while the plan is made': {
    at: { before: those({ verb: 'list', resource: 'replicasets' }) },
    outcomes: NEITHER,
    patched: [],
  },
  'while it waits for a gate': {
    at: { event: (event) => event.type === 'waiting' && event.waitingFor.includes('0 of 3 pods') },
    outcomes: NEITHER,
    patched: [],
    scene: starting,
  },
  'while it asks for permissions': {
    at: { before: those({ resource: 'selfsubjectaccessreviews' }) },
    outcomes: NEITHER,
    patched: [],
  },
  'while it asks, and the answer is no': { at: { confirming: false }, outcomes: NEITHER, patched: [] },
  'while it asks, and the answer is yes': { at: { confirming: true }, outcomes: NEITHER, patched: [] },
  'while it waits for the lock': {
    at: { event: (event) => event.type === 'warning' },
    outcomes: NEITHER,
    patched: [],
    scene: lockedByAnother,
  },
  'while it takes the lock': {
    at: { before: those({ verb: 'create', resource: 'leases' }) },
    outcomes: FIRST_CUT_SHORT,
    twice: NEITHER,
    patched: [],
  },
  'while the first patch is under way': {
    at: { before: promoteOf('my-frontend') },
    outcomes: FIRST_CUT_SHORT,
    patched: ['my-frontend'],
  },
  'while that patch is verified': {
    at: { event: (event) => event.type === 'patched' },
    outcomes: FIRST_CUT_SHORT,
    patched: ['my-frontend'],
  },
  'between two waves': {
    at: { event: (event) => event.type === 'finished' },
    outcomes: SECOND_CANCELLED,
    patched: ['my-frontend'],
  },
  'while it drains': {
    at: { event: (event) => event.type === 'draining' },
    outcomes: SECOND_CANCELLED,
    patched: ['my-frontend'],
  },
  'while the last patch is verified': {
    at: { event: (event) => event.type === 'patched' && event.wave === 2 },
    outcomes: SECOND_CANCELLED,
    patched: ['my-frontend', 'my-backend'],
  },
}

interface Interrupted {
  readonly world: ReturnType<typeof living>
  readonly run: Run
  /** How many requests had been sent by then. */
  readonly sent: () => number
}

/** A run that is interrupted at a point, so many times. */
function interrupted({ at, scene = () => living(pair()) }: Point, times: 1 | 2): Interrupted {
  const world = scene()
  let sent = -1
  const interrupt = (run: Run): void => {
    if (sent >= 0) return
    sent = world.requests.length
    for (let time = 0; time < times; time++) run.interrupt()
  }
  const options: RunOptions = {
    ...('event' in at && {
      on: (event, run) => {
        if (at.event(event)) interrupt(run)
      },
    }),
    ...('confirming' in at && {
      confirm: async () => {
        interrupt(run)
        return at.confirming
      },
    }),
  }
  const run = start(world, options)
  if ('before' in at) world.on('before', at.before, () => interrupt(run))
  return { world, run, sent: () => sent }
}

describe('the first interruption', () => {
  for (const [name, point] of Object.entries(POINTS)) {
    it(`${name} starts nothing new, and every member gets an answer`, async () => {
      const { world, run, sent } = interrupted(point, 1)
      const { reports, exit } = await world.time.until(run.result)
      assert.deepEqual([outcomes(reports), exit], [point.outcomes, 130])
      if (name !== 'while the plan is made')
        assert.deepEqual(world.requests.slice(sent()).filter(those({ verb: 'list' })), [], 'nothing is read any more')
      assert.deepEqual(
        patches(world).map((each) => each.name),
        point.patched,
      )
      const locking = writes(world.requests).filter((each) => each.includes('leases'))
      assert.equal(
        locking.at(-1),
        locking.includes('create leases rollouts-group-loan') ? 'delete leases rollouts-group-loan' : locking[0],
      )
      assert.equal(run.events.filter((each) => each.type === 'interrupted').length, 1)
      assert.ok(world.time.simulation.now < NOW + 15_000)
    })
  }

  it('before anything was sent leaves no trace', async () => {
    for (const name of [
      'while the plan is made',
      'while it waits for a gate',
      'while it asks for permissions',
      'while it asks, and the answer is yes',
      'while it waits for the lock',
    ]) {
      const { world, run } = interrupted(POINTS[name]!, 1)
      await world.time.until(run.result)
      assert.deepEqual(writes(world.requests.filter((each) => each.status !== 409)), [], name)
    }
  })

  it('while the plan is made asks for no permissions any more', async () => {
    const { world, run } = interrupted(POINTS['while the plan is made']!, 1)
    await world.time.until(run.result)
    assert.deepEqual(world.requests.filter(those({ resource: 'selfsubjectaccessreviews' })), [])
  })

  it('lets the patch under way end, and says that its effect was not seen', async () => {
    const { world, run } = interrupted(POINTS['while the first patch is under way']!, 1)
    const { reports } = await world.time.until(run.result)
    assert.equal(patches(world)[0]!.status, 200)
    assert.equal(reports[0]!.detail, 'interrupted: the request is in, but its effect was not seen yet')
  })

  it('leaves a group that the same command brings to its end', async () => {
    const { world, run } = interrupted(POINTS['while that patch is verified']!, 1)
    await world.time.until(run.result)
    const again = start(world, { runId: 'run2' })
    const { reports, exit } = await world.time.until(again.result)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-backend': 'done', 'my-frontend': 'already-done' }, 0])
    assert.deepEqual(
      patches(world).map((each) => each.name),
      ['my-frontend', 'my-backend'],
    )
  })
})

describe('the second interruption', () => {
  const ending = Object.entries(POINTS).filter(
    ([name]) => name !== 'while the plan is made' && name !== 'while it asks for permissions',
  )
  for (const [name, point] of ending) {
    it(`${name} ends at once, but for the lock, and every member gets an answer`, async () => {
      const { world, run, sent } = interrupted(point, 2)
      const { reports, exit } = await world.time.until(run.result)
      assert.deepEqual([outcomes(reports), exit], [point.twice ?? point.outcomes, 130])
      const after = world.requests.slice(sent()).filter((each) => each.resource !== 'leases')
      assert.ok(after.length <= 1, `only what was under way: ${writes(after).join()}`)
      assert.deepEqual(
        run.events.filter((each) => each.type === 'warning' && each.sentence.startsWith('no Event')),
        [],
      )
    })
  }

  for (const name of ['while the plan is made', 'while it asks for permissions']) {
    it(`${name} ends with what it ended: there is no plan to report on`, async () => {
      const { world, run } = interrupted(POINTS[name]!, 2)
      await assert.rejects(world.time.until(run.result), { name: 'ClusterError', reason: 'Aborted' })
      assert.deepEqual(world.requests.filter(isWrite), [])
    })
  }

  it('during a patch says that nobody knows whether it was carried out', async () => {
    const { world, run } = interrupted(POINTS['while the first patch is under way']!, 2)
    const { reports } = await world.time.until(run.result)
    assert.equal(reports[0]!.detail, 'interrupted: the request was under way and may be in')
  })
})
