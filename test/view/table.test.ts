import assert from 'node:assert/strict'
import fc from 'fast-check'
import { grid } from '../../src/view/draw/grid.ts'
import { drawTable } from '../../src/view/draw/table.ts'

const WORDS = fc.constantFrom('', 'a', 'my-backend', '1.0  3/3', '✔ one version', '日本', 'é', '└ x', 'a b c')

describe('a table', () => {
  it('is the same drawn by padding and by cli-table3, whatever it holds', () => {
    const rows = fc.array(fc.array(WORDS, { minLength: 3, maxLength: 3 }), { maxLength: 4 })
    const columns = ['NAME', 'LIVE', ''].map((title, index) => ({ title, keep: index, shrinksTo: 4 }))
    fc.assert(
      fc.property(rows, fc.option(fc.integer({ min: 10, max: 60 })), fc.boolean(), (texts, width, headers) => {
        const cells = texts.map((row) => row.map((text) => ({ text })))
        const options = { width: width ?? undefined, headers, paint: ({ text }: { text: string }) => `<${text}>` }
        assert.deepEqual(drawTable(columns, cells, options), drawTable(columns, cells, { ...options, layout: grid }))
      }),
    )
  })
})
