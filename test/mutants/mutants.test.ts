import assert from 'node:assert/strict'
import { copied, type Product } from './product.ts'
import { FOUND_BY_PROPERTIES, MUTANTS } from './table.ts'

describe('a fault', function () {
  this.timeout('5m')
  let product: Product
  before(async () => {
    product = await copied()
  })
  after(() => product[Symbol.asyncDispose]())

  for (const { where, red, ...change } of MUTANTS)
    it(`where ${where} turns red: ${red[1]}`, async () => {
      const [file, title] = red
      const done = await product.changed(change, () =>
        product.runs('mocha/bin/mocha.js', ['--no-config', '--reporter', 'json', '--fgrep', title, `@/${file}`]),
      )
      const { failures } = JSON.parse(done.stdout.slice(done.stdout.indexOf('{'))) as { failures: { title: string }[] }
      assert.deepEqual(
        failures.map((each) => each.title),
        [title],
        done.stdout + done.stderr,
      )
    })

  for (const { where, by, after: played, ...change } of FOUND_BY_PROPERTIES)
    it(`where ${where} turns the properties red`, async () => {
      const done = await product.changed(change, () =>
        product.runs('mocha/bin/mocha.js', ['--no-config', '--fgrep', by, '@/test/properties/*.test.ts'], {
          env: { PROPERTY_RUNS: '500', PROPERTY_AFTER: String(played) },
        }),
      )
      assert.notEqual(done.code, 0, done.stdout)
      assert.match(done.stdout, /Property failed after \d+ tests/)
    })
})
