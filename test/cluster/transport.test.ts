import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCluster } from '../../src/cluster/kube.ts'
import type { ConnectionFlags } from '../../src/cluster/flags.ts'
import type { Cluster } from '../../src/cluster/port.ts'
import {
  certificate,
  flagsTo,
  json,
  listOf,
  startApiServer,
  type ApiServer,
  type Handler,
} from '../support/api-server.ts'
import { failure } from '../support/scripted.ts'

const SEVERAL = Array.from({ length: 8 }, (_, i) => `ns-${i}`)

describe('the transport', () => {
  const open: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close()
  })
  const serve = async (
    protocol: 'h2' | 'https' | 'http',
    handler: Handler = (_, response) => json(response, listOf(['a'])),
    options = {},
  ): Promise<ApiServer> => {
    const server = await startApiServer(protocol, handler, options)
    open.push(server)
    return server
  }
  const connect = async (...arguments_: Parameters<typeof openCluster>): Promise<Cluster> => {
    const cluster = await openCluster(...arguments_)
    open.push(cluster)
    return cluster
  }
  const listAll = (cluster: Cluster) => Promise.all(SEVERAL.map((namespace) => cluster.list('rollouts', { namespace })))

  it('sends parallel lists over one TLS handshake where the server speaks HTTP/2', async () => {
    const server = await serve('h2')
    const cluster = await connect(flagsTo(server))
    await listAll(cluster)
    await listAll(cluster)
    assert.equal(server.connections, 1)
    assert.deepEqual({ ...cluster.traffic }, { requests: 16, connections: 1 })
    assert.ok(server.seen.every(({ version }) => version === '2.0'))
  })

  it('speaks HTTP/1.1 under Bun, whose HTTP/2 stops in the middle of what is long', async () => {
    const server = await serve('h2')
    const cluster = await connect({ ...flagsTo(server), onBun: true })
    await cluster.create('rollouts', 'shop', {})
    assert.deepEqual(
      server.seen.map(({ version }) => version),
      ['1.1'],
    )
  })

  it('keeps its connections over HTTP/1.1', async () => {
    const server = await serve('https')
    const cluster = await connect(flagsTo(server))
    for (const namespace of SEVERAL) await cluster.list('rollouts', { namespace })
    assert.ok(server.connections <= 2, `${server.connections} connections`)
    await listAll(cluster)
    assert.ok(server.connections >= SEVERAL.length, 'parallel requests do not wait for each other')
    assert.deepEqual({ ...cluster.traffic }, { requests: 16, connections: server.connections })
  })

  it('talks to an http:// server, as kubectl proxy is one', async () => {
    const server = await serve('http')
    const cluster = await connect(flagsTo(server))
    assert.equal((await cluster.list('rollouts', { namespace: 'a' })).items.length, 1)
    assert.equal(cluster.server, server.url)
  })

  it('keeps the path of the server before the API', async () => {
    const server = await serve('http')
    await (await connect({ ...flagsTo(server), server: `${server.url}/k8s/clusters/c-1/` })).list('services', {
      namespace: 'a',
    })
    assert.match(server.seen[0]!.path, /^\/k8s\/clusters\/c-1\/api\/v1\/namespaces\/a\/services\?/)
  })

  for (const protocol of ['h2', 'https'] as const) {
    it(`lets a watch nobody reads stand beside other requests over ${protocol}`, async () => {
      const flood = JSON.stringify({
        type: 'MODIFIED',
        object: { metadata: { resourceVersion: '2' }, filler: 'x'.repeat(100_000) },
      })
      const server = await serve(protocol, ({ path }, response) => {
        if (!path.includes('watch=')) return json(response, listOf(['a']))
        for (let i = 0; i < 40; i += 1) (response as NodeJS.WritableStream).write(`${flood}\n`)
      })
      const cluster = await connect(flagsTo(server))
      const stop = new AbortController()
      const watches = [1, 2, 3].map(() =>
        cluster.watch('rollouts', { namespace: 'a' }, stop.signal)[Symbol.asyncIterator](),
      )
      for (const watch of watches) {
        assert.equal((await watch.next()).value?.type, 'listed')
        assert.equal((await watch.next()).value?.type, 'modified')
      }
      assert.equal((await listAll(cluster)).length, SEVERAL.length)
      stop.abort()
      for (const watch of watches) while (!(await watch.next()).done);
    })
  }

  it('connects anew after the connection was cut', async () => {
    const server = await serve('h2')
    const cluster = await connect(flagsTo(server))
    await listAll(cluster)
    server.cut()
    assert.equal((await listAll(cluster)).length, SEVERAL.length)
    // Two more where the first of them is asked for before the old one is known to be gone.
    assert.ok([2, 3].includes(cluster.traffic.connections), String(cluster.traffic.connections))
  })

  describe('trusts', () => {
    it('an intermediate certificate as an anchor, as kubectl does', async () => {
      const server = await serve('h2')
      await (await connect(flagsTo(server, { certificateAuthority: certificate('intermediate.pem') }))).list('pods', {})
    })

    it('the name of --tls-server-name instead of the address', async () => {
      const server = await serve('h2')
      await (await connect(flagsTo(server, { tlsServerName: 'kube.test' }))).list('pods', {})
      const wrong = await connect(flagsTo(server, { tlsServerName: 'other.test' }))
      const error = await failure(wrong.list('pods', {}))
      assert.equal(error.reason, 'Unreachable')
      assert.match(error.message, /is not trusted: its certificate is for another name/)
    })

    it('anybody with --insecure-skip-tls-verify', async () => {
      const server = await serve('h2')
      await (await connect(flagsTo(server, { certificateAuthority: undefined, insecureSkipTlsVerify: true }))).list(
        'pods',
        {},
      )
    })

    it('nobody of an unknown authority, and says so at once', async () => {
      const server = await serve('h2')
      const pauses: number[] = []
      const cluster = await connect(flagsTo(server, { certificateAuthority: certificate('client.pem') }), {
        pause: async (ms) => {
          pauses.push(ms)
        },
      })
      const error = await failure(cluster.list('pods', { namespace: 'a' }))
      assert.equal(error.reason, 'Unreachable')
      assert.match(
        error.message,
        new RegExp(
          `^list pods in namespace a: ${server.url} is not trusted: its certificate is signed by an unknown authority .*certificate-authority`,
        ),
      )
      assert.deepEqual(pauses, [])
    })
  })

  describe('identifies itself', () => {
    const dir = mkdtempSync(join(tmpdir(), 'transport-'))
    after(() => rmSync(dir, { recursive: true }))

    it('by a client certificate', async () => {
      const server = await serve('h2', undefined, { clientCertificates: true })
      const cluster = await connect(
        flagsTo(server, { clientCertificate: certificate('client.pem'), clientKey: certificate('client.key') }),
      )
      assert.equal((await cluster.list('pods', {})).items.length, 1)
    })

    it('or says that it has none where the server wants one', async () => {
      const server = await serve('h2', undefined, { clientCertificates: true })
      const error = await failure((await connect(flagsTo(server))).list('pods', {}))
      assert.match(error.message, /: it wants a client certificate, and the kubeconfig has none for this user;/)
    })

    it('or says that a certificate or key is of no use', async () => {
      const server = await serve('h2')
      const encrypted = join(dir, 'encrypted.key')
      const pem = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const
      writeFileSync(encrypted, createPrivateKey(readFileSync(certificate('client.key'))).export(pem))
      for (const [flags, sentence] of [
        [
          { clientCertificate: '/nope.pem', clientKey: '/nope.key' },
          /^unable to read the client certificate of user "anonymous": open \/nope.pem: no such file or directory$/,
        ],
        [
          { clientCertificate: certificate('client.pem'), clientKey: certificate('server.key') },
          /^the certificates for cluster "--server" cannot be used: the private key does not match the client certificate$/,
        ],
        [
          { clientCertificate: certificate('client.pem'), clientKey: encrypted },
          /^the certificates .* cannot be used: the client key is encrypted, .* decrypt it: openssl pkey -in KEY -out PLAIN$/,
        ],
        [
          { clientCertificate: certificate('client.pem'), clientKey: certificate('client.pem') },
          /: the client key is a certificate: are the two switched\?$/,
        ],
        [
          { clientCertificate: certificate('client.key'), clientKey: certificate('client.key') },
          /: the client certificate is a private key: are the two switched\?$/,
        ],
        [{ certificateAuthority: certificate('client.key') }, /^the certificates for cluster|holds no certificate$/],
      ] as const) {
        const error = await failure(connect(flagsTo(server, flags)).then((cluster) => cluster.list('pods', {})))
        assert.equal(error.reason, 'Configuration')
        assert.match(error.message, sentence)
      }
    })

    it('with its user agent, and asks for JSON', async () => {
      const server = await serve('h2')
      await (await connect(flagsTo(server, { userAgent: 'kubectl-rollouts_group/1.2.3' }))).list('pods', {})
      assert.equal(server.seen[0]!.headers['user-agent'], 'kubectl-rollouts_group/1.2.3')
      assert.equal(server.seen[0]!.headers.accept, 'application/json')
    })

    for (const protocol of ['h2', 'https'] as const) {
      it(`as somebody else, each group in a header of its own, where the server prefers ${protocol}`, async () => {
        const server = await serve(protocol)
        await (await connect(flagsTo(server, { as: 'ann', asGroup: ['a', 'b'], asUid: '7' }))).list('pods', {})
        const sent = server.seen[0]!.rawHeaders.flatMap((name, i, all) =>
          i % 2 === 0 && /^impersonate/i.test(name) ? [[name.toLowerCase(), all[i + 1]!] as const] : [],
        )
        assert.deepEqual(sent.sort(), [
          ['impersonate-group', 'a'],
          ['impersonate-group', 'b'],
          ['impersonate-uid', '7'],
          ['impersonate-user', 'ann'],
        ])
      })
    }
  })

  it('tells each API warning once, free of control characters', async () => {
    const warning = '299 - "v1alpha1 is \\"old\\"\u001b[31m", 299 - "second"'
    const server = await serve('http', (_, response) =>
      json(response, listOf([]), 200, { warning: Buffer.from(warning).toString('latin1').replaceAll('\u001b', '') }),
    )
    const said: string[] = []
    const cluster = await connect(flagsTo(server, { warn: (sentence) => said.push(sentence) }))
    await cluster.list('pods', {})
    await cluster.list('pods', {})
    assert.deepEqual(said, ['v1alpha1 is "old"[31m', 'second'])
  })

  describe('with -v', () => {
    const body = listOf([`a${'x'.repeat(2000)}`])
    const told = async (verbosity: number, more: Partial<ConnectionFlags> = {}) => {
      const server = await serve('h2', (_, response) => json(response, body, 200, { 'x-odd': 'a\u009bb' }))
      const lines: string[] = []
      const flags = flagsTo(server, { token: 'very-secret', trace: (line) => lines.push(line), verbosity, ...more })
      await (await connect(flags)).list('pods', { namespace: 'a', labelSelector: 'x=y' })
      assert.doesNotMatch(lines.join(), /secret/)
      return lines
    }
    const URL = 'https://127\\.0\\.0\\.1:\\d+/api/v1/namespaces/a/pods\\?labelSelector=x%3Dy&limit=2500'
    const LINE = new RegExp(`^GET ${URL} 200 in \\d+ ms$`)

    it('up to 5 says nothing', async () => assert.deepEqual(await told(5), []))

    it('6 says where the cluster is known from, and of each request method, URL, status and time', async () => {
      const [note, line, ...more] = await told(6)
      assert.match(note!, /^no config file; context "https:.*", https:\/\/127.*, user "anonymous", namespace default$/)
      assert.match(line!, LINE)
      assert.deepEqual(more, [])
    })

    it('7 says the headers of the request, too, and before it is answered', async () => {
      const [, url, title, ...headers] = await told(7, { userAgent: 'me/1', as: 'ann', asGroup: ['a', 'b'] })
      assert.match(url!, new RegExp(`^GET ${URL}$`))
      assert.equal(title, 'Request Headers:')
      assert.deepEqual(headers.slice(0, -1).sort(), [
        '    accept-encoding: gzip',
        '    accept: application/json',
        '    authorization: Bearer <masked>',
        '    impersonate-group: a',
        '    impersonate-group: b',
        '    impersonate-user: ann',
        '    user-agent: me/1',
      ])
      assert.match(headers.at(-1)!, LINE)
    })

    it('8 says the headers and the body of the answer, cut', async () => {
      const lines = await told(8)
      const after = lines.slice(lines.findIndex((each) => LINE.test(each)) + 1)
      assert.equal(after[0], 'Response Headers:')
      assert.ok(after.includes('    content-type: application/json') && after.includes('    x-odd: a\\u009bb'))
      const whole = JSON.stringify(body)
      assert.equal(after.at(-1), `Response Body: ${whole.slice(0, 1024)} [truncated ${whole.length - 1024} chars]`)
    })

    it('9 says a line for curl, and more of the body', async () => {
      const lines = await told(9, { disableCompression: true })
      assert.match(
        lines[1]!,
        new RegExp(`^curl -v -XGET -H "accept: application/json" .*-H "authorization: Bearer <masked>" .*'${URL}'$`),
      )
      assert.equal(lines.at(-1), `Response Body: ${JSON.stringify(body)}`)
    })

    it('8 says what is sent', async () => {
      const server = await serve('http')
      const lines: string[] = []
      const cluster = await connect(flagsTo(server, { trace: (line) => lines.push(line), verbosity: 8 }))
      await cluster.create('leases', 'a', { metadata: { name: 'l' } })
      assert.ok(lines.includes('Request Body: {"metadata":{"name":"l"}}'))
    })
  })

  it('ends what is under way, and says so, when it is closed', async () => {
    const server = await serve('h2', () => undefined)
    const cluster = await openCluster(flagsTo(server))
    const listing = failure(cluster.list('pods', {}))
    await cluster.close()
    assert.equal((await listing).reason, 'Aborted')
    assert.equal((await failure(cluster.list('pods', {}))).reason, 'Aborted')
  })
})
