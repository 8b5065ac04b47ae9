import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { inLanes, isAskedFor } from '../conformance/lanes.ts'
import type { Finished } from '../controlplane/run.ts'
import { type Change, copied, type Product } from './product.ts'
import { FOUND_BY_PROPERTIES, MUTANTS } from './table.ts'

describe('a fault', function () {
  this.timeout('5m')
  const products: Product[] = []
  let done: ReadonlyMap<Change, Promise<Finished>>
  before(async () => {
    for (let width = availableParallelism(); width > 0; width--) products.push(await copied())
    const free = [...products]
    // Each fault has a product of its own while its test runs.
    const made = async (change: Change, runs: (product: Product) => Promise<Finished>): Promise<Finished> => {
      const product = free.pop()!
      try {
        return await product.changed(change, () => runs(product))
      } finally {
        free.push(product)
      }
    }
    done = inLanes(
      new Map<Change, () => Promise<Finished>>([
        ...MUTANTS.filter((each) => isAskedFor(titleOf(each))).map(
          (each) => [each, () => made(each, (product) => runsTest(product, ...each.red))] as const,
        ),
        ...FOUND_BY_PROPERTIES.filter((each) => isAskedFor(titleOf(each))).map(
          (each) => [each, () => made(each, (product) => runsProperty(product, each.by, each.after))] as const,
        ),
      ]),
      products.length,
    )
  })
  after(async () => {
    await Promise.allSettled(done.values())
    await Promise.all(products.map((each) => each[Symbol.asyncDispose]()))
  })

  for (const mutant of MUTANTS) {
    const [, title] = mutant.red
    it(titleOf(mutant), async () => {
      const { stdout, stderr } = await done.get(mutant)!
      const { failures } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { failures: { title: string }[] }
      assert.deepEqual(
        failures.map((each) => each.title),
        [title],
        stdout + stderr,
      )
    })
  }

  for (const mutant of FOUND_BY_PROPERTIES)
    it(titleOf(mutant), async () => {
      const { code, stdout } = await done.get(mutant)!
      assert.notEqual(code, 0, stdout)
      assert.match(stdout, /Property failed after \d+ tests/)
    })
})

function titleOf({ where, ...by }: (typeof MUTANTS)[number] | (typeof FOUND_BY_PROPERTIES)[number]): string {
  return 'red' in by ? `where ${where} turns red: ${by.red[1]}` : `where ${where} turns the properties red`
}

/** What takes long is no fault that was found. */
const PATIENT = ['--no-config', '--timeout', '60000']

function runsTest(product: Product, file: string, title: string): Promise<Finished> {
  return product.runs('mocha/bin/mocha.js', [...PATIENT, '--reporter', 'json', '--fgrep', title, `@/${file}`])
}

function runsProperty(product: Product, by: string, after: number): Promise<Finished> {
  return product.runs('mocha/bin/mocha.js', [...PATIENT, '--fgrep', by, '@/test/properties/*.test.ts'], {
    env: { PROPERTY_RUNS: '500', PROPERTY_AFTER: String(after) },
  })
}
