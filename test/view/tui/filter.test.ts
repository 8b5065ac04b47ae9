import assert from 'node:assert/strict'
import { passes } from '../../../src/view/tui/filter.ts'

const LABELS = [new Map([['team', 'pay']]), new Map([['tier', 'web']])]

const CASES: readonly (readonly [filter: string, name: string, is: boolean])[] = [
  ['', 'loan', true],
  ['oa', 'loan', true],
  ['ao', 'loan', false],
  ['!oa', 'loan', false],
  ['!ao', 'loan', true],
  ['!', 'loan', true],
  ['-f ln', 'loan', true],
  ['-f nl', 'loan', false],
  ['-f', 'loan', true],
  ['-l team=pay', 'loan', true],
  ['-l team=shop', 'loan', false],
  ['-l team!=shop', 'loan', true],
  ['-l tier', 'loan', true],
  ['-l team=pay,tier=web', 'loan', false],
  ['-l ', 'loan', true],
]

describe('a filter of the live screen', () => {
  for (const [filter, name, is] of CASES)
    it(`${filter === '' ? 'nothing' : filter} ${is ? 'leaves' : 'hides'} ${name}`, () =>
      assert.equal(passes(filter, name, LABELS), is))
})
