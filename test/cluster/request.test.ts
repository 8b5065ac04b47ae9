import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { openCluster } from '../../src/cluster/kube.ts'
import { ClusterError, type Cluster } from '../../src/cluster/port.ts'
import type { Tuning } from '../../src/cluster/tuning.ts'
import { flagsTo, json, listOf, refuse, startApiServer, type ApiServer, type Handler, type Response } from '../support/api-server.ts'

const REF = { namespace: 'legacy', name: 'my-backend' }
const TEST = { op: 'test', path: '/metadata/uid', value: 'u' } as const
const REMOVE = { op: 'remove', path: '/status/pauseConditions' } as const

type Step = (response: Response) => void

const cut: Step = (response) => (response as { socket: { destroy(): void } | null }).socket!.destroy()
const ok = (body: unknown = { done: true }): Step => (response) => json(response, body)
const no = (code: number, reason = '', headers: Record<string, string> = {}): Step => (response) => refuse(response, code, reason, `said ${code}`, { name: 'my-backend', headers })
const raw = (body: Buffer | string, headers: Record<string, string> = {}): Step => (response) => {
  const plain = response as import('node:http').ServerResponse
  plain.writeHead(200, { 'content-type': 'application/json', ...headers })
  plain.end(body)
}

describe('a request', () => {
  let server: ApiServer
  let cluster: Cluster
  let pauses: number[]
  afterEach(async () => {
    await cluster.close()
    await server.close()
  })

  /** A cluster whose server answers each request with the next step, the last one for ever. */
  const script = async (steps: readonly Step[], tuning: Partial<Tuning> = {}, flags = {}): Promise<void> => {
    let at = 0
    pauses = []
    const handler: Handler = (_, response) => steps[Math.min(at++, steps.length - 1)]!(response)
    server = await startApiServer('http', handler)
    cluster = await openCluster(flagsTo(server, flags), { pause: async (ms) => { pauses.push(ms) }, random: () => 1, ...tuning })
  }
  const failure = async (promise: Promise<unknown>): Promise<ClusterError> => {
    try {
      await promise
    } catch (error) {
      assert.ok(error instanceof ClusterError, String(error))
      return error
    }
    return assert.fail('nothing was thrown')
  }

  for (const [code, reason, expected] of [
    [400, 'BadRequest', 'BadRequest'], [401, 'Unauthorized', 'Unauthorized'], [403, 'Forbidden', 'Forbidden'], [404, 'NotFound', 'NotFound'],
    [405, 'MethodNotAllowed', 'BadRequest'], [409, 'Conflict', 'Conflict'], [409, 'AlreadyExists', 'AlreadyExists'], [410, 'Expired', 'Expired'],
    [413, 'RequestEntityTooLarge', 'BadRequest'], [415, 'UnsupportedMediaType', 'BadRequest'], [422, 'Invalid', 'Invalid'], [501, '', 'ServerError'],
  ] as const) {
    it(`answered ${code} ${reason} fails as ${expected}, at once`, async () => {
      await script([no(code, reason)])
      const error = await failure(cluster.get('rollouts', REF))
      assert.deepEqual([error.reason, error.status, pauses.length], [expected, code, 0])
      assert.match(error.message, new RegExp(`^get rollout/my-backend in legacy: said ${code}`))
    })
  }

  describe('is sent again', () => {
    for (const [what, step] of [['429', no(429)], ['500', no(500)], ['502', no(502)], ['503', no(503)], ['504', no(504)], ['a cut connection', cut]] as const) {
      it(`after ${what} when it only reads`, async () => {
        await script([step, ok()])
        assert.deepEqual(await cluster.get('rollouts', REF), { done: true })
        assert.deepEqual(pauses, [250])
      })

      it(`after ${what} when it is a conditional patch`, async () => {
        await script([step, ok()])
        await cluster.patch('rollouts', REF, [TEST, REMOVE], { subresource: 'status' })
        assert.equal(server.seen.length, 2)
        assert.equal(server.seen[0]!.body, server.seen[1]!.body)
      })
    }

    it('after a conflict, when it is a conditional patch', async () => {
      await script([no(409, 'Conflict'), ok()])
      await cluster.patch('rollouts', REF, [TEST, REMOVE])
      assert.equal(server.seen.length, 2)
    })

    it('when it replaces or deletes one version of an object, but not after a conflict', async () => {
      await script([no(500), ok(), cut, ok(), no(409, 'Conflict')])
      await cluster.replace('leases', REF, { metadata: { resourceVersion: '1' } })
      await cluster.remove('leases', REF, { resourceVersion: '1' })
      assert.equal((await failure(cluster.replace('leases', REF, { metadata: { resourceVersion: '1' } }))).reason, 'Conflict')
      assert.equal(server.seen.length, 5)
    })

    it('when it is a question or a dry run, though it is a POST', async () => {
      await script([no(500), ok(), no(500), ok()])
      await cluster.create('selfsubjectaccessreviews', undefined, {})
      await cluster.create('events', 'legacy', {}, { dryRun: true })
      assert.deepEqual(server.seen.map(({ path }) => path), [
        ...Array<string>(2).fill('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'), ...Array<string>(2).fill('/api/v1/namespaces/legacy/events?dryRun=All'),
      ])
    })

    it('as late as Retry-After says', async () => {
      await script([no(429, '', { 'retry-after': '7' }), ok()])
      await cluster.get('rollouts', REF)
      assert.deepEqual(pauses, [7000])
    })

    it('with doubled pauses, and then no more', async () => {
      await script([no(503)])
      const error = await failure(cluster.get('rollouts', REF))
      assert.deepEqual([error.reason, error.status, pauses], ['ServerError', 503, [250, 500, 1000, 2000, 4000]])
    })

    it('with up to half of the pause left to chance', async () => {
      await script([no(503), ok()], { random: () => 0 })
      await cluster.get('rollouts', REF)
      assert.deepEqual(pauses, [125])
    })
  })

  describe('is not sent again', () => {
    for (const [what, step] of [['the connection was lost', cut], ['the server failed', no(500)]] as const) {
      it(`when it creates something and ${what}: it may have been carried out`, async () => {
        await script([step])
        await failure(cluster.create('events', 'legacy', {}))
        assert.equal(server.seen.length, 1)
      })
    }

    it('when it patches without a condition', async () => {
      await script([no(500)])
      await failure(cluster.patch('rollouts', REF, [REMOVE]))
      assert.equal(server.seen.length, 1)
    })

    it('when the server wants to be left alone for longer than a minute', async () => {
      await script([no(503, '', { 'retry-after': '3600' })])
      const error = await failure(cluster.get('rollouts', REF))
      assert.deepEqual([error.retryAfter, server.seen.length], [3600, 1])
    })

    it('more than once to a server that has never answered', async () => {
      await script([ok()])
      await server.close()
      const error = await failure(cluster.get('rollouts', REF))
      assert.equal(error.reason, 'Unreachable')
      assert.equal(error.message, `get rollout/my-backend in legacy: no answer from ${server.url}: connection refused; is the cluster running? try: kubectl cluster-info`)
      assert.equal(pauses.length, 1)
      server = await startApiServer('http', () => undefined)
    })

    it('when its caller gives up while it waits', async () => {
      const stop = new AbortController()
      await script([no(503)], { pause: (_, signal) => new Promise((_resolve, reject) => { signal!.addEventListener('abort', () => reject(signal!.reason)); stop.abort() }) })
      const error = await failure(cluster.get('rollouts', REF, stop.signal))
      assert.deepEqual([error.reason, error.message, server.seen.length], ['Aborted', 'get rollout/my-backend in legacy: cancelled', 1])
    })
  })

  it('that creates something is sent again where the server was too busy to look at it', async () => {
    await script([no(429), ok()])
    await cluster.create('events', 'legacy', {})
    assert.equal(server.seen.length, 2)
  })

  it('that creates something is sent again where no connection came about', async () => {
    await script([ok()])
    await server.close()
    await failure(cluster.create('events', 'legacy', {}))
    assert.equal(pauses.length, 1)
    server = await startApiServer('http', () => undefined)
  })

  describe('ends', () => {
    const never: Step = () => undefined
    const halfway: Step = (response) => {
      const plain = response as import('node:http').ServerResponse
      plain.writeHead(200, { 'content-type': 'application/json' })
      plain.write('{"items": [')
    }

    for (const [what, step] of [['never answers', never], ['never ends its answer', halfway]] as const) {
      it(`after the request timeout where the server ${what}`, async () => {
        await script([step], {}, { requestTimeoutMs: 30 })
        const error = await failure(cluster.list('rollouts', { namespace: 'legacy' }))
        assert.deepEqual([error.reason, error.message], ['Timeout', `list rollouts in namespace legacy: no answer from ${server.url} within the request timeout of 0.03 s`])
        assert.equal(server.seen.length, 1)
      })

      it(`with its signal where the server ${what}`, async () => {
        const stop = new AbortController()
        await script([(response) => { step(response); setImmediate(() => stop.abort()) }])
        assert.equal((await failure(cluster.list('rollouts', {}, stop.signal))).reason, 'Aborted')
      })

      it(`as lost after a long silence where the server ${what}`, async () => {
        await script([step], { silenceMs: 50 })
        const error = await failure(cluster.create('events', 'legacy', {}))
        assert.equal(error.reason, 'Unreachable')
        assert.match(error.message, /it went silent/)
      })
    }

    it('before it is sent where its signal is over already', async () => {
      await script([ok()])
      assert.equal((await failure(cluster.get('rollouts', REF, AbortSignal.abort()))).reason, 'Aborted')
      assert.equal(server.seen.length, 0)
    })
  })

  describe('answered with a body', () => {
    it('of several megabytes, packed, is read whole', async () => {
      const big = { items: [], metadata: { resourceVersion: '1' }, filler: 'x'.repeat(5_000_000) }
      await script([raw(gzipSync(JSON.stringify(big)), { 'content-encoding': 'gzip' })])
      await cluster.list('rollouts', {})
      assert.equal(server.seen[0]!.headers['accept-encoding'], 'gzip')
    })

    for (const [what, step, sentence] of [
      ['that is cut off JSON', raw('{"items": [{"meta'), /is not whole JSON \(17 characters\)$/],
      ['that is empty', raw(''), /is not whole JSON \(0 characters\)$/],
      ['that is a login page', raw('<!doctype html><title>Log in</title>', { 'content-type': 'text/html' }), /is a web page, not JSON/],
      ['that is no list', raw('{"kind": "Status"}'), /is not a list$/],
      ['that is null', raw('null'), /is not a list$/],
      ['larger than the limit', raw(`"${'x'.repeat(2000)}"`), /is larger than 1000 bytes$/],
      ['larger than the limit once unpacked', raw(gzipSync('x'.repeat(1_000_000)), { 'content-encoding': 'gzip' }), /is larger than 1000 bytes$/],
      ['whose packing is broken', raw(gzipSync('"x"').subarray(0, 12), { 'content-encoding': 'gzip' }), /cannot be unpacked$/],
    ] as const) {
      it(`${what} is malformed`, async () => {
        await script([step], { maxBodyBytes: 1000 })
        const error = await failure(cluster.list('rollouts', {}))
        assert.equal(error.reason, 'Malformed', error.message)
        assert.match(error.message, sentence)
      })
    }

    it('shorter than announced is a lost connection: it is sent again', async () => {
      await script([(response) => {
        const plain = response as import('node:http').ServerResponse
        plain.writeHead(200, { 'content-length': '100' })
        plain.write('{"items"', () => plain.destroy())
      }, ok(listOf(['a']))])
      assert.equal((await cluster.list('rollouts', {})).items.length, 1)
    })

    it('that redirects is malformed', async () => {
      await script([(response) => json(response, {}, 302, { location: 'https://login.example' })])
      const error = await failure(cluster.get('rollouts', REF))
      assert.deepEqual([error.reason, error.status], ['Malformed', 302])
      assert.match(error.message, /does not answer as a Kubernetes API server$/)
    })
  })

  describe('that lists', () => {
    it('follows the pages to the end', async () => {
      await script([ok(listOf(['a', 'b'], '7', { continue: 'p2' })), ok(listOf(['c'], '7', { continue: 'p3' })), ok(listOf(['d'], '7', { continue: '' }))])
      const { items, resourceVersion } = await cluster.list('rollouts', { namespace: 'legacy', labelSelector: 'app in (a,b)', fieldSelector: 'metadata.name=x' })
      assert.deepEqual([items.length, resourceVersion], [4, '7'])
      const query = 'labelSelector=app+in+%28a%2Cb%29&fieldSelector=metadata.name%3Dx&limit=500'
      const path = '/apis/argoproj.io/v1alpha1/namespaces/legacy/rollouts'
      assert.deepEqual(server.seen.map((each) => each.path), [`${path}?${query}`, `${path}?${query}&continue=p2`, `${path}?${query}&continue=p3`])
    })

    it('starts again from the first page where the server forgot the version, and at last asks for all at once', async () => {
      const first = ok(listOf(['old'], '7', { continue: 'p2' }))
      await script([first, no(410, 'Expired'), first, no(410, 'Expired'), ok(listOf(['x', 'y'], '9'))])
      const { items, resourceVersion } = await cluster.list('rollouts', {})
      assert.deepEqual([items.length, resourceVersion], [2, '9'])
      assert.match(server.seen[2]!.path, /\?limit=500$/)
      assert.match(server.seen[4]!.path, /\/rollouts$/)
    })

    it('reads tens of thousands of items', async () => {
      const page = Array.from({ length: 20_000 }, (_, i) => `rollout-${i}`)
      await script([ok(listOf(page, '1', { continue: 'p2' })), ok(listOf(page, '1'))])
      assert.equal((await cluster.list('rollouts', {})).items.length, 40_000)
    })

    it('takes null for no items', async () => {
      await script([raw('{"metadata": {"resourceVersion": "1"}, "items": null}')])
      assert.deepEqual((await cluster.list('rollouts', {})).items, [])
    })
  })

  it('says each verb as HTTP does', async () => {
    await script([ok()])
    await cluster.patch('rollouts', REF, [TEST], { subresource: 'status', dryRun: true })
    await cluster.create('leases', 'legacy', { metadata: { name: 'l' } })
    await cluster.replace('leases', REF, { a: 1 }, { dryRun: true })
    await cluster.remove('leases', REF, { resourceVersion: '5' })
    await cluster.remove('leases', REF)
    await cluster.get('configmaps', { namespace: 'a', name: 'x/../y' })
    assert.deepEqual(server.seen.map(({ method, path, headers, body }) => [method, path, headers['content-type'], body]), [
      ['PATCH', '/apis/argoproj.io/v1alpha1/namespaces/legacy/rollouts/my-backend/status?dryRun=All', 'application/json-patch+json', JSON.stringify([TEST])],
      ['POST', '/apis/coordination.k8s.io/v1/namespaces/legacy/leases', 'application/json', '{"metadata":{"name":"l"}}'],
      ['PUT', '/apis/coordination.k8s.io/v1/namespaces/legacy/leases/my-backend?dryRun=All', 'application/json', '{"a":1}'],
      ['DELETE', '/apis/coordination.k8s.io/v1/namespaces/legacy/leases/my-backend', 'application/json', '{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"resourceVersion":"5"}}'],
      ['DELETE', '/apis/coordination.k8s.io/v1/namespaces/legacy/leases/my-backend', 'application/json', '{"kind":"DeleteOptions","apiVersion":"v1"}'],
      ['GET', '/api/v1/namespaces/a/configmaps/x%2F..%2Fy', undefined, ''],
    ])
  })
})
