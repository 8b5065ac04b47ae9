import assert from 'node:assert/strict'
import { living, NOW, outcomes, start, type RunOptions } from '../support/virtual-run.ts'
import { backend, frontend, pair } from '../support/virtual-scenes.ts'
import { isWrite, those, type Match } from '../support/virtual-request.ts'
import { deploying } from '../support/virtual-deploy.ts'

const any: Match = () => true
const promoteOf = (name: string): Match => those({ verb: 'patch', resource: 'rollouts', name })
/** Old pods of the frontend run on for half a minute. */
const long = () => living(pair({ frontend: () => ({ strategy: { scaleDownDelaySeconds: 30 } }) }))
/** Milliseconds that giving back the lock, and an Event, may take. */
const SOON = 6000

/** A run whose API server answers nothing any more from a request on. */
function silenced(match: Match, options: RunOptions = {}, nth = 1) {
  const world = long()
  world.on('before', match, () => world.fail(any, { lose: 'silently' }, Infinity), nth)
  return { world, run: start(world, options) }
}

describe('an API server that goes silent', () => {
  const points: Readonly<Record<string, Match>> = {
    'while the group is read': those({ verb: 'list', resource: 'services' }),
    'while permissions are asked for': those({ resource: 'selfsubjectaccessreviews' }),
    'while the lock is taken': those({ verb: 'create', resource: 'leases' }),
    'while a patch is under way': promoteOf('my-frontend'),
    'while the audit trail is written': those({ verb: 'create', resource: 'events' }),
    'while the lock is renewed': those({ verb: 'update', resource: 'leases' }),
  }
  for (const [name, match] of Object.entries(points)) {
    it(`${name} does not hold up the end of the run's time`, async () => {
      const { world, run } = silenced(match, { timeoutMs: 60_000 })
      const end = await world.time.until(
        run.result.then(
          ({ exit }) => exit,
          (error: Error) => error.name,
        ),
      )
      assert.ok(end === 6 || end === 4 || end === 'TimedOut', `${end}`)
      const took = world.time.simulation.now - NOW
      assert.ok(took >= 60_000 && took <= 60_000 + SOON, `${took}`)
    })

    it(`${name} does not hold up the second interruption`, async () => {
      const { world, run } = silenced(match)
      await world.time.pass(8000)
      run.interrupt()
      await world.time.pass(1000)
      run.interrupt()
      const end = await world.time.until(
        run.result.then(
          ({ exit }) => exit,
          (error: { reason?: string }) => error.reason,
        ),
      )
      assert.ok(end === 130 || end === 'Aborted', `${end}`)
      assert.ok(world.time.simulation.now - NOW <= 9000 + SOON)
    })
  }

  it('during a patch leaves open whether it is in, and says so', async () => {
    const { world, run } = silenced(promoteOf('my-frontend'), { timeoutMs: 60_000 })
    const { reports } = await world.time.until(run.result)
    assert.deepEqual(outcomes(reports), { 'my-frontend': 'timed-out', 'my-backend': 'not-started' })
    assert.equal(reports[0]!.detail, 'the request was under way and may be in when the time was up')
  })

  describe('while it is kept who was withdrawn', () => {
    const silencedRetry = async (options: RunOptions = {}) => {
      const world = long()
      assert.equal((await world.time.until(start(world, { verb: 'abort-all' }).result)).exit, 0)
      let kept = 0
      world.on('before', those({ verb: 'patch', resource: 'replicasets' }), () => {
        kept += 1
        world.fail(any, { lose: 'silently' }, Infinity)
      })
      const began = world.time.simulation.now
      const run = start(world, { verb: 'retry-all', runId: 'run2', ...options })
      return { world, run, kept: () => kept, took: () => world.time.simulation.now - began }
    }

    it("does not hold up the end of the run's time", async () => {
      const { world, run, kept, took } = await silencedRetry({ timeoutMs: 60_000 })
      assert.equal((await world.time.until(run.result)).exit, 6)
      assert.equal(kept(), 1)
      assert.ok(took() >= 60_000 && took() <= 60_000 + SOON, `${took()}`)
    })

    it('does not hold up the second interruption', async () => {
      const { world, run, kept, took } = await silencedRetry()
      await world.time.pass(8000)
      run.interrupt()
      run.interrupt()
      assert.equal((await world.time.until(run.result)).exit, 130)
      assert.equal(kept(), 1)
      assert.ok(took() <= 8000 + SOON, `${took()}`)
    })
  })

  describe('while what the pods need is applied', () => {
    const applied: Match = (request) => request.resource === 'configmaps' && isWrite(request)
    const silencedDeploy = async (options: RunOptions = {}) => {
      const world = living(pair({}, { next: [] }))
      const run = await deploying(world, [...backend('2.0'), ...frontend('2.0', 'preview')], options)
      world.on('before', applied, () => world.fail(any, { lose: 'silently' }, Infinity))
      return { world, run }
    }
    const told = {
      'configmap/my-frontend-settings-2-0': 'timed-out',
      'my-backend': 'not-started',
      'my-frontend': 'not-started',
    }

    it("has taken the run's time, and is no interruption (6)", async () => {
      const { world, run } = await silencedDeploy({ timeoutMs: 60_000 })
      const { reports, exit } = await world.time.until(run.result)
      assert.deepEqual([outcomes(reports), exit], [told, 6])
      assert.equal(reports[0]!.detail, 'it was being applied and may be in when the time was up')
    })

    it('is ended by the second interruption (130)', async () => {
      const { world, run } = await silencedDeploy()
      await world.time.pass(8000)
      run.interrupt()
      run.interrupt()
      const { reports, exit } = await world.time.until(run.result)
      assert.deepEqual([outcomes(reports), exit], [{ ...told, 'configmap/my-frontend-settings-2-0': 'cancelled' }, 130])
    })
  })
})
