import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttp1 } from 'node:http'
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import { type AddressInfo, connect as connectTcp, createServer as createTcp, type Server, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { type Answer, HttpError } from '../../src/cluster/conversation.ts'
import { openHttp } from '../../src/cluster/http.ts'
import { begins, frameServer, goesAway, resets } from '../support/h2-frames.ts'

const GET = { method: 'GET', path: '/', headers: {}, body: undefined, lasts: false }
const LONG = 60_000
const UPGRADED = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'
const ENOUGH = new Error('enough')

/** What a failure is called: of an answer's head, or of its body. */
async function codeOf(failing: Promise<unknown>): Promise<unknown> {
  const error = await failing.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  )
  return error instanceof HttpError ? error.code : error
}

describe('requests to one origin', () => {
  const closing: (() => void)[] = []
  afterEach(() => {
    for (const close of closing.splice(0).reverse()) close()
  })

  /** Connects to a server, as if TLS had chosen a protocol. @returns sends requests, and the sockets opened for them */
  const reach = async (server: Server, protocol: 'h2' | 'http/1.1', silenceMs = LONG, origin = 'http://kube.test') => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const sockets: Socket[] = []
    const connect = async (): Promise<Socket> => {
      const socket = connectTcp(port, '127.0.0.1').on('error', () => undefined)
      sockets.push(socket)
      await once(socket, 'connect')
      return Object.assign(socket, { alpnProtocol: protocol })
    }
    closing.push(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    return { send: openHttp(origin, connect, silenceMs), sockets }
  }
  const signal = new AbortController().signal

  /** Servers of one kind, whose every answer begins with `[1`, and goes on as they are told. */
  const begun = {
    h2: (then: (stream: ServerHttp2Stream) => void) =>
      createServer().on('stream', (stream: ServerHttp2Stream) => {
        stream.on('error', () => undefined).respond({ ':status': 200 })
        stream.write('[1', () => then(stream))
      }) as Server,
    'http/1.1': (then: (stream: NodeJS.WritableStream & { readonly socket: Socket | null }) => void) =>
      createHttp1((_, response) => response.writeHead(200).write('[1', () => then(response))) as Server,
  }

  for (const protocol of ['h2', 'http/1.1'] as const)
    describe(`over ${protocol}`, () => {
      it('fail where the connection ends in the middle of an answer', async () => {
        const server = begun[protocol]((stream) => ('session' in stream ? stream.session : stream)!.socket!.destroy())
        const { send } = await reach(server, protocol)
        const { status, body } = await send({ ...GET, signal })
        assert.equal(status, 200)
        const code = await codeOf(buffer(body))
        assert.ok(['CONNECTION_LOST', 'ECONNRESET'].includes((code as NodeJS.ErrnoException).code ?? String(code)))
      })

      it('fail where nothing more is heard of an answer, and others go another way', async () => {
        let asked = 0
        const server = begun[protocol]((stream) => (asked += 1) > 1 && stream.end(']'))
        const { send, sockets } = await reach(server, protocol, 500)
        assert.equal(await codeOf(send({ ...GET, signal }).then(({ body }) => buffer(body))), 'SILENT')
        const answer = await send({ ...GET, signal })
        assert.equal(String(await buffer(answer.body)), '[1]')
        assert.equal(sockets.length, 2)
      })

      it('hear of silence, too, after they were read late once', async () => {
        const read = Promise.withResolvers<void>()
        const server = begun[protocol]((stream) => void read.promise.then(() => stream.write(',2')))
        const { send } = await reach(server, protocol, 50)
        const { body } = await send({ ...GET, signal })
        // Longer than silence may last; what is there is only not read.
        await setTimeout(150)
        read.resolve()
        assert.equal(await codeOf(buffer(body)), 'SILENT')
      })

      it('end with the reason of their signal in the middle of an answer', async () => {
        const { send } = await reach(
          begun[protocol](() => undefined),
          protocol,
        )
        const stop = new AbortController()
        const { body } = await send({ ...GET, signal: stop.signal })
        const reading = codeOf(buffer(body))
        stop.abort(ENOUGH)
        assert.equal(await reading, ENOUGH)
      })

      it('are not sent where their signal ends before there is a connection', async () => {
        let asked = 0
        const { send } = await reach(
          begun[protocol](() => (asked += 1)),
          protocol,
        )
        const stop = new AbortController()
        const sending = codeOf(send({ ...GET, signal: stop.signal }))
        stop.abort(ENOUGH)
        assert.equal(await sending, ENOUGH)
        assert.equal(asked, 0)
      })

      it('keep the process for as long as one is under way', async () => {
        const { send, sockets } = await reach(
          begun[protocol]((stream) => stream.end(']')),
          protocol,
        )
        const keeps = (): boolean => (sockets[0] as unknown as { _handle: { hasRef(): boolean } })._handle.hasRef()
        const { body } = await send({ ...GET, signal })
        assert.equal(keeps(), true)
        await buffer(body)
        // A connection is let go a turn after its answer is read.
        await setImmediate()
        assert.equal(keeps(), false)
      })

      it('go on after an answer that nobody reads', async () => {
        const { send, sockets } = await reach(
          begun[protocol]((stream) => stream.end(']')),
          protocol,
        )
        ;(await send({ ...GET, signal })).discard()
        assert.equal(String(await buffer((await send({ ...GET, signal })).body)), '[1]')
        assert.ok(sockets.length <= (protocol === 'h2' ? 1 : 2))
      })
    })

  it('take another connection where a server wants no more over this one, and read to the end what it still says', async () => {
    const sessions: ServerHttp2Session[] = []
    const streams: ServerHttp2Stream[] = []
    const server = begun
      .h2((stream) => {
        streams.push(stream)
        if (streams.length > 1) stream.end(']')
      })
      .on('session', (session: ServerHttp2Session) => sessions.push(session)) as Server
    const { send, sockets } = await reach(server, 'h2')
    const first = await send({ ...GET, signal })
    const reading = buffer(first.body)
    sessions[0]!.goaway(0)
    const next = async (): Promise<Answer> => {
      const answer = await send({ ...GET, signal }).catch((error: HttpError) => {
        assert.equal(error.code, 'NOT_TAKEN')
        return undefined
      })
      if (answer !== undefined && sockets.length > 1) return answer
      // The word may come a moment later than a request leaves.
      await (answer && buffer(answer.body))
      return next()
    }
    const second = await next()
    assert.equal(String(await buffer(second.body)), '[1]')
    streams[0]!.end(']')
    assert.equal(String(await reading), '[1]')
    assert.equal(sockets.length, 2)
  })

  it('fail, each for itself, where a server ends every connection at once', async () => {
    const server = createServer().on('session', (session) => session.destroy()) as Server
    const { send, sockets } = await reach(server, 'h2')
    for (const tries of [1, 2]) {
      await codeOf(send({ ...GET, signal }))
      assert.equal(sockets.length, tries)
    }
  })

  for (const [how, last, cut] of [
    ['is reset without a fault', resets(1, 0), () => undefined],
    [
      'ends with its connection, which was to be the last',
      goesAway(1, 0),
      (socket: Socket) => socket.resetAndDestroy(),
    ],
  ] as const)
    it(`fail where an answer ${how}`, async () => {
      const { promise: answered, resolve } = Promise.withResolvers<Socket>()
      const server = frameServer((stream, socket) => {
        socket.write(Buffer.concat([begins(stream, 'half'), last]))
        resolve(socket)
      })
      const { send } = await reach(server, 'h2')
      const { body } = await send({ ...GET, signal })
      const reading = codeOf(buffer(body))
      cut(await answered)
      const code = await reading
      assert.ok(['CONNECTION_LOST', 'ECONNRESET'].includes((code as NodeJS.ErrnoException).code ?? String(code)))
    })

  it('are known not to be taken where a server that fails says which the last was', async () => {
    const { send } = await reach(
      frameServer((_, socket) => socket.write(goesAway(0, 11))),
      'h2',
    )
    assert.equal(await codeOf(send({ ...GET, method: 'PATCH', body: 'x', signal })), 'NOT_TAKEN')
  })

  it('take another connection where as many are under way as the server takes at a time', async () => {
    const server = createServer({ settings: { maxConcurrentStreams: 1 } }).on('stream', (stream: ServerHttp2Stream) => {
      stream.respond({ ':status': 200 })
      stream.write('[1')
    }) as Server
    const { send, sockets } = await reach(server, 'h2', 1000)
    const bodies = [await send({ ...GET, signal }), await send({ ...GET, signal })]
    assert.deepEqual([sockets.length, bodies.length], [2, 2])
  })

  it('are answered, many large ones at a time', async () => {
    const server = createServer({ maxSessionMemory: 1000 }, (request, response) =>
      request.resume().on('end', () => response.end('[1]')),
    ) as Server
    const { send } = await reach(server, 'h2')
    const body = 'x'.repeat(3_000_000)
    const answers = Array.from({ length: 8 }, () => send({ ...GET, method: 'PATCH', body, signal }))
    assert.deepEqual(
      (await Promise.all(answers)).map(({ status }) => status),
      answers.map(() => 200),
    )
  })

  for (const [origin, host] of [
    ['http://[::1]:6443', '[::1]:6443'],
    ['http://kube.test', 'kube.test'],
    ['http://kube.test:6443', 'kube.test:6443'],
  ] as const)
    for (const protocol of ['h2', 'http/1.1'] as const)
      it(`name the host of ${origin} over ${protocol}`, async () => {
        const { promise, resolve } = Promise.withResolvers<unknown>()
        const server =
          protocol === 'h2'
            ? createServer((request, response) => {
                resolve(request.authority)
                response.end()
              })
            : createHttp1((request, response) => {
                resolve(request.headers.host)
                response.end()
              })
        const { send } = await reach(server as Server, protocol, LONG, origin)
        ;(await send({ ...GET, signal })).discard()
        assert.equal(await promise, host)
      })

  it('that are ended are called cancelled', async () => {
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    const server = begun.h2((stream) => stream.on('close', () => resolve(stream.rstCode)))
    const { send } = await reach(server, 'h2')
    const stop = new AbortController()
    const { body } = await send({ ...GET, signal: stop.signal })
    const reading = codeOf(buffer(body))
    stop.abort(ENOUGH)
    assert.deepEqual([await reading, await promise], [ENOUGH, constants.NGHTTP2_CANCEL])
  })

  for (const [how, answer, cut] of [
    ['the protocol is changed', UPGRADED, () => undefined],
    [
      'an answer without a length is reset',
      'HTTP/1.1 200 OK\r\n\r\nhalf',
      (socket: Socket) => socket.resetAndDestroy(),
    ],
  ] as const)
    it(`fail over HTTP/1.1 where ${how}`, async () => {
      const { promise: answered, resolve } = Promise.withResolvers<Socket>()
      const server = createTcp((socket) =>
        socket
          .on('error', () => undefined)
          .once('data', () => {
            socket.write(answer)
            resolve(socket)
          }),
      )
      const { send } = await reach(server, 'http/1.1')
      const reading = codeOf(
        send({ ...GET, signal }).then(async ({ body }) => {
          cut(await answered)
          await buffer(body)
        }),
      )
      assert.ok(await reading)
    })

  it('do not use a connection again whose end has come in meanwhile', async () => {
    const server = createHttp1((_, response) => response.end('[1]', () => response.socket!.end())) as Server
    const { send, sockets } = await reach(server, 'http/1.1')
    for (const tries of [1, 2, 3]) {
      await buffer((await send({ ...GET, method: 'PATCH', body: 'x', signal })).body)
      assert.equal(sockets.length, tries)
    }
  })

  it('are 32 at a time over HTTP/1.1, and those whose answers come to no end stand beside them', async () => {
    const held: (() => void)[] = []
    const server = createHttp1((request, response) => {
      if (request.url === '/watch') response.writeHead(200).write('[')
      else held.push(() => response.end('[1]'))
      if (held.length === 32) for (const answer of held.splice(0)) answer()
    }) as Server
    const { send, sockets } = await reach(server, 'http/1.1')
    const watches = Array.from({ length: 40 }, () => send({ ...GET, path: '/watch', lasts: true, signal }))
    await Promise.all(watches)
    const answers = Array.from({ length: 64 }, async (_, index) => {
      const answer = await send({ ...GET, signal })
      if (index % 2 === 0) return answer.discard()
      assert.equal(String(await buffer(answer.body)), '[1]')
    })
    await Promise.all(answers)
    assert.equal(sockets.length, 40 + 32)
  })

  it('send the length of a body, whatever the method', async () => {
    const lengths: unknown[] = []
    const server = createHttp1((request, response) => {
      lengths.push(request.headers['content-length'])
      response.end()
    }) as Server
    const { send } = await reach(server, 'http/1.1')
    for (const method of ['DELETE', 'PATCH']) (await send({ ...GET, method, body: 'äé', signal })).discard()
    assert.deepEqual(lengths, ['4', '4'])
  })
})
