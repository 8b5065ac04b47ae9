import assert from 'node:assert/strict'
import { startApiServer } from '../support/api-server.ts'
import { cut, failure, no, ok, scripted, type Scripted, type Step } from '../support/scripted.ts'

const REF = { namespace: 'legacy', name: 'my-backend' }
const TEST = { op: 'test', path: '/metadata/uid', value: 'u' } as const
const REMOVE = { op: 'remove', path: '/status/pauseConditions' } as const
const VERSION = { metadata: { resourceVersion: '1' } }

describe('a request that failed', () => {
  let at: Scripted
  afterEach(() => at.close())
  const script = async (steps: readonly Step[], ...more: unknown[]): Promise<void> => {
    at = await scripted(steps, ...(more as []))
  }
  /** The address of a server that is gone. */
  const nobody = async (): Promise<string> => {
    const server = await startApiServer('http', () => undefined)
    await server.close()
    return server.url
  }

  describe('is sent again', () => {
    for (const [what, step] of [
      ['429', no(429)],
      ['500', no(500)],
      ['502', no(502)],
      ['503', no(503)],
      ['504', no(504)],
      ['a cut connection', cut],
    ] as const) {
      it(`after ${what} when it only reads`, async () => {
        await script([step, ok()])
        assert.deepEqual(await at.cluster.get('rollouts', REF), { done: true })
        assert.deepEqual(at.pauses, [250])
      })

      it(`after ${what} when it is a conditional patch`, async () => {
        await script([step, ok()])
        await at.cluster.patch('rollouts', REF, [TEST, REMOVE], { subresource: 'status' })
        assert.equal(at.server.seen.length, 2)
        assert.equal(at.server.seen[0]!.body, at.server.seen[1]!.body)
      })

      it(`after ${what} when it replaces one version of an object`, async () => {
        await script([step, ok()])
        await at.cluster.replace('leases', REF, VERSION)
        assert.equal(at.server.seen.length, 2)
      })

      it(`after ${what} when it deletes one version of an object`, async () => {
        await script([step, ok()])
        await at.cluster.remove('leases', REF, { resourceVersion: '1' })
        assert.equal(at.server.seen.length, 2)
      })
    }

    it('for as long as it takes, when whoever asks is patient', async () => {
      await script([...Array<Step>(9).fill(no(503)), ok()])
      assert.deepEqual(await at.cluster.get('configmaps', REF, new AbortController().signal, true), { done: true })
      assert.equal(at.server.seen.length, 10)
    })

    it('after a conflict, when it is a conditional patch', async () => {
      await script([no(409, 'Conflict'), ok()])
      await at.cluster.patch('rollouts', REF, [TEST, REMOVE])
      assert.equal(at.server.seen.length, 2)
    })

    it('when it is a question, though it is a POST', async () => {
      await script([no(500), ok()])
      await at.cluster.create('selfsubjectaccessreviews', undefined, {})
      assert.deepEqual(
        at.server.seen.map(({ path }) => path),
        Array(2).fill('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'),
      )
    })

    it('when it is a dry run, though it is a POST', async () => {
      await script([cut, ok()])
      await at.cluster.create('events', 'legacy', {}, { dryRun: true })
      assert.deepEqual(
        at.server.seen.map(({ path }) => path),
        Array(2).fill('/api/v1/namespaces/legacy/events?dryRun=All'),
      )
    })

    it('when it creates something the server was too busy to look at', async () => {
      await script([no(429), ok()])
      await at.cluster.create('events', 'legacy', {})
      assert.equal(at.server.seen.length, 2)
    })

    it('when it creates something and no connection came about', async () => {
      await script([ok()], {}, { server: await nobody() })
      await failure(at.cluster.create('events', 'legacy', {}))
      assert.equal(at.pauses.length, 1)
    })

    it('as late as Retry-After says', async () => {
      await script([no(429, '', { 'retry-after': '7' }), ok()])
      await at.cluster.get('rollouts', REF)
      assert.deepEqual(at.pauses, [7000])
    })

    it("and says so once, where that takes a person's time", async () => {
      const said: string[] = []
      const say = (sentence: string) => said.push(sentence)
      await script([no(429, '', { 'retry-after': '2' }), no(429, '', { 'retry-after': '2' }), ok()], {}, { say })
      await at.cluster.get('rollouts', REF)
      assert.deepEqual(said, ['get rollout/my-backend in legacy: said 429; trying again'])
    })

    it('and says nothing where nobody notices', async () => {
      const said: string[] = []
      await script([no(503), no(503), ok()], {}, { say: (sentence: string) => said.push(sentence) })
      await at.cluster.get('rollouts', REF)
      assert.deepEqual([said, at.pauses.length], [[], 2])
    })

    it('with doubled pauses, and then no more', async () => {
      await script([no(503)])
      const error = await failure(at.cluster.get('rollouts', REF))
      assert.deepEqual([error.reason, error.status, at.pauses], ['ServerError', 503, [250, 500, 1000, 2000, 4000]])
    })

    it('with up to half of the pause left to chance', async () => {
      await script([no(503), ok()], { random: () => 0 })
      await at.cluster.get('rollouts', REF)
      assert.deepEqual(at.pauses, [125])
    })
  })

  describe('is not sent again', () => {
    for (const [what, step] of [
      ['the connection was lost', cut],
      ['the server failed', no(500)],
    ] as const) {
      it(`when it creates something and ${what}: it may have been carried out`, async () => {
        await script([step])
        await failure(at.cluster.create('events', 'legacy', {}))
        assert.equal(at.server.seen.length, 1)
      })

      it(`when it deletes whatever has that name and ${what}`, async () => {
        await script([step])
        await failure(at.cluster.remove('leases', REF))
        assert.equal(at.server.seen.length, 1)
      })

      it(`when it patches without a condition and ${what}`, async () => {
        await script([step])
        await failure(at.cluster.patch('rollouts', REF, [REMOVE]))
        assert.equal(at.server.seen.length, 1)
      })
    }

    for (const [what, step] of [
      ['a conflict', no(409, 'Conflict')],
      ['429', no(429)],
      ['500', no(500)],
      ['a cut connection', cut],
    ] as const) {
      it(`after ${what}, when it is to be sent once, conditional or not`, async () => {
        await script([step])
        await failure(at.cluster.patch('rollouts', REF, [TEST, REMOVE], { once: true }))
        assert.equal(at.server.seen.length, 1)
      })
    }

    it('after a conflict, when it replaces one version of an object', async () => {
      await script([no(409, 'Conflict')])
      assert.equal((await failure(at.cluster.replace('leases', REF, VERSION))).reason, 'Conflict')
      assert.equal(at.server.seen.length, 1)
    })

    it('when the server wants to be left alone for longer than a minute', async () => {
      await script([no(503, '', { 'retry-after': '3600' })])
      assert.equal((await failure(at.cluster.get('rollouts', REF))).retryAfter, 3600)
      assert.equal(at.server.seen.length, 1)
    })

    it('more than once to a server that has never answered', async () => {
      const server = await nobody()
      await script([ok()], {}, { server })
      const error = await failure(at.cluster.get('rollouts', REF))
      assert.equal(
        error.message,
        `get rollout/my-backend in legacy: no answer from ${server}: connection refused; is the cluster running? try: kubectl cluster-info`,
      )
      assert.deepEqual([error.reason, at.pauses.length], ['Unreachable', 1])
    })

    it('when its caller gives up while it waits', async () => {
      const stop = new AbortController()
      const pause = (_: number, signal: AbortSignal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          stop.abort()
        })
      await script([no(503)], { pause })
      const error = await failure(at.cluster.get('rollouts', REF, stop.signal))
      assert.deepEqual(
        [error.reason, error.message, at.server.seen.length],
        ['Aborted', 'get rollout/my-backend in legacy: cancelled', 1],
      )
    })
  })
})
