import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { startServer } from '../../src/sim/server.ts'
import { CONFIGMAPS, NOW, ROLLOUTS, Serving } from './serving.ts'

const LIMIT = 3 * 1024 * 1024

describe('the simulated API server', () => {
  let at: Serving
  let failing: string | undefined
  beforeEach(async () => {
    failing = undefined
    at = await Serving.start(() => {
      if (failing !== undefined) throw new Error(failing)
      return NOW
    })
  })
  afterEach(() => at.close())

  /** What the server says to bytes on a bare connection, until it closes it. */
  const say = async (bytes: string): Promise<string> => {
    const { hostname, port } = new URL(at.server.url)
    const socket = connect(Number(port), hostname)
    socket.end(bytes)
    return Buffer.concat(await socket.toArray()).toString()
  }
  const isWell = async (): Promise<void> => assert.equal((await at.ask('GET', '/healthz')).code, 200)

  it('keeps a record of every request in the order in which they came', async () => {
    await at.ask('POST', `${CONFIGMAPS}?dryRun=All&fieldManager=x`, { as: 'viewer', body: { metadata: { name: 'a' } } })
    await at.ask('GET', '/version?x=a?b=c', { headers: { authorization: 'Bearer stolen' } })
    await at.ask('POST', CONFIGMAPS, { body: '{"metadata":' })
    ;(await at.watch(`${ROLLOUTS}?watch=true`)).leave()
    assert.deepEqual(at.server.requests, [
      {
        time: NOW,
        method: 'POST',
        path: CONFIGMAPS,
        query: { dryRun: 'All', fieldManager: 'x' },
        body: { metadata: { name: 'a' } },
        user: 'viewer',
        status: 403,
      },
      { time: NOW, method: 'GET', path: '/version', query: { x: 'a?b=c' }, body: undefined, user: '', status: 401 },
      { time: NOW, method: 'POST', path: CONFIGMAPS, query: {}, body: '{"metadata":', user: 'admin', status: 400 },
      {
        time: NOW,
        method: 'GET',
        path: ROLLOUTS,
        query: { watch: 'true' },
        body: undefined,
        user: 'admin',
        status: 200,
      },
    ])
  })

  it('listens on one loopback address alone, and says on which', async () => {
    const [, port] = /^http:\/\/127\.0\.0\.1:(\d+)$/.exec(at.server.url)!
    await assert.rejects(once(connect(Number(port), '127.0.0.2'), 'connect'))
  })

  it('says so where its port is taken', async () => {
    const port = Number(new URL(at.server.url).port)
    await assert.rejects(
      startServer({ store: at.store, watches: at.watches, faults: at.faults, now: () => NOW, port }),
      { code: 'EADDRINUSE' },
    )
  })

  it('answers objects as JSON, texts as texts, and HEAD without a body', async () => {
    const [json, text, head] = [
      await at.ask('GET', '/api/v1/namespaces/legacy'),
      await at.ask('GET', '/metrics'),
      await at.ask('HEAD', '/api/v1/namespaces/legacy'),
    ]
    assert.deepEqual([json.headers['content-type'], json.body.kind], ['application/json', 'Namespace'])
    assert.deepEqual(
      [text.code, text.headers['content-type'], text.raw.toString()],
      [404, 'text/plain; charset=utf-8', '404 page not found\n'],
    )
    assert.deepEqual(
      [head.code, head.raw.length, head.headers['content-length']],
      [200, 0, json.headers['content-length']],
    )
  })

  it('packs large answers for those who can unpack them', async () => {
    for (let each = 0; each < 600; each += 1)
      at.create(`configmap-${String(each).padStart(4, '0')}`, { filler: 'x'.repeat(200) })
    const accept = { 'accept-encoding': 'gzip' }
    const [packed, plain, small] = [
      await at.ask('GET', CONFIGMAPS, { headers: accept }),
      await at.ask('GET', CONFIGMAPS),
      await at.ask('GET', `${CONFIGMAPS}?limit=3`, { headers: accept }),
    ]
    assert.deepEqual(
      [packed, plain, small].map(({ headers }) => headers['content-encoding']),
      ['gzip', undefined, undefined],
    )
    assert.ok(packed.raw.length < plain.raw.length / 5)
    assert.deepEqual(JSON.parse(gunzipSync(packed.raw).toString()), plain.body)
  })

  it('knows repeated headers apart', async () => {
    const headers = { 'impersonate-user': 'jane', 'impersonate-group': ['dev', 'system:masters'] }
    const { body } = await at.ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { headers, body: {} })
    assert.deepEqual(body.status.userInfo.groups, ['dev', 'system:masters', 'system:authenticated'])
  })

  it('does what is due before it carries a request out, also when that had to wait', async () => {
    const asked: number[] = []
    const { close, url } = await startServer({
      store: at.store,
      watches: at.watches,
      faults: at.faults,
      now: () => {
        at.create(`due-${asked.push(NOW)}`)
        return NOW
      },
    })
    at.faults.fail({}, { delay: 1 })
    const answer = await fetch(`${url}${CONFIGMAPS}/due-2`)
    await close()
    assert.deepEqual([answer.status, asked.length], [200, 2])
  })

  it('answers 500 where it has failed itself, and goes on', async () => {
    failing = 'a controller is broken'
    const { code, body } = await at.ask('GET', '/version')
    assert.deepEqual(
      [code, body.kind, body.reason, body.code, body.message],
      [500, 'Status', 'InternalError', 500, 'Internal error occurred: Error: a controller is broken'],
    )
    failing = undefined
    await isWell()
  })

  describe('takes from a stranger', () => {
    it('no body larger than an API server would, and keeps the connection', async () => {
      const padded = (size: number): string => `{"metadata":{"name":"x"}}${' '.repeat(size - 25)}`
      assert.equal((await at.ask('POST', CONFIGMAPS, { body: padded(LIMIT) })).code, 201)
      const { code, body } = await at.ask('POST', CONFIGMAPS, { body: Buffer.alloc(LIMIT + 1, ' ') })
      assert.deepEqual(
        [code, body.kind, body.reason, body.message],
        [413, 'Status', 'RequestEntityTooLarge', `Request entity too large: limit is ${LIMIT}`],
      )
      assert.deepEqual([at.server.requests.at(-1)?.status, at.server.requests.at(-1)?.body], [413, undefined])
      await isWell()
    })

    it('paths that would be hosts, or hold what is no escape', async () => {
      assert.deepEqual(
        [
          (await at.ask('GET', '//evil.example/version')).code,
          (await at.ask('GET', '//')).code,
          (await at.ask('GET', '/api/v1/namespaces/%zz/pods')).code,
          (await at.ask('GET', '/?')).code,
        ],
        [404, 404, 400, 404],
      )
      assert.equal((await at.ask('GET', `${CONFIGMAPS}?labelSelector=%zz&limit=?`)).code, 400)
    })

    it('a body that is not UTF-8, and one that ends early', async () => {
      assert.equal((await at.ask('POST', CONFIGMAPS, { body: Buffer.from([0xff, 0xfe, 0x00]) })).code, 400)
      assert.equal(
        await say(`POST ${CONFIGMAPS} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"meta`),
        'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
      )
      await isWell()
    })

    it('what is no HTTP', async () => {
      assert.match(await say('what is this?\r\n\r\n'), /^HTTP\/1\.1 400 Bad Request/)
      await isWell()
    })

    it('nothing that reaches the prototype of all objects', async () => {
      const polluting =
        '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "metadata": {"name": "x", "__proto__": {"polluted": 1}, "labels": {"__proto__": "1"}}}'
      await at.ask('POST', CONFIGMAPS, { body: polluting })
      await at.ask('PATCH', `${CONFIGMAPS}/x`, { body: polluting })
      await at.ask('PATCH', `${CONFIGMAPS}/x`, {
        body: polluting,
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
      })
      await at.ask('GET', `${CONFIGMAPS}?__proto__=1&constructor=1&labelSelector=__proto__`, {
        headers: { accept: 'application/json;as=Table' },
      })
      assert.deepEqual(
        [at.server.requests.map(({ status }) => status), ({} as any).polluted],
        [[201, 200, 200, 200], undefined],
      )
    })
  })

  it('leaves nothing open behind when it is closed: no connection, no watch, no timer', async () => {
    const script = `
      import { Serving, CONFIGMAPS } from ${JSON.stringify(new URL('./serving.ts', import.meta.url).href)}
      const at = await Serving.start()
      const stream = await at.watch(CONFIGMAPS + '?watch=true&allowWatchBookmarks=true')
      at.faults.fail({}, { delay: 2 ** 30 })
      const waiting = at.send('GET', '/version')
      waiting.on('error', () => console.log('broken'))
      while (at.server.requests.length < 2) await new Promise(setImmediate)
      await at.server.close()
      console.log(await stream.next().catch(() => undefined))
    `
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 15_000,
    })
    const [printed, [code]] = await Promise.all([child.stdout.setEncoding('utf8').toArray(), once(child, 'exit')])
    assert.deepEqual([printed.join('').split('\n').toSorted().join(' ').trim(), code], ['broken undefined', 0])
  })
})
