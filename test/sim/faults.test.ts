import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { CONFIGMAPS, ROLLOUTS, Serving } from './serving.ts'

describe('a fault', () => {
  let at: Serving
  beforeEach(async () => {
    at = await Serving.start()
  })
  afterEach(() => at.close())
  const create = (name: string) => at.ask('POST', CONFIGMAPS, { body: { metadata: { name } } })
  const stored = (): string[] => [...at.store.all('configmaps')].map(({ metadata }) => metadata.name)

  describe('that refuses', () => {
    for (const [status, reason] of [
      [400, 'BadRequest'],
      [401, 'Unauthorized'],
      [403, 'Forbidden'],
      [404, 'NotFound'],
      [405, 'MethodNotAllowed'],
      [409, 'Conflict'],
      [410, 'Expired'],
      [413, 'RequestEntityTooLarge'],
      [415, 'UnsupportedMediaType'],
      [422, 'Invalid'],
      [429, 'TooManyRequests'],
      [500, 'InternalError'],
      [503, 'ServiceUnavailable'],
      [504, 'Timeout'],
      [507, 'InternalError'],
    ] as const) {
      it(`with ${status} answers a Status for ${reason}, and carries nothing out`, async () => {
        at.faults.fail({}, { status })
        const { code, body } = await create('a')
        assert.deepEqual(
          [code, body.kind, body.status, body.code, body.reason, stored()],
          [status, 'Status', 'Failure', status, reason, []],
        )
        assert.ok(body.message.length > 5)
      })
    }

    it('may have its own words, and say when to come again', async () => {
      at.faults.fail({}, { status: 429, message: 'not now', retryAfter: 7 })
      const { body, headers } = await create('a')
      assert.deepEqual([body.message, body.details, headers['retry-after']], ['not now', { retryAfterSeconds: 7 }, '7'])
    })

    it('is on record', async () => {
      at.faults.fail({}, { status: 503 })
      await create('a')
      assert.deepEqual(
        at.server.requests.map(({ status, user }) => [status, user]),
        [[503, '']],
      )
    })
  })

  describe('meets', () => {
    const codes = async (...requests: readonly (readonly [string, string])[]): Promise<number[]> => {
      const met: number[] = []
      for (const [method, path] of requests) met.push((await at.ask(method, path)).code)
      return met
    }

    it('the next request alone, or as many as it is told', async () => {
      at.faults.fail({}, { status: 503 })
      at.faults.fail({}, { status: 500 }, 2)
      assert.deepEqual(await codes(...Array(4).fill(['GET', '/version'])), [503, 500, 500, 200])
    })

    it('only requests of its method, and of its path or query, by a part or a pattern', async () => {
      at.faults.fail({ method: 'DELETE' }, { status: 500 })
      at.faults.fail({ path: 'rollouts?limit' }, { status: 503 })
      at.faults.fail({ path: /pods$/ }, { status: 504 })
      assert.deepEqual(
        await codes(
          ['GET', ROLLOUTS],
          ['GET', '/api/v1/pods?x=1'],
          ['GET', `${ROLLOUTS}?limit=5`],
          ['GET', '/api/v1/pods'],
          ['DELETE', '/x'],
          ['DELETE', `${ROLLOUTS}/x`],
        ),
        [200, 200, 503, 504, 500, 404],
      )
    })

    it('nobody once it is taken back', async () => {
      at.faults.fail({}, { status: 503 }, 9)
      at.faults.clear()
      assert.deepEqual(await codes(['GET', '/version']), [200])
    })
  })

  it('that loses the request breaks the connection before anything is carried out', async () => {
    at.faults.fail({}, { lose: 'request' })
    await assert.rejects(create('a'), { code: 'ECONNRESET' })
    assert.deepEqual([stored(), at.server.requests[0]?.status], [[], undefined])
    assert.equal((await create('a')).code, 201)
  })

  it('that loses the answer breaks the connection when all is carried out', async () => {
    at.faults.fail({}, { lose: 'answer' })
    await assert.rejects(create('a'), { code: 'ECONNRESET' })
    assert.deepEqual(
      [stored(), at.server.requests[0]?.status, at.server.requests[0]?.user],
      [['a'], undefined, 'admin'],
    )
    assert.equal((await create('a')).code, 409)
  })

  it('that delays carries a request out later: others overtake it', async () => {
    at.faults.fail({ method: 'POST' }, { delay: 100 })
    const slow = create('slow')
    while (at.server.requests.length === 0) await new Promise(setImmediate)
    await create('quick')
    assert.equal((await slow).code, 201)
    assert.deepEqual(stored(), ['quick', 'slow'])
  })

  it('that answers something else does so with 200, and carries nothing out', async () => {
    at.faults.fail({}, { body: '<html>log in</html>' })
    const { code, raw } = await create('a')
    assert.deepEqual([code, raw.toString(), stored()], [200, '<html>log in</html>', []])
  })

  it('that cuts the answer in half has carried all out', async () => {
    at.faults.fail({}, { half: 'cut' })
    await assert.rejects(create('a'), { code: 'ECONNRESET' })
    assert.deepEqual([stored(), at.server.requests[0]?.status], [['a'], 201])
  })

  it('that falls silent in the middle has sent half, and sends no more', async () => {
    const whole = (await at.ask('GET', '/version')).raw
    at.faults.fail({}, { half: 'silent' })
    const [answer] = (await once(at.send('GET', '/version'), 'response')) as [IncomingMessage]
    const [half] = (await once(answer, 'data')) as [Buffer]
    assert.deepEqual(
      [half.equals(whole.subarray(0, half.length)), Math.abs(2 * half.length - whole.length) < 2, answer.complete],
      [true, true, false],
    )
    assert.equal(answer.headers['content-length'], String(whole.length))
    assert.equal((await at.ask('GET', '/version')).code, 200)
    assert.deepEqual([answer.errored, answer.destroyed], [null, false])
  })

  it('that halves a watch leaves half an event', async () => {
    at.faults.fail({ path: 'watch' }, { half: 'silent' })
    const [answer] = (await once(at.send('GET', `${ROLLOUTS}?watch=true`), 'response')) as [IncomingMessage]
    const [half] = (await once(answer, 'data')) as [Buffer]
    assert.match(half.toString(), /^\{"type":"MOD/)
    assert.throws(() => JSON.parse(half.toString()), SyntaxError)
  })

  it('of the cluster itself stops and starts the controllers, and forgets the past', () => {
    const from = at.store.version
    at.create('a')
    at.faults.stopControllers()
    at.faults.startControllers()
    at.faults.compact()
    assert.deepEqual([at.controllers, at.store.since(from)], [['pause', 'resume'], undefined])
  })
})
