import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionFlags } from '../../src/cluster/flags.ts'
import { ClusterError } from '../../src/cluster/port.ts'
import { resolveTarget } from '../../src/cluster/target.ts'

const CONFIG = `
current-context: prod
contexts:
- {name: prod, context: {cluster: prod, user: ann, namespace: shop}}
- {name: test, context: {cluster: test, user: bob}}
- {name: no-cluster, context: {cluster: gone, user: ann}}
- {name: no-user, context: {cluster: prod, user: gone}}
- {name: no-server, context: {cluster: empty, user: ann}}
- {name: plain, context: {cluster: plain, user: ann}}
- {name: odd-namespace, context: {cluster: plain, user: ann, namespace: a/b}}
clusters:
- {name: prod, cluster: {server: 'https://prod:6443/', certificate-authority-data: Q0E=, tls-server-name: kube, proxy-url: 'http://proxy:1'}}
- {name: test, cluster: {server: 'https://test/k8s/clusters/c-1', insecure-skip-tls-verify: true}}
- {name: empty, cluster: {}}
- {name: plain, cluster: {server: 'https://plain', disable-compression: true}}
users:
- {name: ann, user: {token: ann-token, tokenFile: /ann}}
- {name: bob, user: {client-certificate-data: Qk9C, client-key-data: S0VZ, exec: &aws {apiVersion: client.authentication.k8s.io/v1beta1, command: aws}}}
- {name: exec, user: {exec: *aws}}
- {name: file, user: {tokenFile: /token, exec: *aws}}
- {name: boss, user: {token: t, as: root, as-groups: [a, b], as-uid: '7', as-user-extra: {Reason: [x, y]}}}
- {name: groups, user: {token: t, as-groups: [a]}}
`

