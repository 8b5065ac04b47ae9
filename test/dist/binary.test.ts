import assert from 'node:assert/strict'
import { execFileSync, spawnSync, type SpawnSyncOptions } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { load } from 'js-yaml'
import { sha256 } from '../../build/krew.ts'
import { locked, packageFolder, readLock } from '../../build/node-binary.ts'
import { hostTarget } from '../../build/targets.ts'
import { type Sim, startSim } from '../../src/sim/start-sim.ts'
import { run } from '../controlplane/run.ts'
import { brokenRules, type Manifest } from '../support/krew-rules.ts'
import { archiveOf, RELEASE, unpack, unpackHost, version } from './unpack.ts'

const SAID = `kubectl rollouts-group v${version}\n`
const kubectl = spawnSync('sh', ['-c', 'command -v kubectl'], { encoding: 'utf8' }).stdout.trim()

describe('the binary of this machine', () => {
  const dir = mkdtempSync(join(tmpdir(), 'binary-'))
  let program: string
  let programs: readonly string[]
  before(() => {
    program = unpackHost(join(dir, 'unpacked'))
    programs = readdirSync(dirname(program)).filter((each) => statSync(join(dirname(program), each)).mode & 0o100)
  })
  after(() => rmSync(dir, { recursive: true }))

  const ran = (words: readonly string[], options: SpawnSyncOptions = {}, file = program) => {
    const { status, stdout, stderr } = spawnSync(file, words, { env: {}, ...options, encoding: 'utf8' })
    return { status, stdout, stderr }
  }

  it('runs with an empty environment, and promotes a group', () => {
    assert.deepEqual(ran(['version']), { status: 0, stdout: SAID, stderr: '' })
    const { status, stdout } = ran(['demo'])
    assert.equal(status, 0)
    assert.match(stdout, /ready to promote[^]*Group loan promoted: 2 of 2[^]*nothing waits/)
  })

  it('says what is missing where not all of it is there', () => {
    const parted = mkdtempSync(join(dir, 'parted-'))
    copyFileSync(program, join(parted, basename(program)))
    const { status, stderr } = ran(['version'], {}, join(parted, basename(program)))
    const missing = `error: ${parted}/rollouts-group.bin is missing, or may not be run: unpack the whole archive into one directory\n`
    assert.deepEqual([status, stderr], [1, missing])
  })

  it('says what is missing where /proc is not mounted', function () {
    const bare = ['--mount', '/bin/sh', '-c', 'mount -t tmpfs none /proc && exec "$0" "$@"']
    // Only root may take it away.
    if (spawnSync('unshare', [...bare, '/bin/true']).status !== 0) this.skip()
    assert.deepEqual(ran([...bare, program, 'version', '--token=secret'], {}, 'unshare'), {
      status: 1,
      stdout: '',
      stderr: "error: /proc is not mounted, and the program's runtime needs it\n",
    })
  })

  it('starts nothing that lies in the working directory', () => {
    const evil = mkdtempSync(join(dir, 'evil-'))
    writeFileSync(join(evil, 'rollouts-group.bin'), '#!/bin/sh\necho evil\n', { mode: 0o755 })
    copyFileSync(program, join(evil, 'plugin'))
    symlinkSync(program, join(dir, 'linked'))
    const [link, bare, path] = [
      ran(['version'], { cwd: evil, env: { PATH: '/nonexistent' } }, join(dir, 'linked')),
      ran(['plugin', 'version'], { cwd: evil }, '/bin/sh'),
      ran(['kubectl-rollouts_group', 'version'], { cwd: evil, env: { PATH: dirname(program) } }, '/bin/bash'),
    ]
    assert.deepEqual(
      [link, path],
      [
        { status: 0, stdout: SAID, stderr: '' },
        { status: 0, stdout: SAID, stderr: '' },
      ],
    )
    assert.deepEqual([bare.status, bare.stdout], [1, ''])
    assert.match(bare.stderr, /^error: plugin cannot tell where it is: call it by its path$/m)
  })

  it('leaves to its children no word that its launcher has for its runtime', async () => {
    const seen = join(dir, 'seen')
    const plugin = join(dir, 'plugin')
    writeFileSync(plugin, `#!/bin/sh\nenv >${seen}\nexit 1\n`, { mode: 0o755 })
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' }
    const config = {
      clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1', 'insecure-skip-tls-verify': true } }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      users: [{ name: 'a', user: { exec } }],
      'current-context': 'a',
    }
    writeFileSync(join(dir, 'asking'), JSON.stringify(config))
    const given = {
      KUBECONFIG: join(dir, 'asking'),
      BUN_JSC_dumpOptions: '1',
      KEPT: 'BUN_a-b=1 * BUN_OPTIONS=--version',
    }
    const { status, stderr } = ran(['get-group', 'loan'], { env: given })
    assert.deepEqual([status, /dumpOptions|JSC/.test(stderr)], [1, false], stderr)
    const told = readFileSync(seen, 'utf8').split('\n')
    assert.deepEqual(
      told.filter((each) => /^(BUN|ROLLOUTS)_/.test(each)),
      [],
    )
    assert.ok(told.includes(`KEPT=${given.KEPT}`))
  })

  for (const shell of ['dash', 'bash', 'bash --posix', 'busybox sh'])
    it(`is started alike by a system whose shell is ${shell}`, function () {
      const [file = '', ...words] = shell.split(' ')
      if (spawnSync(file, [...words, '-c', ':']).status !== 0) this.skip()
      const gone = mkdtempSync(join(dir, 'gone-'))
      const line = 'cd "$1"; rmdir "$1"; exec 2>/dev/null; shift; exec "$@"'
      const env = { BUN_OPTIONS: '--version', BUN_BE_BUN: '1', ODD: 'a\'b "BUN_a-b=1" *\n BUN_c=2', TMPDIR: dir }
      const again = ['-c', line, 'sh', gone, file, ...words, program, 'version']
      assert.deepEqual(ran([...words, program, 'version'], { env }, file), { status: 0, stdout: SAID, stderr: '' })
      assert.equal(ran(again, { env }, '/bin/sh').stdout, SAID)
      assert.equal(existsSync(gone), false)
    })

  it('writes nothing into the home, and needs none', () => {
    const home = mkdtempSync(join(dir, 'home-'))
    assert.equal(ran(['demo', 'legacy', 'promote-all', '--yes'], { env: { HOME: home } }).status, 0)
    assert.deepEqual(readdirSync(home), [])
    assert.deepEqual(ran(['version'], { env: { HOME: '/dev/null' } }), { status: 0, stdout: SAID, stderr: '' })
    assert.equal(ran(['demo', 'legacy', 'get-group'], { env: { HOME: '/dev/null' } }).status, 0)
  })

  it('runs from a path with spaces, quotes and signs', () => {
    const odd = join(dir, 'a b\'c"d%20é #?')
    mkdirSync(odd)
    for (const each of programs) copyFileSync(join(dirname(program), each), join(odd, each))
    assert.deepEqual(ran(['version'], {}, join(odd, 'kubectl-rollouts_group')), { status: 0, stdout: SAID, stderr: '' })
    assert.equal(
      ran(['demo', 'legacy', 'get-group', '-o', 'name'], { cwd: odd }, join(odd, 'kubectl-rollouts_group')).status,
      0,
    )
  })

  it('runs where standard input is closed', () => {
    assert.deepEqual(ran(['-c', `exec '${program}' version <&-`], {}, '/bin/sh'), {
      status: 0,
      stdout: SAID,
      stderr: '',
    })
    const { status, stdout } = ran(['-c', `exec '${program}' demo legacy promote-all --yes <&-`], {}, '/bin/sh')
    assert.deepEqual([status, /promoted: 2 of 2/.test(stdout)], [0, true])
  })

  it('ends without a word where its reader goes away', () => {
    const { status, stdout, stderr } = ran(
      ['-c', `'${program}' help | head -1; '${program}' demo canary get-group | true`],
      { env: { PATH: process.env['PATH'] } },
      '/bin/sh',
    )
    assert.deepEqual([status, stdout.split('\n').length, stderr], [0, 2, ''])
  })

  it('keeps the exit codes', () => {
    assert.equal(ran(['nonsense']).status, 2)
    assert.equal(ran(['demo', 'miswired', 'promote-all', '--yes']).status, 3)
    assert.equal(ran(['get-group', '--kubeconfig', '/nonexistent']).status, 1)
  })

  describe("as kubectl's plugin, installed as krew installs it", function () {
    if (kubectl === '')
      before(function () {
        this.skip()
      })
    const root = join(dir, 'krew')
    const bin = join(root, 'bin')
    const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: dir }
    let sim: Sim
    before(async () => {
      const { spec } = load(readFileSync(join(RELEASE, 'rollouts-group.yaml'), 'utf8')) as Manifest
      const { os, arch } = hostTarget()
      const platform = spec.platforms.find(
        ({ selector: { matchLabels: labels } }: Manifest) => labels.os === os && labels.arch === arch,
      )
      assert.equal(sha256(readFileSync(archiveOf(hostTarget()))), platform.sha256)
      const store = join(root, 'store', 'rollouts-group', spec.version)
      unpack(archiveOf(hostTarget()), store)
      mkdirSync(bin)
      symlinkSync(relative(bin, join(store, platform.bin)), join(bin, 'kubectl-rollouts_group'))
      sim = await startSim({ scenario: 'legacy' })
      writeFileSync(join(dir, 'kubeconfig'), sim.kubeconfig())
    })
    after(async () => {
      await sim?.stop()
    })

    it('has a manifest that keeps every rule of krew', () =>
      assert.deepEqual(
        brokenRules('rollouts-group.yaml', readFileSync(join(RELEASE, 'rollouts-group.yaml'), 'utf8')),
        [],
      ))

    it('is listed without a warning', () => {
      const { status, stdout, stderr } = ran(['plugin', 'list', '--name-only'], { env: { ...env, PATH: bin } }, kubectl)
      assert.deepEqual(
        { status, stdout, stderr },
        {
          status: 0,
          stdout: 'The following compatible plugins are available:\n\nkubectl-rollouts_group\n',
          stderr: '',
        },
      )
    })

    it('runs, and its exit codes pass through', () => {
      assert.deepEqual(ran(['rollouts-group', 'version'], { env }, kubectl), { status: 0, stdout: SAID, stderr: '' })
      assert.deepEqual(ran(['rollouts_group', 'version'], { env }, kubectl).stdout, SAID)
      assert.equal(ran(['rollouts-group', 'nonsense'], { env }, kubectl).status, 2)
      assert.equal(ran(['rollouts-group', 'demo', 'miswired', 'promote-all', '--yes'], { env }, kubectl).status, 3)
    })

    it('promotes a group of a cluster', async () => {
      const { code, stdout, stderr } = await run(
        kubectl,
        ['rollouts-group', 'promote-all', 'loan', '-n', 'legacy', '--yes'],
        { env: { ...env, KUBECONFIG: join(dir, 'kubeconfig') } },
      )
      assert.equal(code, 0, stderr)
      assert.match(stdout, /Group loan promoted: 2 of 2/)
    })

    const helpers = [
      [
        'the shim of the archive',
        () =>
          copyFileSync(
            join(dirname(program), 'kubectl_complete-rollouts_group'),
            join(bin, 'kubectl_complete-rollouts_group'),
          ),
      ],
      [
        'a link of that name to the program',
        () => symlinkSync('kubectl-rollouts_group', join(bin, 'kubectl_complete-rollouts_group')),
      ],
    ] as const
    for (const [what, install] of helpers) {
      it(`completes verbs, flags and groups through kubectl with ${what}`, async () => {
        rmSync(join(bin, 'kubectl_complete-rollouts_group'), { force: true })
        install()
        const offered = async (...words: string[]) =>
          (
            await run(kubectl, ['__complete', 'rollouts-group', ...words], {
              env: { ...env, KUBECONFIG: join(dir, 'kubeconfig') },
            })
          ).stdout
        assert.match(await offered('pro'), /^promote-all\tpromote a group[^\n]*\n:4\n/)
        assert.match(await offered('promote-all', '--to-'), /^--to-end\t[^\n]*\n:4\n/)
        assert.match(await offered('get-group', '-n', 'legacy', ''), /^loan\t2 rollouts\n:4\n/)
        assert.match(await offered('get-group', '-n', ''), /^legacy\t2 rollouts\n:4\n/)
      })
    }
  })
})

