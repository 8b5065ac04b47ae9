import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { json } from '../support/api-server.ts'
import { failure, list, never, no, ok, raw, scripted, stream, type Scripted } from '../support/scripted.ts'

const REF = { namespace: 'legacy', name: 'my-backend' }
const TEST = { op: 'test', path: '/metadata/uid', value: 'u' } as const

describe('a request', () => {
  let at: Scripted
  afterEach(() => at.close())
  const script = async (...given: Parameters<typeof scripted>): Promise<void> => {
    at = await scripted(...given)
  }

  for (const [code, reason, expected] of [
    [400, 'BadRequest', 'BadRequest'],
    [401, 'Unauthorized', 'Unauthorized'],
    [403, 'Forbidden', 'Forbidden'],
    [404, 'NotFound', 'NotFound'],
    [405, 'MethodNotAllowed', 'BadRequest'],
    [409, 'Conflict', 'Conflict'],
    [409, 'AlreadyExists', 'AlreadyExists'],
    [410, 'Expired', 'Expired'],
    [413, 'RequestEntityTooLarge', 'BadRequest'],
    [415, 'UnsupportedMediaType', 'BadRequest'],
    [422, 'Invalid', 'Invalid'],
    [501, '', 'ServerError'],
  ] as const) {
    it(`answered ${code} ${reason} fails as ${expected}, at once`, async () => {
      await script([no(code, reason)])
      const error = await failure(at.cluster.get('rollouts', REF))
      assert.deepEqual([error.reason, error.status, at.pauses.length], [expected, code, 0])
      assert.match(error.message, new RegExp(`^get rollout/my-backend in legacy: said ${code}`))
    })
  }

  for (const [code, reason, said] of [
    [500, 'InternalError', 'InternalError'],
    [500, '', 'InternalError'],
    [501, '', 'InternalError'],
    [503, '', 'ServiceUnavailable'],
    [504, 'Timeout', 'Timeout'],
    [405, '', 'MethodNotAllowed'],
    [403, 'Forbidden', 'Forbidden'],
    [500, '\u001b[2J', 'InternalError'],
  ] as const) {
    it(`answered ${code} ${JSON.stringify(reason)} keeps the server's word for it, or kubectl's`, async () => {
      await script([no(code, reason)])
      assert.equal((await failure(at.cluster.get('rollouts', REF))).said, said)
    })
  }

  it('tells the server, too, how long it may take', async () => {
    await script([list(['a'])], {}, { requestTimeoutMs: 1500 })
    await at.cluster.list('rollouts', { namespace: 'a' })
    await at.cluster.remove('leases', REF).catch(() => undefined)
    assert.deepEqual(
      at.server.seen.map(({ path }) => /[?&](timeout=.*)$/.exec(path)?.[1]),
      ['timeout=1.5s', 'timeout=1.5s'],
    )
  })

  it('says each verb as HTTP does', async () => {
    await script([ok()])
    await at.cluster.patch('rollouts', REF, [TEST], { subresource: 'status', dryRun: true })
    await at.cluster.create('leases', 'legacy', { metadata: { name: 'l' } })
    await at.cluster.replace('leases', REF, { a: 1 }, { dryRun: true })
    await at.cluster.remove('leases', REF, { resourceVersion: '5' })
    await at.cluster.remove('leases', REF)
    await at.cluster.get('configmaps', { namespace: 'a', name: 'x/../y' })
    assert.deepEqual(
      at.server.seen.map(({ method, path, headers, body }) => [method, path, headers['content-type'], body]),
      [
        [
          'PATCH',
          '/apis/argoproj.io/v1alpha1/namespaces/legacy/rollouts/my-backend/status?dryRun=All',
          'application/json-patch+json',
          JSON.stringify([TEST]),
        ],
        [
          'POST',
          '/apis/coordination.k8s.io/v1/namespaces/legacy/leases',
          'application/json',
          '{"metadata":{"name":"l"}}',
        ],
        [
          'PUT',
          '/apis/coordination.k8s.io/v1/namespaces/legacy/leases/my-backend?dryRun=All',
          'application/json',
          '{"a":1}',
        ],
        [
          'DELETE',
          '/apis/coordination.k8s.io/v1/namespaces/legacy/leases/my-backend',
          'application/json',
          '{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"resourceVersion":"5"}}',
        ],
        [
          'DELETE',
          '/apis/coordination.k8s.io/v1/namespaces/legacy/leases/my-backend',
          'application/json',
          '{"kind":"DeleteOptions","apiVersion":"v1"}',
        ],
        ['GET', '/api/v1/namespaces/a/configmaps/x%2F..%2Fy', undefined, ''],
      ],
    )
  })

  describe('ends', () => {
    for (const [what, step] of [
      ['never answers', never],
      ['never ends its answer', stream(['{"items": ['])],
    ] as const) {
      it(`after the request timeout where the server ${what}`, async () => {
        await script([step], {}, { requestTimeoutMs: 30 })
        const error = await failure(at.cluster.list('rollouts', { namespace: 'legacy' }))
        assert.deepEqual(
          [error.reason, error.message],
          [
            'Timeout',
            `list rollouts in namespace legacy: no answer from ${at.server.url} within the request timeout of 0.03 s`,
          ],
        )
        // A busy machine may not have come to send it in that time.
        assert.ok(at.server.seen.length <= 1)
      })

      it(`with its signal where the server ${what}`, async () => {
        const stop = new AbortController()
        await script([
          (response) => {
            step(response)
            setImmediate(() => stop.abort())
          },
        ])
        assert.equal((await failure(at.cluster.list('rollouts', {}, stop.signal))).reason, 'Aborted')
      })

      it(`as lost after a long silence where the server ${what}`, async () => {
        await script([step], { silenceMs: 50 })
        const error = await failure(at.cluster.create('events', 'legacy', {}))
        assert.equal(error.reason, 'Unreachable')
        assert.match(error.message, /it went silent/)
      })
    }

    it('before it is sent where its signal is over already', async () => {
      await script([ok()])
      assert.equal((await failure(at.cluster.get('rollouts', REF, AbortSignal.abort()))).reason, 'Aborted')
      assert.equal(at.server.seen.length, 0)
    })

    it('and says what its signal was aborted with', async () => {
      await script([ok()])
      const why = new Error('the time was up')
      assert.equal((await failure(at.cluster.get('rollouts', REF, AbortSignal.abort(why)))).cause, why)
    })
  })

  describe('answered with a body', () => {
    it('is not to be packed where the flag says so', async () => {
      await script([ok()], {}, { disableCompression: true })
      await at.cluster.get('rollouts', REF)
      assert.equal(at.server.seen[0]!.headers['accept-encoding'], 'identity')
    })

    it('of more than is unpacked in one piece is read whole', async () => {
      const big = { items: [], metadata: { resourceVersion: '1' }, filler: 'x'.repeat(20_000_000) }
      await script([raw(gzipSync(JSON.stringify(big)), { 'content-encoding': 'gzip' })])
      assert.equal((await at.cluster.list('rollouts', {})).resourceVersion, '1')
      assert.equal(at.server.seen[0]!.headers['accept-encoding'], 'gzip')
    })

    for (const [what, step, sentence] of [
      ['that is cut off JSON', raw('{"items": [{"meta'), /is not whole JSON \(17 characters\)$/],
      ['that is empty', raw(''), /is not whole JSON \(0 characters\)$/],
      [
        'that is a login page',
        raw('<!doctype html><title>Log in</title>', { 'content-type': 'text/html' }),
        /is a web page, not JSON/,
      ],
      ['that is no list', raw('{"kind": "Status"}'), /is not a list$/],
      ['that is null', raw('null'), /is not a list$/],
      ['larger than the limit', raw(`"${'x'.repeat(2000)}"`), /is larger than 1000 bytes$/],
      [
        'larger than the limit once unpacked',
        raw(gzipSync('x'.repeat(1_000_000)), { 'content-encoding': 'gzip' }),
        /is larger than 1000 bytes$/,
      ],
      [
        'whose packing is broken',
        raw(gzipSync('"x"').subarray(0, 12), { 'content-encoding': 'gzip' }),
        /cannot be unpacked$/,
      ],
    ] as const) {
      it(`${what} is malformed`, async () => {
        await script([step], { maxBodyBytes: 1000 })
        const error = await failure(at.cluster.list('rollouts', {}))
        assert.equal(error.reason, 'Malformed', error.message)
        assert.match(error.message, sentence)
      })
    }

    it('shorter than announced is a lost connection: it is sent again', async () => {
      await script([
        (response) => {
          const plain = response as ServerResponse
          plain.writeHead(200, { 'content-length': '100' })
          plain.write('{"items"', () => plain.destroy())
        },
        list(['a']),
      ])
      assert.equal((await at.cluster.list('rollouts', {})).items.length, 1)
    })

    it('that redirects is malformed', async () => {
      await script([(response) => json(response, {}, 302, { location: 'https://login.example' })])
      const error = await failure(at.cluster.get('rollouts', REF))
      assert.deepEqual([error.reason, error.status], ['Malformed', 302])
      assert.match(error.message, /does not answer as a Kubernetes API server$/)
    })
  })

  describe('that lists', () => {
    it('follows the pages to the end', async () => {
      await script([
        list(['a', 'b'], '7', { continue: 'p2' }),
        list(['c'], '7', { continue: 'p3' }),
        list(['d'], '7', { continue: '' }),
      ])
      const { items, resourceVersion } = await at.cluster.list('rollouts', {
        namespace: 'legacy',
        labelSelector: 'app in (a,b)',
        fieldSelector: 'metadata.name=x',
      })
      assert.deepEqual([items.length, resourceVersion], [4, '7'])
      const first =
        '/apis/argoproj.io/v1alpha1/namespaces/legacy/rollouts?labelSelector=app+in+%28a%2Cb%29&fieldSelector=metadata.name%3Dx&limit=2500'
      assert.deepEqual(
        at.server.seen.map(({ path }) => path),
        [first, `${first}&continue=p2`, `${first}&continue=p3`],
      )
    })

    it('starts again from the first page where the server forgot the version, and at last asks for all at once', async () => {
      const first = list(['old'], '7', { continue: 'p2' })
      await script([first, no(410, 'Expired'), first, no(410, 'Expired'), list(['x', 'y'], '9')])
      const { items, resourceVersion } = await at.cluster.list('rollouts', {})
      assert.deepEqual([items.length, resourceVersion], [2, '9'])
      assert.match(at.server.seen[2]!.path, /\?limit=2500$/)
      assert.match(at.server.seen[4]!.path, /\/rollouts$/)
    })

    it('asks for as many items at a time as it is told, and for all with 0', async () => {
      for (const [chunkSize, query] of [
        [20, '?limit=20'],
        [0, ''],
      ] as const) {
        await script([list(['a'])], {}, { chunkSize })
        await at.cluster.list('rollouts', {})
        assert.equal(at.server.seen[0]!.path, `/apis/argoproj.io/v1alpha1/rollouts${query}`)
        await at.close()
      }
    })

    it('asks for more Services at a time than for anything else, unless it is told', async () => {
      for (const [chunkSize, limit] of [
        [undefined, 10_000],
        [20, 20],
      ]) {
        await script([list(['a'])], {}, { chunkSize })
        await at.cluster.list('services', {})
        assert.equal(at.server.seen[0]!.path, `/api/v1/services?limit=${limit}`)
        await at.close()
      }
    })

    it('reads tens of thousands of items', async () => {
      const page = Array.from({ length: 20_000 }, (_, i) => `rollout-${i}`)
      await script([list(page, '1', { continue: 'p2' }), list(page, '1')])
      assert.equal((await at.cluster.list('rollouts', {})).items.length, 40_000)
    })

    it('takes null for no items', async () => {
      await script([raw('{"metadata": {"resourceVersion": "1"}, "items": null}')])
      assert.deepEqual((await at.cluster.list('rollouts', {})).items, [])
    })
  })
})
