import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { readFileSync } from 'node:fs'
import { buffer, text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import type { Answer, HttpRequest } from '../../src/cluster/conversation.ts'
import { HttpError } from '../../src/cluster/conversation.ts'
import { fetching, tlsForFetch } from '../../src/cluster/fetched.ts'
import {
  type ApiServer,
  certificate,
  type Handler,
  json,
  type Response,
  startApiServer,
} from '../support/api-server.ts'

interface Opened {
  readonly silenceMs?: number
  readonly soonMs?: number
  /** When the other way answers; default at once. */
  readonly otherwise?: Promise<unknown>
}

/** The other way: it remembers what went by it. */
function otherWay(until?: Promise<unknown>) {
  const sent: string[] = []
  const discarded: string[] = []
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  const send = async ({ path }: HttpRequest): Promise<Answer> => {
    sent.push(path)
    resolve()
    await until
    const body = (async function* () {
      yield Buffer.from('the other way')
    })()
    return { status: 200, headers: {}, body, discard: () => void discarded.push(path) }
  }
  return { sent, discarded, asked, send }
}

const READ = { method: 'GET', headers: { accept: 'application/json' }, body: undefined, lasts: false }

/** Begins an answer, and leaves the rest to who asks for it. */
function begun(response: Response, status: number, headers: Record<string, string>): ServerResponse {
  return (response as ServerResponse).writeHead(status, headers)
}

function textOf({ body }: Answer): Promise<string> {
  return text(body)
}

describe('fetch', () => {
  const ca = readFileSync(certificate('root.pem'))
  const cluster = { name: 'a', server: 'https://a', caFile: certificate('root.pem'), skipTLSVerify: false }
  const told = (more: object, env = {}, onBun = true) => {
    const proof = { cert: 'certificate', key: 'key' }
    return tlsForFetch(proof, { cluster: { ...cluster, ...more }, env, onBun })
  }

  it('is told of the certificates of the kubeconfig, and whether the server must prove who it is', () => {
    const proof = { cert: 'certificate', key: 'key' }
    assert.deepEqual(told({}), { ca, ...proof, rejectUnauthorized: true })
    assert.deepEqual(told({ caFile: undefined, skipTLSVerify: true }), {
      ca: undefined,
      ...proof,
      rejectUnauthorized: false,
    })
    assert.deepEqual(told({ server: 'http://a', caFile: '/nonexistent' }), { rejectUnauthorized: true })
  })

  const elsewhere: readonly (readonly [what: string, more: object, env?: object, onBun?: boolean])[] = [
    ['the runtime is Node', {}, {}, false],
    ['the authorities of the system are to be trusted', { caFile: undefined }],
    ['the server has another name', { tlsServerName: 'b' }],
    ['the kubeconfig names a proxy', { proxyUrl: 'http://proxy' }],
    ['the environment may name one', {}, { https_proxy: 'proxy', NO_PROXY: '*' }],
  ]
  for (const [what, ...given] of elsewhere)
    it(`is not asked where ${what}`, () => assert.equal(told(...given), undefined))

  it('is not asked where the kubeconfig has no certificate in what should have one', () =>
    assert.throws(() => told({ caFile: certificate('root.pem').replace('root.pem', 'client.key') }), /holds no cert/))
})

describe('reads by fetch', () => {
  let server: ApiServer
  const opened = async (handler: Handler, { silenceMs = 60_000, soonMs = 60_000, otherwise }: Opened = {}) => {
    server = await startApiServer('http', handler)
    const other = otherWay(otherwise)
    const read = fetching(server.url, { rejectUnauthorized: true }, other.send, silenceMs, soonMs)
    const ended = new AbortController()
    return { other, ended, read: (path: string, more = {}) => read({ ...READ, path, signal: ended.signal, ...more }) }
  }
  afterEach(() => server.close())

  it('give the head and the whole of an answer, and go nowhere else', async () => {
    const { read, other } = await opened(({ path }, response) => json(response, { path }, 403))
    const answer = await read('/a?b=c')
    assert.deepEqual([answer.status, await textOf(answer)], [403, '{"path":"/a?b=c"}'])
    assert.equal(answer.headers['content-type'], 'application/json')
    assert.equal(server.seen[0]!.headers['accept'], 'application/json')
    assert.deepEqual(other.sent, [])
  })

  it('follow no redirection, which would take the credentials along', async () => {
    const { read } = await opened((_seen, response) => {
      begun(response, 302, { location: '/elsewhere' }).end()
    })
    assert.equal((await read('/a')).status, 302)
    assert.equal(server.seen.length, 1)
  })

  it('leave what is packed as it is', async function () {
    // Node's fetch, by which nothing is read, always unpacks it.
    if (!('bun' in process.versions)) this.skip()
    const packed = gzipSync('packed')
    const { read } = await opened((_seen, response) => begun(response, 200, { 'content-encoding': 'gzip' }).end(packed))
    const answer = await read('/a')
    assert.equal(answer.headers['content-encoding'], 'gzip')
    assert.deepEqual(await buffer(answer.body), packed)
  })

  it('go the other way where a path would be another one', async () => {
    const { read, other } = await opened((_seen, response) => json(response, {}))
    for (const path of ['/a/../b', '/a/%2e%2e/b', '/a/..']) await read(path)
    assert.deepEqual([other.sent, server.seen.length], [['/a/../b', '/a/%2e%2e/b', '/a/..'], 0])
  })

  it('go the other way from the first that fails on', async () => {
    const { read, other } = await opened(() => server.cut())
    assert.equal(await textOf(await read('/a')), 'the other way')
    assert.equal(await textOf(await read('/b')), 'the other way')
    assert.deepEqual([other.sent, server.seen.length], [['/a', '/b'], 1])
  })

  it('go the other way once an answer has ended before its end, which is told', async () => {
    const { read, other } = await opened((_seen, response) => {
      begun(response, 200, { 'content-length': '100' }).write('ten bytes.', () => server.cut())
    })
    const lost = (error: unknown) => error instanceof HttpError && error.code === 'CONNECTION_LOST'
    await assert.rejects(async () => textOf(await read('/a')), lost)
    await read('/b')
    assert.deepEqual(other.sent, ['/b'])
  })

  it('go the other way where a header has several values, which fetch would make one', async () => {
    const { read, other } = await opened((_seen, response) => json(response, {}))
    await read('/a', { headers: { 'impersonate-group': ['one', 'two'] } })
    await read('/b')
    assert.deepEqual([other.sent, server.seen.map(({ path }) => path)], [['/a'], ['/b']])
  })

  it('go the other way where many are under way', async () => {
    const waiting: (() => void)[] = []
    const { promise: all, resolve } = Promise.withResolvers<void>()
    const { read, other } = await opened(({ path }, response) => {
      if (path === '/later') return json(response, {})
      waiting.push(() => json(response, {}))
      if (waiting.length === 8) resolve()
    })
    const reads = Array.from({ length: 10 }, (_, index) => read(`/${index}`))
    await all
    assert.deepEqual(other.sent, ['/8', '/9'])
    for (const answer of waiting) answer()
    for (const each of await Promise.all(reads)) await textOf(each)
    await read('/later')
    assert.deepEqual(other.sent, ['/8', '/9'])
  })

  it('go the other way, too, where they are not answered soon: what answers first is taken, the other one ended', async () => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>()
    const { read, other } = await opened((_seen, response) => response.once('close', close), { soonMs: 50 })
    assert.equal(await textOf(await read('/a')), 'the other way')
    await closed
    assert.deepEqual([other.sent, other.discarded], [['/a'], []])
  })

  it('take what fetch brings though the other way is under way, and end that', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<() => void>()
    const { promise: going, resolve: go } = Promise.withResolvers<void>()
    const { read, other } = await opened((_seen, response) => ask(() => json(response, 'by fetch')), {
      soonMs: 50,
      otherwise: going,
    })
    const answer = read('/a')
    const bring = await asked
    await other.asked
    bring()
    assert.equal(await textOf(await answer), '"by fetch"')
    go()
    await new Promise(setImmediate)
    assert.deepEqual(other.discarded, ['/a'])
  })

  it('fail where a body goes silent, and go the other way then', async () => {
    const { read, other } = await opened(
      (_seen, response) => begun(response, 200, { 'content-length': '100' }).write('ten bytes.'),
      { silenceMs: 100 },
    )
    await assert.rejects(
      async () => textOf(await read('/a')),
      (error: unknown) => error instanceof HttpError && error.code === 'SILENT',
    )
    await read('/b')
    assert.deepEqual(other.sent, ['/b'])
  })

  it('end an answer of which nobody reads the rest', async () => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>()
    const { read, other } = await opened((_seen, response) => {
      response.once('close', close)
      begun(response, 200, { 'content-length': '100' }).write('ten bytes.')
    })
    const answer = await read('/a')
    answer.discard()
    await closed
    assert.deepEqual(other.sent, [])
  })

  it('end with their signal, and go nowhere else then', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>()
    const { read, other, ended } = await opened(() => resolve())
    const answer = read('/a')
    await asked
    ended.abort(new Error('enough'))
    await assert.rejects(answer, /enough/)
    assert.deepEqual(other.sent, [])
  })
})