describe('the target of kubeconfig and flags', () => {
  let dir: string
  let kubeconfig: string
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'target-'))
    kubeconfig = join(dir, 'config')
    writeFileSync(kubeconfig, CONFIG)
  })
  after(() => rmSync(dir, { recursive: true }))

  const resolve = (flags: Partial<ConnectionFlags> = {}) =>
    resolveTarget({ kubeconfig, env: {}, homedir: dir, ...flags })
  const failure = (flags: Partial<ConnectionFlags>): string => {
    try {
      resolve(flags)
    } catch (error) {
      assert.ok(error instanceof ClusterError && error.reason === 'Configuration', String(error))
      return error.message
    }
    return assert.fail('nothing was thrown')
  }

  it('is the current context with its namespace', () => {
    const { context, namespace, cluster, user } = resolve()
    assert.deepEqual(
      [context, namespace, cluster.server, cluster.tlsServerName, cluster.proxyUrl, user.token],
      ['prod', 'shop', 'https://prod:6443', 'kube', 'http://proxy:1', 'ann-token'],
    )
  })

  it('is another context by --context, in the default namespace where it names none, with the path of its server', () => {
    const { context, namespace, cluster, user } = resolve({ context: 'test' })
    assert.deepEqual(
      [context, namespace, cluster.server, user.name],
      ['test', 'default', 'https://test/k8s/clusters/c-1', 'bob'],
    )
  })

  it('takes --cluster, --user and --namespace inside the context', () => {
    const { context, namespace, cluster, user } = resolve({ cluster: 'test', user: 'boss', namespace: 'mine' })
    assert.deepEqual([context, namespace, cluster.name, user.name], ['prod', 'mine', 'test', 'boss'])
  })

  it('needs no kubeconfig with --server', () => {
    const { context, cluster, user } = resolve({ kubeconfig: undefined, server: 'https://bare:1', token: 't' })
    assert.deepEqual([context, cluster.server, user.token], ['https://bare:1', 'https://bare:1', 't'])
  })

  for (const [server, flags, url] of [
    ['host:8080', {}, 'http://host:8080'],
    ['host:6443', { insecureSkipTlsVerify: true }, 'https://host:6443'],
    ['http://127.0.0.1:8001/', {}, 'http://127.0.0.1:8001'],
    ['https://user:secret@host/path/', {}, 'https://host/path'],
  ] as const) {
    it(`reads --server ${server} as ${url}`, () =>
      assert.equal(resolve({ kubeconfig: undefined, server, ...flags }).cluster.server, url))
  }

  it('lets --server forget the tls-server-name of the kubeconfig, and keep its trust', () => {
    const { cluster } = resolve({ server: 'https://elsewhere' })
    assert.deepEqual([cluster.server, cluster.tlsServerName, cluster.caData], ['https://elsewhere', undefined, 'Q0E='])
    assert.equal(resolve({ server: 'https://elsewhere', tlsServerName: 'mine' }).cluster.tlsServerName, 'mine')
  })

  it('replaces all the kubeconfig says about trust by a flag about trust', () => {
    const insecure = resolve({ insecureSkipTlsVerify: true }).cluster
    assert.deepEqual([insecure.skipTLSVerify, insecure.caData, insecure.caFile], [true, undefined, undefined])
    const own = resolve({ context: 'test', certificateAuthority: '/ca.pem' }).cluster
    assert.deepEqual([own.skipTLSVerify, own.caData, own.caFile], [false, undefined, '/ca.pem'])
  })

  it('lets a static token or certificate stand before a credential plugin', () => {
    assert.equal(resolve({ context: 'test' }).user.exec, undefined)
    assert.deepEqual(resolve({ user: 'exec' }).user.exec.command, 'aws')
    assert.equal(resolve({ user: 'exec', token: 't' }).user.exec, undefined)
    assert.equal(resolve({ user: 'exec', clientCertificate: '/c', clientKey: '/k' }).user.exec, undefined)
  })

  it('lets a token file stand before a credential plugin, and before a token, as kubectl does', () => {
    const { user, tokenFile } = resolve({ user: 'file' })
    assert.deepEqual([tokenFile, user.exec], ['/token', undefined])
    assert.deepEqual([resolve().tokenFile, resolve().user.token], ['/ann', 'ann-token'])
  })

  it('lets --client-certificate and --client-key replace the data of the kubeconfig', () => {
    const { user } = resolve({ context: 'test', clientCertificate: '/cert', clientKey: '/key' })
    assert.deepEqual(
      [user.certData, user.certFile, user.keyData, user.keyFile],
      [undefined, '/cert', undefined, '/key'],
    )
  })

  it('impersonates as the kubeconfig says, and as --as, --as-group and --as-uid say instead', () => {
    assert.deepEqual(resolve({ user: 'boss' }).impersonated, {
      user: 'root',
      groups: ['a', 'b'],
      uid: '7',
      extra: { Reason: ['x', 'y'] },
    })
    assert.deepEqual(resolve({ as: 'me', asGroup: ['g'], asUid: '1' }).impersonated, {
      user: 'me',
      groups: ['g'],
      uid: '1',
      extra: {},
    })
  })

  it('takes the extras of --as-user-extra in place of those of the kubeconfig', () => {
    const asUserExtra = [
      ['Reason', 'z'],
      ['team', 'a'],
      ['Reason', 'y'],
    ] as const
    assert.deepEqual(resolve({ user: 'boss', asUserExtra }).impersonated.extra, { Reason: ['z', 'y'], team: ['a'] })
  })

  for (const [what, flags] of [
    ['the flag', { namespace: '../x' }],
    ['a flag in capitals', { namespace: 'Legacy' }],
    ['a flag with a blank', { namespace: 'a b' }],
    ['the kubeconfig', { context: 'odd-namespace' }],
  ] as const)
    it(`refuses a namespace of ${what} that cannot be`, () =>
      assert.match(failure(flags), /^invalid namespace ".*": it is lower case letters, digits and - in between$/))

  it('logs in with --username and --password', () => {
    const { user } = resolve({ user: 'bob', username: 'jane', password: 'pw' })
    assert.deepEqual([user.username, user.password], ['jane', 'pw'])
  })

  for (const flags of [
    { username: 'jane', password: 'pw' },
    { user: 'file', username: 'jane' },
    { user: 'bob', password: 'x', token: 't' },
  ])
    it(`does not choose between ${Object.keys(flags).join(', ')} and a token`, () =>
      assert.match(
        failure(flags),
        /^user "\w+" has more than one authentication method, a token and a user name: only one is allowed$/,
      ))

  it('wants answers uncompressed where the flag or the kubeconfig says so', () => {
    assert.deepEqual(
      [resolve(), resolve({ disableCompression: true }), resolve({ context: 'plain' })].map(
        (each) => each.disableCompression,
      ),
      [false, true, true],
    )
  })

  for (const [what, flags, sentence] of [
    [
      'an unknown context',
      { context: 'nope' },
      'context was not found for specified context: nope (there is: prod, test, no-cluster, no-user, no-server, plain, odd-namespace)',
    ],
    ['an unknown --cluster', { cluster: 'nope' }, 'cluster "nope" does not exist (there is: prod, test, empty, plain)'],
    [
      'an unknown --user',
      { user: 'nope' },
      'auth info "nope" does not exist (there is: ann, bob, exec, file, boss, groups)',
    ],
    [
      'a context whose cluster is missing',
      { context: 'no-cluster' },
      'cluster "gone" was not found for context "no-cluster"',
    ],
    ['a context whose user is missing', { context: 'no-user' }, 'user "gone" was not found for context "no-user"'],
    ['a cluster without a server', { context: 'no-server' }, 'no server found for cluster "empty"'],
    [
      'a server that is no URL',
      { server: 'ftp://x' },
      'server "ftp://x" of cluster "prod" is not an http or https URL',
    ],
    [
      'a group to impersonate without a user',
      { user: 'groups' },
      'cannot impersonate a group or uid without a user: add --as',
    ],
  ] as const) {
    it(`says what is wrong with ${what}`, () => assert.equal(failure(flags), sentence))
  }

  it('says where it looked when nothing is configured', () => {
    assert.equal(
      failure({ kubeconfig: undefined }),
      `no cluster is configured: ${join(dir, '.kube', 'config')} says nothing, and neither --kubeconfig nor --server is given`,
    )
    const empty = join(dir, 'empty')
    writeFileSync(empty, '')
    const given = `no cluster is configured: ${empty} says nothing, and --server is not given`
    assert.equal(failure({ kubeconfig: empty }), given)
    const path = join(dir, 'contexts-only')
    writeFileSync(path, 'contexts: [{name: a, context: {cluster: a}}]\n')
    assert.equal(failure({ kubeconfig: path }), 'no current context is set: add --context (there is: a)')
  })

  describe('in a pod', () => {
    const pod = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }
    before(() => {
      for (const [name, content] of [
        ['token', 'pod-token'],
        ['namespace', 'team\n'],
        ['ca.crt', 'CA'],
      ] as const)
        writeFileSync(join(dir, name), content)
    })

    it('is the service account where no kubeconfig says anything', () => {
      const { context, namespace, cluster, tokenFile } = resolve({
        kubeconfig: undefined,
        env: pod,
        serviceAccountDir: dir,
      })
      assert.deepEqual(
        [context, namespace, cluster.server, cluster.caFile, tokenFile],
        ['in-cluster', 'team', 'https://[fd00::1]:6443', join(dir, 'ca.crt'), join(dir, 'token')],
      )
    })

    it('lets POD_NAMESPACE and --namespace decide the namespace', () => {
      const named = { ...pod, POD_NAMESPACE: 'from-env' }
      assert.equal(resolve({ kubeconfig: undefined, env: named, serviceAccountDir: dir }).namespace, 'from-env')
      assert.equal(
        resolve({ kubeconfig: undefined, env: named, serviceAccountDir: dir, namespace: 'flag' }).namespace,
        'flag',
      )
    })

    it('is still the kubeconfig where there is one, and an unknown context is an error', () => {
      assert.equal(resolve({ env: pod, serviceAccountDir: dir }).context, 'prod')
      assert.match(
        failure({ kubeconfig: undefined, context: 'x', env: pod, serviceAccountDir: dir }),
        /^context was not found/,
      )
    })
  })
})
