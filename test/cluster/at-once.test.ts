import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createSecureServer } from 'node:http2'
import { createServer } from 'node:tls'
import { openCluster } from '../../src/cluster/kube.ts'
import { certificate, flagsTo, listOf } from '../support/api-server.ts'

const TLS = { key: readFileSync(certificate('server.key')), cert: readFileSync(certificate('server.pem')) }
const NAMESPACES = ['a', 'b', 'c', 'd']

/** What an HTTP/2 client sends first (RFC 9113, 3.4), and the head of a frame: 3 bytes length, type, flags, stream. */
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length
const FRAME_HEAD = 9
const HEADERS = 1

function requestsIn(sent: Buffer): number {
  let found = 0
  for (let at = PREFACE; at + FRAME_HEAD <= sent.length; at += FRAME_HEAD + sent.readUIntBE(at, 3))
    if (sent[at + 3] === HEADERS) found += 1
  return found
}

describe('requests of one moment', () => {
  it('go out together, before an HTTP/2 server has said a word of its settings', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>()
    const server = createServer({ ...TLS, ALPNProtocols: ['h2'] }, (socket) => {
      let sent = Buffer.alloc(0)
      socket
        .on('error', () => undefined)
        .on('data', (piece: Buffer) => {
          sent = Buffer.concat([sent, piece])
          if (requestsIn(sent) === NAMESPACES.length) resolve()
        })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const cluster = await openCluster({ ...flagsTo({ url }), requestTimeoutMs: 10_000 })
    const answers = Promise.allSettled(NAMESPACES.map((namespace) => cluster.list('rollouts', { namespace })))
    await Promise.race([asked, answers])
    await cluster.close()
    server.close()
    assert.deepEqual(
      (await answers).map((each) => each.status === 'rejected' && (each.reason as { reason: string }).reason),
      NAMESPACES.map(() => 'Aborted'),
    )
  })

  it('are answered where the server takes fewer at a time', async () => {
    const server = createSecureServer({ ...TLS, settings: { maxConcurrentStreams: 1 } }, (_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(listOf(['a'])))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const cluster = await openCluster(flagsTo({ url }))
    const answers = await Promise.all(NAMESPACES.map((namespace) => cluster.list('rollouts', { namespace })))
    await cluster.close()
    server.close()
    assert.deepEqual(
      answers.map(({ items }) => items.length),
      NAMESPACES.map(() => 1),
    )
  })
})