describe('the npm package', function () {
  this.timeout('3m')
  const dir = mkdtempSync(join(tmpdir(), 'npm-'))
  const tarball = join(RELEASE, `kubectl-rollouts-group-${version}.tgz`)
  after(() => rmSync(dir, { recursive: true }))

  it('holds what is needed to run it, and nothing else', () => {
    const names = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trimEnd().split('\n')
    assert.deepEqual(names.filter((each) => !/^package\/dist\/chunks\/[\w.-]+\.mjs$/.test(each)).sort(), [
      'package/CHANGELOG.md',
      'package/LICENSE',
      'package/README.md',
      'package/THIRD_PARTY_NOTICES',
      'package/bin/kubectl-rollouts_group.cjs',
      'package/dist/ask.js',
      'package/dist/from-files.cjs',
      'package/dist/look.js',
      'package/dist/run.js',
      'package/dist/scripts.json',
      'package/dist/start.cjs',
      'package/package.json',
    ])
    const manifest = JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }))
    for (const field of ['dependencies', 'devDependencies', 'optionalDependencies', 'scripts', 'private'])
      assert.equal(manifest[field], undefined, field)
  })

  it('says which Node it needs where it is run by an older one', () => {
    execFileSync('tar', ['-xzf', tarball, '-C', dir])
    const older = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})"
    const starter = join(dir, 'package', 'bin', 'kubectl-rollouts_group.cjs')
    const words = [`--import=data:text/javascript,${encodeURIComponent(older)}`, starter, 'version']
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, /^error: kubectl-rollouts_group needs Node 22\.19 or later, and \S+ is 20\.1\.0\n$/)
  })

  it('shows, draws and promotes on the oldest Node that it takes', async function () {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } }
    const lock = readLock('test/dist/oldest-node.json')
    const oldest = `node_modules/${hostTarget().nodePackage}` in lock.packages ? hostTarget() : this.skip()
    assert.equal(`>=${locked(oldest.nodePackage, lock).version}`, `${engines.node}.0`)
    const node = join(await packageFolder(oldest.nodePackage, lock), oldest.nodePath)
    execFileSync('tar', ['-xzf', tarball, '-C', dir])
    for (const words of ['legacy promote-all --yes', 'diamond graph', 'legacy get-group -o yaml', 'plain check']) {
      const starter = join(dir, 'package', 'bin', 'kubectl-rollouts_group.cjs')
      const env = { ...process.env, KUBECACHEDIR: join(dir, 'cache') }
      const { status, stderr } = spawnSync(node, [starter, 'demo', ...words.split(' ')], { encoding: 'utf8', env })
      assert.equal(status, 0, `${words}: ${stderr}`)
    }
  })

  it("installs without anything else, runs by npx, as kubectl's plugin, and under another name as completion helper", () => {
    const env = {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      npm_config_cache: join(dir, 'cache'),
      npm_config_offline: 'true',
      HOME: dir,
    }
    execFileSync('npm', ['install', '--prefix', dir, '--no-audit', '--no-fund', tarball], { env, stdio: 'ignore' })
    assert.deepEqual(
      readdirSync(join(dir, 'node_modules')).filter((each) => !each.startsWith('.')),
      ['kubectl-rollouts-group'],
    )
    assert.equal(
      execFileSync('npx', ['--offline', '--yes', '--package', tarball, 'kubectl-rollouts_group', 'version'], {
        env,
        encoding: 'utf8',
        cwd: tmpdir(),
      }),
      SAID,
    )
    assert.equal(
      execFileSync('npx', ['--no-install', 'kubectl-rollouts-group', 'version'], { env, encoding: 'utf8', cwd: dir }),
      SAID,
    )
    const bin = join(dir, 'node_modules', '.bin')
    if (kubectl !== '')
      assert.equal(
        execFileSync(kubectl, ['rollouts-group', 'version'], {
          env: { ...env, PATH: `${bin}:${env.PATH}` },
          encoding: 'utf8',
        }),
        SAID,
      )
    symlinkSync('kubectl-rollouts_group', join(bin, 'kubectl_complete-rollouts_group'))
    assert.match(
      execFileSync(join(bin, 'kubectl_complete-rollouts_group'), ['abo'], { env, encoding: 'utf8' }),
      /^abort-all\t/,
    )
  })
})
