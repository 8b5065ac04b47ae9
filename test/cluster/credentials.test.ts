import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionFlags } from '../../src/cluster/flags.ts'
import { openCluster } from '../../src/cluster/kube.ts'
import type { Cluster } from '../../src/cluster/port.ts'
import {
  certificate,
  flagsTo,
  json,
  listOf,
  refuse,
  startApiServer,
  type ApiServer,
  type Handler,
} from '../support/api-server.ts'
import { failure } from '../support/scripted.ts'

describe('credentials', () => {
  let dir: string
  const open: { close(): Promise<void> }[] = []
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'credentials-'))
  })
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close()
    rmSync(dir, { recursive: true })
  })

  const file = (name: string, content: string): string => {
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  const accept: Handler = (_, response) => json(response, listOf(['a']))
  const serve = async (handler: Handler = accept, options = {}): Promise<ApiServer> => {
    const server = await startApiServer('h2', handler, options)
    open.push(server)
    return server
  }
  /** Opens the server as a kubeconfig user of this entry. */
  const login = async (server: ApiServer, user: unknown, flags: Partial<ConnectionFlags> = {}): Promise<Cluster> => {
    const kubeconfig = file(
      'config',
      JSON.stringify({
        'current-context': 'c',
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'ann' } }],
        users: [{ name: 'ann', user }],
        clusters: [
          {
            name: 'c',
            cluster: {
              server: server.url,
              'certificate-authority': certificate('root.pem'),
              extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }],
            },
          },
        ],
      }),
    )
    const { server: _server, certificateAuthority: _authority, ...rest } = flagsTo(server)
    const cluster = await openCluster(
      { ...rest, env: { PATH: process.env.PATH }, kubeconfig, ...flags },
      { pause: async () => undefined },
    )
    open.push(cluster)
    return cluster
  }
  const sent = (server: ApiServer): unknown[] => server.seen.map(({ headers }) => headers.authorization)

  it('are a token', async () => {
    const server = await serve()
    await (await login(server, { token: 'abc\n' })).list('pods', {})
    assert.deepEqual(sent(server), ['Bearer abc'])
  })

  it('are refused, not sent, where no header can carry them', async () => {
    const server = await serve()
    for (const [user, flags, what] of [
      [{ token: 'a\nb' }, {}, 'the token'],
      [{ token: 'a\u202eb' }, {}, 'the token'],
      [{}, { as: 'bob\u0007' }, 'impersonate-user'],
    ] as const) {
      await assert.rejects(login(server, user, flags), {
        reason: 'Configuration',
        message: `user "ann": ${what} holds characters that no header can carry`,
      })
    }
    const plugin = file(
      'plugin',
      '#!/bin/sh\necho \'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"a\\u0007b"}}\'\n',
    )
    chmodSync(plugin, 0o700)
    const cluster = await login(server, {
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' },
    })
    assert.equal((await failure(cluster.list('pods', {}))).reason, 'Configuration')
    assert.deepEqual(server.seen, [])
  })

  it('are a user name and a password', async () => {
    const server = await serve()
    await (await login(server, { username: 'ann', password: 'pa:ss' })).list('pods', {})
    assert.deepEqual(sent(server), [`Basic ${Buffer.from('ann:pa:ss').toString('base64')}`])
  })

  it('are a token in a file beside the kubeconfig, read anew when it is rejected', async () => {
    file('token', 'old\n')
    const server = await serve(({ headers }, response) =>
      headers.authorization === 'Bearer new'
        ? accept({} as never, response)
        : refuse(response, 401, 'Unauthorized', 'Unauthorized'),
    )
    const cluster = await login(server, { tokenFile: 'token' })
    assert.equal((await failure(cluster.list('pods', {}))).reason, 'Unauthorized')
    file('token', 'new\n')
    await cluster.list('pods', {})
    assert.deepEqual(sent(server), ['Bearer old', 'Bearer old', 'Bearer old', 'Bearer new'])
  })

  describe('of a kubeconfig that changes while we run', () => {
    const wanting =
      (token: string): Handler =>
      ({ headers }, response) =>
        headers.authorization === `Bearer ${token}`
          ? accept({} as never, response)
          : refuse(response, 401, 'Unauthorized', 'Unauthorized')
    const rewrite = (change: (config: string) => string): void =>
      void file('config', change(readFileSync(join(dir, 'config'), 'utf8')))

    it('are read anew where they were rotated', async () => {
      const server = await serve(wanting('new'))
      const cluster = await login(server, { token: 'old' })
      rewrite((config) => config.replace('"old"', '"new"'))
      assert.equal((await cluster.list('pods', {})).items.length, 1)
      assert.deepEqual(sent(server), ['Bearer old', 'Bearer new'])
    })

    it('are told to be refused where its context was removed, or nothing else stands there', async () => {
      const server = await serve(wanting('new'))
      const cluster = await login(server, { token: 'old' })
      for (const change of [(config: string) => config.replace('"contexts"', '"others"'), () => ': no kubeconfig [']) {
        rewrite(change)
        assert.equal((await failure(cluster.list('pods', {}))).reason, 'Unauthorized')
      }
      assert.deepEqual(sent(server), ['Bearer old', 'Bearer old'])
    })

    it('are not sent to another server that stands there by now', async () => {
      const server = await serve(wanting('new'))
      const cluster = await login(server, { token: 'old' })
      rewrite((config) => config.replace(server.url, 'https://other.test').replace('"old"', '"new"'))
      assert.equal((await failure(cluster.list('pods', {}))).reason, 'Unauthorized')
      assert.deepEqual(sent(server), ['Bearer old'])
    })
  })

  it('that never change are not sent twice', async () => {
    const server = await serve((_, response) => refuse(response, 401, 'Unauthorized', 'Unauthorized'))
    const error = await failure((await login(server, { token: 'abc' })).list('pods', {}))
    assert.match(error.message, /your credentials \(user "ann"\) were rejected/)
    assert.equal(server.seen.length, 1)
  })

  for (const [name, plugin] of [
    ['gcp', 'gke-gcloud-auth-plugin'],
    ['azure', 'kubelogin'],
  ]) {
    it(`of the auth provider ${name}, which kubectl has no more, name the plugin in its place`, async () => {
      const server = await serve()
      const user = { 'auth-provider': { name, config: { 'access-token': 'x' } } }
      const error = await failure((await login(server, user)).list('pods', {}))
      assert.equal(error.reason, 'Configuration')
      assert.match(error.message, new RegExp(`no longer part of kubectl; use ${plugin}`))
      assert.deepEqual(server.seen, [])
    })
  }

  it('are the id token of OpenID Connect', async () => {
    const server = await serve()
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = `${part({ alg: 'none' })}.${part({ exp: 4_000_000_000 })}.x`
    await (await login(server, { 'auth-provider': { name: 'oidc', config: { 'id-token': token } } })).list('pods', {})
    assert.deepEqual(sent(server), [`Bearer ${token}`])
  })

  it('of an unknown auth provider are a failure', async () => {
    const error = await failure((await login(await serve(), { 'auth-provider': { name: 'magic' } })).list('pods', {}))
    assert.deepEqual(
      [error.reason, error.message],
      ['Configuration', 'user "ann": no auth provider found for name "magic"'],
    )
  })

  describe('of a plugin', () => {
    /** A plugin that counts its runs and then does as the shell lines say, with $RUN the number of the run. */
    const plugin = (...lines: readonly string[]): string => {
      const path = file(
        'plugin',
        ['#!/bin/sh', `echo x >> ${dir}/runs`, `RUN=$(wc -l < ${dir}/runs | tr -d ' ')`, ...lines].join('\n'),
      )
      chmodSync(path, 0o755)
      return path
    }
    const runs = (): number => (existsSync(join(dir, 'runs')) ? readFileSync(join(dir, 'runs'), 'utf8').length / 2 : 0)
    const gives = (status: string): string =>
      `echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":${status}}'`
    const token = (more = ''): string =>
      `echo "{\\"kind\\":\\"ExecCredential\\",\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"status\\":{\\"token\\":\\"token-$RUN\\"${more}}}"`
    const exec = (command: string, more: Record<string, unknown> = {}) => ({
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command,
        args: ['get-token'],
        interactiveMode: 'IfAvailable',
        ...more,
      },
    })

    it('are asked for once by parallel requests, and kept', async () => {
      const server = await serve()
      const cluster = await login(server, exec(plugin('sleep 0.05', token())))
      await Promise.all([1, 2, 3, 4].map(() => cluster.list('pods', {})))
      await cluster.list('pods', {})
      assert.equal(runs(), 1)
      assert.deepEqual(new Set(sent(server)), new Set(['Bearer token-1']))
    })

    it('are asked for again once they have expired', async () => {
      const server = await serve()
      const cluster = await login(server, exec(plugin(token(',\\"expirationTimestamp\\":\\"2020-01-01T00:00:00Z\\"'))))
      await cluster.list('pods', {})
      await cluster.list('pods', {})
      assert.deepEqual(sent(server), ['Bearer token-1', 'Bearer token-2'])
    })

    it('are asked for again, once, when they are rejected', async () => {
      const server = await serve(({ headers }, response) =>
        headers.authorization === 'Bearer token-1'
          ? refuse(response, 401, 'Unauthorized', 'no')
          : accept({} as never, response),
      )
      const cluster = await login(server, exec(plugin(token())))
      await Promise.all([1, 2, 3, 4].map(() => cluster.list('pods', {})))
      assert.equal(runs(), 2)
    })

    it('that are rejected again are a failure', async () => {
      const server = await serve((_, response) => refuse(response, 401, 'Unauthorized', 'no'))
      assert.equal(
        (await failure((await login(server, exec(plugin(token())))).list('pods', {}))).reason,
        'Unauthorized',
      )
      assert.deepEqual([runs(), server.seen.length], [2, 2])
    })

    it('are not asked for where there is a token already', async () => {
      const server = await serve()
      await (await login(server, { token: 'static', ...exec(plugin(token())) })).list('pods', {})
      assert.deepEqual([runs(), sent(server)], [0, ['Bearer static']])
    })

    it('may be a client certificate', async () => {
      const server = await serve(accept, { clientCertificates: true })
      const status = JSON.stringify({
        clientCertificateData: readFileSync(certificate('client.pem'), 'utf8'),
        clientKeyData: readFileSync(certificate('client.key'), 'utf8'),
      })
      file('answer', `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":${status}}`)
      const cluster = await login(server, exec(plugin(`cat ${dir}/answer`)))
      assert.equal((await cluster.list('pods', {})).items.length, 1)
    })

    it('are asked for with the environment given, that of the entry, and what the protocol promises', async () => {
      const server = await serve()
      const command = plugin(`printf '%s|%s|%s|%s' "$GIVEN" "$OWN" "$1" "$KUBERNETES_EXEC_INFO" > ${dir}/env`, token())
      const user = exec(command, { env: [{ name: 'OWN', value: 'own' }], provideClusterInfo: true })
      await (await login(server, user, { env: { PATH: process.env.PATH, GIVEN: 'given' } })).list('pods', {})
      const [given, own, argument, info] = readFileSync(join(dir, 'env'), 'utf8').split('|')
      assert.deepEqual([given, own, argument], ['given', 'own', 'get-token'])
      assert.deepEqual(JSON.parse(info!), {
        kind: 'ExecCredential',
        apiVersion: 'client.authentication.k8s.io/v1',
        spec: {
          interactive: false,
          cluster: {
            server: server.url,
            'certificate-authority-data': readFileSync(certificate('root.pem')).toString('base64'),
            config: { audience: 'x' },
          },
        },
      })
    })

    it('learn nothing of the cluster unless the entry provides it', async () => {
      await (await login(await serve(), exec(plugin(`printf %s "$KUBERNETES_EXEC_INFO" > ${dir}/env`, token())))).list(
        'pods',
        {},
      )
      assert.deepEqual(JSON.parse(readFileSync(join(dir, 'env'), 'utf8')).spec, { interactive: false })
    })

    it('may speak to a person while it runs', async () => {
      const said: string[] = []
      const user = exec(plugin('echo "open https://login and type \u001b[1mABCD" >&2', token()))
      await (await login(await serve(), user, { interactive: true, trace: (line) => said.push(line) })).list('pods', {})
      assert.deepEqual(said, ['open https://login and type ^[[1mABCD'])
    })

    it('is told of with -v=6, as are the files that name it', async () => {
      const said: string[] = []
      const flags = { trace: (line: string) => said.push(line), verbosity: 6 }
      await (await login(await serve(), exec(plugin(token())), flags)).list('pods', {})
      assert.match(
        said[0]!,
        /^config loaded from file \/.*\/config; context "c", https:.*, user "ann", namespace default$/,
      )
      assert.match(said[1]!, /^credential plugin ".*\/plugin" ended well after \d+ ms$/)
    })

    for (const [what, make, sentence] of [
      [
        'fails',
        () => exec(plugin('echo "SSO session expired" >&2', 'exit 255'), { installHint: 'run: aws sso login' }),
        /^credential plugin ".*\/plugin" failed with exit code 255: SSO session expired \(run: aws sso login\)$/,
      ],
      [
        'is not installed',
        () => exec('no-such-plugin-here', { installHint: 'brew install it\n' }),
        /^credential plugin "no-such-plugin-here" was not found: brew install it$/,
      ],
      [
        'says something else',
        () => exec(plugin('echo hello')),
        /^credential plugin ".*" did not answer as a credential plugin does: .*JSON/,
      ],
      [
        'gives nothing',
        () => exec(plugin(gives('{}'))),
        /^credential plugin ".*" gave neither a token nor a certificate$/,
      ],
      [
        'gives no status',
        () => exec(plugin('echo "{}"')),
        /^credential plugin ".*" did not answer as a credential plugin does/,
      ],
      [
        'has to ask a person, and nobody is there',
        () => exec(plugin(token()), { interactiveMode: 'Always' }),
        /wants to ask something, but standard input is not a terminal$/,
      ],
    ] as const) {
      it(`that ${what} are a failure that says so`, async () => {
        const server = await serve()
        const error = await failure((await login(server, make())).list('pods', {}))
        assert.equal(error.reason, 'Configuration')
        assert.match(error.message, sentence)
        assert.equal(server.seen.length, 0)
      })
    }

    it('are asked for again after a failure', async () => {
      const cluster = await login(await serve(), exec(plugin('[ "$RUN" = 1 ] && exit 1', token())))
      await failure(cluster.list('pods', {}))
      assert.equal((await cluster.list('pods', {})).items.length, 1)
    })

    it('take no time of the request that waits for them', async () => {
      const cluster = await login(await serve(), exec(plugin('sleep 0.3', token())), { requestTimeoutMs: 250 })
      assert.equal((await cluster.list('pods', {})).items.length, 1)
    })

    it('keep nobody waiting through what the plugin has started', async () => {
      const cluster = await login(await serve(), exec(plugin('sleep 60 & sleep 60')))
      const waiting = failure(cluster.list('pods', {}))
      await cluster.close()
      assert.equal((await waiting).reason, 'Aborted')
    })

    it('do not keep a caller who gives up, nor a cluster that is closed', async () => {
      const stop = new AbortController()
      const cluster = await login(await serve(), exec(plugin(`echo ready > ${dir}/ready`, 'exec sleep 60')))
      const given = failure(cluster.list('pods', {}, stop.signal))
      stop.abort()
      assert.equal((await given).reason, 'Aborted')
      const waiting = failure(cluster.list('pods', {}))
      await cluster.close()
      assert.equal((await waiting).reason, 'Aborted')
    })

    it('that fail in the middle of a watch are a gap, not its end', async () => {
      const server = await serve(({ path }, response) => {
        if (!path.includes('watch=')) return json(response, listOf(['a'], '5'))
        if (server.seen.length === 2) return refuse(response, 401, 'Unauthorized', 'expired')
        ;(response as NodeJS.WritableStream).write(
          `${JSON.stringify({ type: 'ADDED', object: { metadata: { resourceVersion: '6' } } })}\n`,
        )
      })
      const cluster = await login(server, exec(plugin('[ "$RUN" = 2 ] && exit 1', token())))
      const stop = new AbortController()
      const types: string[] = []
      for await (const event of cluster.watch('rollouts', {}, stop.signal)) {
        types.push(event.type)
        if (event.type === 'added') stop.abort()
      }
      assert.deepEqual(types, ['listed', 'disconnected', 'connected', 'added'])
    })
  })
})
