import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCluster } from '../../src/cluster/kube.ts'
import type { Cluster } from '../../src/cluster/port.ts'
import { certificate, json, listOf, startApiServer, type ApiServer } from '../support/api-server.ts'
import { startConnectProxy, startSocksProxy, type ProxyServer } from '../support/proxy-server.ts'
import { failure } from '../support/scripted.ts'

describe('a cluster behind a proxy', () => {
  let dir: string
  let server: ApiServer
  let proxy: ProxyServer | undefined
  let cluster: Cluster
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'tunnel-'))
  })
  after(() => rmSync(dir, { recursive: true }))
  beforeEach(async () => {
    server = await startApiServer('h2', (_, response) => json(response, listOf(['a'])))
  })
  afterEach(async () => {
    await cluster.close()
    await proxy?.close()
    proxy = undefined
    await server.close()
  })

  /** The server by a name only the proxies know: a loopback address never goes through a proxy of the environment. */
  const through = async (proxyUrl: string | undefined, env: Record<string, string> = {}): Promise<Cluster> => {
    const kubeconfig = join(dir, 'config')
    const entry = {
      server: server.url.replace('127.0.0.1', 'kube.test'),
      'certificate-authority': certificate('root.pem'),
      'proxy-url': proxyUrl,
    }
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        'current-context': 'c',
        contexts: [{ name: 'c', context: { cluster: 'c' } }],
        clusters: [{ name: 'c', cluster: entry }],
      }),
    )
    return (cluster = await openCluster({ kubeconfig, env, homedir: dir }, { pause: async () => undefined }))
  }
  const listFour = () => Promise.all([1, 2, 3, 4].map(() => cluster.list('pods', {})))
  const target = () => new URL(server.url).host.replace('127.0.0.1', 'kube.test')

  it('is listed in parallel over one tunnel and one TLS handshake', async () => {
    proxy = await startConnectProxy()
    await through(`http://127.0.0.1:${proxy.port}`)
    await listFour()
    assert.deepEqual(proxy.tunnels, [{ to: target(), authorization: undefined }])
    assert.deepEqual({ ...cluster.traffic }, { requests: 4, connections: 1 })
    assert.ok(server.seen.every(({ version }) => version === '2.0'))
  })

  it('is reached with the credentials in proxy-url, which no error repeats', async () => {
    proxy = await startConnectProxy(407)
    await through(`http://ann:pa%3Ass@127.0.0.1:${proxy.port}`)
    const error = await failure(cluster.list('pods', {}))
    assert.equal(proxy.tunnels[0]!.authorization, `Basic ${Buffer.from('ann:pa:ss').toString('base64')}`)
    assert.equal(error.reason, 'Unreachable')
    assert.match(error.message, /407/)
    assert.doesNotMatch(error.message, /pa:ss|pa%3Ass/)
  })

  it('is reached as HTTPS_PROXY says', async () => {
    proxy = await startConnectProxy()
    await through(undefined, { HTTPS_PROXY: `127.0.0.1:${proxy.port}` })
    await cluster.list('pods', {})
    assert.equal(proxy.tunnels.length, 1)
  })

  it('is reached by proxy-url, whatever HTTPS_PROXY says', async () => {
    proxy = await startConnectProxy()
    await through(`http://127.0.0.1:${proxy.port}`, { HTTPS_PROXY: 'http://127.0.0.1:1' })
    await cluster.list('pods', {})
    assert.equal(proxy.tunnels.length, 1)
  })

  it('is reached without it where NO_PROXY names it', async () => {
    proxy = await startConnectProxy()
    await through(undefined, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '.test' })
    const error = await failure(cluster.list('pods', {}))
    assert.match(error.message, /no such host|cannot be resolved/)
    assert.equal(proxy.tunnels.length, 0)
  })

  for (const scheme of ['socks5', 'socks5h']) {
    it(`is reached through ${scheme}, which resolves the name`, async () => {
      proxy = await startSocksProxy()
      await through(`${scheme}://127.0.0.1:${proxy.port}`)
      await cluster.list('pods', {})
      assert.equal(proxy.tunnels[0]!.to, target())
    })
  }

  it('is unreachable where the proxy is away', async () => {
    await through('http://127.0.0.1:1')
    const error = await failure(cluster.list('pods', {}))
    assert.equal(error.reason, 'Unreachable')
    assert.match(error.message, /connection refused/)
  })

  it('is told to be lost where the proxy dies while it is watched, by the name of the proxy, and comes back with it', async () => {
    await server.close()
    server = await startApiServer('h2', ({ path }, response) => {
      if (!path.includes('watch=')) return json(response, listOf(['a'], '5'))
      const [version] = /resourceVersion=\d+/.exec(path)!
      const event = { type: 'ADDED', object: { metadata: { resourceVersion: '6' } } }
      const stream = response as NodeJS.WritableStream
      stream.write(version.endsWith('5') ? `${JSON.stringify(event)}\n` : '\n')
    })
    proxy = await startConnectProxy()
    await through(`http://127.0.0.1:${proxy.port}`)
    const stop = new AbortController()
    const told: string[] = []
    for await (const event of cluster.watch('rollouts', {}, stop.signal)) {
      told.push(event.type)
      if (event.type === 'added') await proxy.close()
      if (event.type === 'disconnected' && told.length === 3) {
        await failure(cluster.list('pods', {})).then(({ message }) =>
          assert.match(
            message,
            /the proxy http:\/\/127.0.0.1:\d+ on the way to .* does not answer: connection refused/,
          ),
        )
        proxy = await startConnectProxy(undefined, proxy.port)
      }
      if (event.type === 'connected') stop.abort()
    }
    assert.deepEqual(told, ['listed', 'added', 'disconnected', 'connected'])
  })

  it('is a failure of the configuration where the proxy is none we know', async () => {
    await through('ftp://ann:secret@127.0.0.1:1')
    const error = await failure(cluster.list('pods', {}))
    assert.deepEqual(
      [error.reason, error.message],
      ['Configuration', 'proxy "ftp://127.0.0.1:1" is not an http, https or socks5 URL'],
    )
  })
})
