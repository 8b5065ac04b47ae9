import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../controlplane/run.ts'

/** A fault in the product that the properties must find. */
interface Mutant {
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
}

const MUTANTS: Readonly<Record<string, Mutant>> = {
  'the order is turned round': {
    file: 'src/domain/actions/order.ts',
    from: "direction === 'consumers-first' ? layers : layers.reverse()",
    to: "direction === 'consumers-first' ? layers.reverse() : layers",
  },
  'nothing is proved': {
    file: 'src/domain/plan/make-plan.ts',
    from: 'const unsafe = proof.broken',
    to: 'const unsafe = proof.broken.slice(0, 0)',
  },
  'nothing is drained': {
    file: 'src/execute/prepare.ts',
    from: '!drained && fresh.length > 0 && lingering.length > 0',
    to: 'false',
  },
  'the first wave of a run is not drained': {
    file: 'src/execute/prepare.ts',
    from: '!drained && fresh.length > 0 && lingering.length > 0',
    to: 'index > 0 && !drained && lingering.length > 0',
  },
  'colour is taken from the moment': {
    file: 'src/domain/trace/releases.ts',
    from: "if (revision.role === 'lingering') return versioned === 'next' ? 'next' : 'live'",
    to: "return 'live'",
  },
}

/** The product and its tests in a folder of their own, with one fault. @throws Error where its place is not found */
async function mutated({ file, from, to }: Mutant): Promise<string> {
  const root = join(import.meta.dirname, '../..')
  const copy = await mkdtemp(join(tmpdir(), 'mutant-'))
  for (const each of ['src', 'test', 'package.json']) await cp(join(root, each), join(copy, each), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  const text = await readFile(join(copy, file), 'utf8')
  assert.equal(text.split(from).length, 2, `${file} does not have ${JSON.stringify(from)} exactly once`)
  await writeFile(join(copy, file), text.replace(from, to))
  return copy
}

describe('the properties', function () {
  this.timeout('5m')
  for (const [name, mutant] of Object.entries(MUTANTS)) {
    it(`go red where ${name}`, async () => {
      const copy = await mutated(mutant)
      try {
        const mocha = join(copy, 'node_modules/mocha/bin/mocha.js')
        const done = await run(
          process.execPath,
          [mocha, '--no-config', '--bail', join(copy, 'test/properties/release.test.ts')],
          { env: { PROPERTY_RUNS: '150', PROPERTY_FIRST: 'yes' } },
        )
        assert.notEqual(done.code, 0, done.stdout)
        assert.match(done.stdout, /Property failed after \d+ tests/)
      } finally {
        await rm(copy, { recursive: true, force: true })
      }
    })
  }
})
