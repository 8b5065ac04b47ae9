import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { readKubeconfig } from '../../src/cluster/kubeconfig.ts'
import { ClusterError } from '../../src/cluster/port.ts'

describe('kubeconfig files', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  const file = (name: string, content: string): string => {
    mkdirSync(join(dir, name, '..'), { recursive: true })
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  const one = (name: string, server: string, current = name): string => `
current-context: ${current}
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]
clusters: [{name: ${name}, cluster: {server: ${server}}}]
users: [{name: ${name}, user: {token: ${name}}}]
`
  const read = (paths: readonly string[]) =>
    readKubeconfig({ env: { KUBECONFIG: paths.join(delimiter) }, homedir: dir })
  const failure = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      assert.ok(error instanceof ClusterError)
      assert.equal(error.reason, 'Configuration')
      return error.message
    }
    return assert.fail('nothing was thrown')
  }

  it('is ~/.kube/config where nothing else is said', () => {
    file('.kube/config', one('home', 'https://home'))
    assert.equal(readKubeconfig({ env: {}, homedir: dir }).currentContext, 'home')
    assert.equal(readKubeconfig({ env: { KUBECONFIG: '' }, homedir: dir }).currentContext, 'home')
  })

  it('is empty where there is no file at all', () => {
    const config = readKubeconfig({ env: {}, homedir: dir })
    assert.equal(config.contexts.size, 0)
    assert.deepEqual(config.sought, [join(dir, '.kube', 'config')])
  })

  it('given by --kubeconfig stands alone and must exist', () => {
    const env = { KUBECONFIG: file('other', one('other', 'https://other')) }
    assert.deepEqual(
      [
        ...readKubeconfig({
          kubeconfig: file('given', one('given', 'https://given')),
          env,
          homedir: dir,
        }).contexts.keys(),
      ],
      ['given'],
    )
    assert.equal(
      failure(() => readKubeconfig({ kubeconfig: '/nope', env, homedir: dir })),
      'stat /nope: no such file or directory',
    )
  })

  it('lets the first file win: current-context, and each name as a whole', () => {
    const first = file('a', 'current-context: from-a\nusers: [{name: red, user: {username: a}}]\n')
    const second = file(
      'b',
      'current-context: from-b\nusers: [{name: red, user: {username: b, password: b}}, {name: blue, user: {token: b}}]\n',
    )
    const config = read([first, second])
    assert.equal(config.currentContext, 'from-a')
    assert.deepEqual(Object.fromEntries(config.users), { red: { username: 'a' }, blue: { token: 'b' } })
  })

  it('takes the current-context of a later file where the first sets none', () => {
    assert.equal(read([file('a', 'current-context: ""\n'), file('b', one('b', 'https://b'))]).currentContext, 'b')
  })

  for (const [what, content] of [
    ['an empty file', ''],
    ['only a comment', '# nothing\n'],
    ['a null document', '---\n'],
    ['null sections', 'contexts: null\nclusters:\nusers: []\n'],
  ]) {
    it(`skips ${what}`, () =>
      assert.equal(read([file('a', content!), file('b', one('b', 'https://b'))]).currentContext, 'b'))
  }

  it('skips missing files, empty entries and repetitions of KUBECONFIG', () => {
    const path = file('a', one('a', 'https://a'))
    const config = read(['', join(dir, 'missing'), path, path, ''])
    assert.equal(config.currentContext, 'a')
    assert.deepEqual(config.sought, [join(dir, 'missing'), path])
  })

  it('reads JSON, a byte order mark, Windows line ends and a repeated key as kubectl does', () => {
    assert.equal(read([file('a', JSON.stringify({ 'current-context': 'json' }))]).currentContext, 'json')
    assert.equal(
      read([file('b', '\ufeffapiVersion: v1\r\ncurrent-context: x\r\ncurrent-context: windows\r\n')]).currentContext,
      'windows',
    )
  })

  it('resolves files against the kubeconfig that names them', () => {
    const path = file(
      'sub/config',
      `
clusters: [{name: c, cluster: {server: https://c, certificate-authority: ca.pem}}]
users:
- name: u
  user: {client-certificate: pki/cert.pem, client-key: /abs/key.pem, tokenFile: token, exec: {command: ./bin/login, args: [x]}}
- name: path
  user: {exec: {command: aws}}
`,
    )
    const config = read([path])
    const sub = join(dir, 'sub')
    assert.equal(config.clusters.get('c')?.['certificate-authority'], join(sub, 'ca.pem'))
    assert.deepEqual(config.users.get('u'), {
      'client-certificate': join(sub, 'pki/cert.pem'),
      'client-key': '/abs/key.pem',
      tokenFile: join(sub, 'token'),
      exec: { command: join(sub, 'bin/login'), args: ['x'] },
    })
    assert.deepEqual(config.users.get('path'), { exec: { command: 'aws' } })
  })

  it('says which file cannot be understood, and where', () => {
    const path = file('bad', 'contexts: [\n')
    assert.match(
      failure(() => read([path, file('b', one('b', 'https://b'))])),
      new RegExp(`^error loading config file "${path}": .*\\(2:1\\)`, 's'),
    )
    assert.equal(
      failure(() => read([file('list', '- a\n')])),
      `error loading config file "${join(dir, 'list')}": it is not a kubeconfig`,
    )
    assert.match(
      failure(() => read([dir])),
      /^error loading config file ".*": read \/.*: is a directory$/,
    )
  })

  it('quotes nothing of a file that cannot be understood, and shows no name raw', () => {
    const message = failure(() => read([file('bad', 'users: [{name: u, user: {token: secret}}}\n')]))
    assert.doesNotMatch(message, /secret|\n/)
    assert.equal(
      failure(() => read([file('twice', 'users: [{name: "\\u202ex"}, {name: "\\u202ex"}]\n')])).split(': ')[1],
      'duplicate name "\\u202ex" in users',
    )
  })

  it('refuses entries without a name and names given twice in one file', () => {
    assert.match(
      failure(() => read([file('a', 'users: [{user: {}}]\n')])),
      /an entry of users has no name$/,
    )
    assert.match(
      failure(() => read([file('b', 'users: [{name: x}, {name: x}]\n')])),
      /duplicate name "x" in users$/,
    )
  })
})
