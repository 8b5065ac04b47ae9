import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttp1 } from 'node:http'
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import { type AddressInfo, connect as connectTcp, type Server, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type Answer, HttpError } from '../../src/cluster/conversation.ts'
import { openHttp } from '../../src/cluster/http.ts'

const GET = { method: 'GET', path: '/', headers: {}, body: undefined }
const LONG = 60_000

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
  const reach = async (server: Server, protocol: 'h2' | 'http/1.1', silenceMs = LONG) => {
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
    return { send: openHttp(`http://127.0.0.1:${port}`, connect, silenceMs), sockets }
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
        const { send, sockets } = await reach(server, protocol, 50)
        assert.equal(await codeOf(send({ ...GET, signal }).then(({ body }) => buffer(body))), 'SILENT')
        const answer = await send({ ...GET, signal })
        assert.equal(String(await buffer(answer.body)), '[1]')
        assert.equal(sockets.length, 2)
      })

      it('end with the reason of their signal in the middle of an answer', async () => {
        const { send } = await reach(
          begun[protocol](() => undefined),
          protocol,
        )
        const stop = new AbortController()
        const { body } = await send({ ...GET, signal: stop.signal })
        const reading = codeOf(buffer(body))
        stop.abort(new HttpError('enough', 'SILENT'))
        assert.equal(await reading, 'SILENT')
      })

      it('are not sent where their signal ends before there is a connection', async () => {
        let asked = 0
        const { send } = await reach(
          begun[protocol](() => (asked += 1)),
          protocol,
        )
        const stop = new AbortController()
        const sending = codeOf(send({ ...GET, signal: stop.signal }))
        stop.abort(new HttpError('enough', 'SILENT'))
        assert.equal(await sending, 'SILENT')
        assert.equal(asked, 0)
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
