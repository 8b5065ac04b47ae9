import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Says on standard error of each script whether what V8 made of it before was there, and taken. */
const TELLING = `
const vm = require('node:vm')
const { basename } = require('node:path')
const { Script } = vm
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options)
    const told = options.cachedData === undefined ? 'compiled' : this.cachedDataRejected ? 'refused' : 'taken'
    process.stderr.write(basename(options.filename) + ' ' + told + '\\n')
  }
}`

describe('what V8 made of the scripts in a former run', function () {
  this.timeout(30_000)
  const dir = mkdtempSync(join(tmpdir(), 'compiled-'))
  const cache = join(dir, 'cache')
  const hook = join(dir, 'telling.cjs')
  before(() => writeFileSync(hook, TELLING))
  beforeEach(() => rmSync(cache, { recursive: true, force: true }))
  after(() => rmSync(dir, { recursive: true }))

  /** Completes groups of a server that is not there: an answer all the same. */
  const run = (env: Readonly<Record<string, string>> = {}, words = ['__complete', 'get-group', '']) => {
    const { PATH = '' } = process.env
    const said = join(dir, 'stderr')
    const stdout = execFileSync('sh', ['-c', '"$0" "$@" 2>"$SAID"', resolve('bin/kubectl-rollouts_group'), ...words], {
      encoding: 'utf8',
      env: {
        PATH,
        SAID: said,
        HOME: dir,
        KUBECONFIG: '/dev/null',
        KUBECACHEDIR: cache,
        NODE_OPTIONS: `-r ${hook}`,
        ...env,
      },
    })
    return { stdout, told: readFileSync(said, 'utf8').match(/^ask\.js \w+$/gm) ?? [] }
  }
  const place = () => {
    const [build = ''] = readdirSync(join(cache, 'rollouts-group'))
    return join(cache, 'rollouts-group', build)
  }
  const file = () => join(place(), '__complete-ask.js')

  it('is taken by the next one of the same verb, and by no other', () => {
    const first = run()
    assert.deepEqual(first.told, ['ask.js compiled'])
    assert.deepEqual([statSync(place()).mode & 0o777, statSync(file()).mode & 0o777], [0o700, 0o600])
    assert.deepEqual(run(), { stdout: first.stdout, told: ['ask.js taken'] })
    assert.deepEqual(run({}, ['demo', 'legacy', 'get-group']).told[0], 'ask.js compiled')
  })

  it('is kept below the home where kubectl has its cache', () => {
    const { PATH = '' } = process.env
    execFileSync('bin/kubectl-rollouts_group', ['__complete', 'get-group', ''], {
      env: { PATH, HOME: dir, KUBECONFIG: '/dev/null' },
    })
    assert.equal(readdirSync(join(dir, '.kube', 'cache', 'rollouts-group')).length, 1)
  })

  it('is not kept in a home that is not there, nor is this made', () => {
    const { PATH = '' } = process.env
    const home = join(dir, 'gone')
    execFileSync('bin/kubectl-rollouts_group', ['__complete', 'get-group', ''], {
      env: { PATH, HOME: home, KUBECONFIG: '/dev/null' },
    })
    assert.ok(!existsSync(home))
  })

  for (const [what, change] of [
    [
      'is not as it was written',
      (path: string) => {
        const bytes = readFileSync(path)
        bytes[bytes.length >> 1]! ^= 1
        writeFileSync(path, bytes)
      },
    ],
    ['is cut off', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 1000))],
    ['is empty', (path: string) => writeFileSync(path, '')],
    ['may be written by others', (path: string) => chmodSync(path, 0o620)],
    [
      'is a link',
      (path: string) => {
        renameSync(path, `${path}.there`)
        symlinkSync(`${path}.there`, path)
      },
    ],
    [
      'is a pipe',
      (path: string) => {
        rmSync(path)
        execFileSync('mkfifo', [path])
      },
    ],
  ] as const)
    it(`is made anew where it ${what}`, () => {
      run()
      change(file())
      assert.deepEqual(run().told, ['ask.js compiled'])
      assert.deepEqual(run().told, ['ask.js taken'])
    })

  it('gathers what the first three runs needed', () => {
    const runs = [1, 2, 3, 4].map(() => {
      run()
      return [readFileSync(file())[4], statSync(file()).ino]
    })
    assert.deepEqual(
      runs.map(([count]) => count),
      [1, 2, 3, 3],
    )
    assert.equal(runs[2]![1], runs[3]![1])
  })

  it('is of the verb, wherever it stands, and not of what asks for help', () => {
    run({}, ['__complete', 'get-group', ''])
    run({}, ['-n', 'legacy', 'get-group', '-h'])
    assert.deepEqual(
      [...new Set(readdirSync(place()).map((each) => each.replace(/-\w+\.js$/, '')))],
      ['__complete', 'help'],
    )
  })

  for (const what of ['cache', 'cache/rollouts-group', 'the build'])
    it(`is neither read nor written where others may write into its directory: ${what}`, () => {
      run()
      const before = statSync(file()).mtimeMs
      chmodSync(what === 'the build' ? place() : join(dir, what), 0o777)
      assert.deepEqual(run().told, ['ask.js compiled'])
      assert.equal(statSync(file()).mtimeMs, before)
    })

  it('is not looked for in a working directory', () => {
    assert.deepEqual(run({ KUBECACHEDIR: 'build/cache' }).told, ['ask.js compiled'])
    assert.ok(!existsSync('build/cache'))
  })

  it('is neither read nor written where Node is to keep none', () => {
    assert.deepEqual(run({ NODE_DISABLE_COMPILE_CACHE: '1' }).told, ['ask.js compiled'])
    assert.throws(() => readdirSync(cache), { code: 'ENOENT' })
  })

  it('is done without where it cannot be written', () => {
    writeFileSync(cache, 'a file')
    for (const _ of [1, 2]) assert.deepEqual(run().told, ['ask.js compiled'])
  })

  it('goes a month after its program was there for the last time', () => {
    const [old, recent] = ['old', 'recent'].map((each) => join(cache, 'rollouts-group', each))
    for (const each of [old!, recent!]) mkdirSync(each, { recursive: true, mode: 0o700 })
    const then = Date.now() / 1000 - 31 * 24 * 60 * 60
    utimesSync(old!, then, then)
    run()
    assert.deepEqual(readdirSync(join(cache, 'rollouts-group')).includes('old'), false)
    assert.deepEqual(readdirSync(join(cache, 'rollouts-group')).includes('recent'), true)
  })
})
