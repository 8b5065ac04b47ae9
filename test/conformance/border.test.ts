import assert from 'node:assert/strict'
import { join } from 'node:path'
import { playAll } from '../border/in-parallel.ts'
import { type Outcome, play } from '../border/scene.ts'
import { rows } from '../border/table.ts'
import { plane } from './plane.ts'

describe('at the border, kubectl', function () {
  let outcomes: ReadonlyMap<string, Outcome>
  before(async () => {
    const words = ['get', '--raw', '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts']
    outcomes = await playAll((row) => play(row, join(plane().binDir, 'kubectl'), words))
  })

  for (const [title, { seen, kubectl }] of rows()) {
    it(`does ${kubectl === undefined ? 'the same' : 'otherwise'} with ${title}`, () => {
      const outcome = outcomes.get(title)!
      assert.equal(outcome.seen, kubectl?.seen ?? seen, outcome.stderr)
      assert.notEqual(kubectl?.seen, seen, 'no difference is left to give a reason for')
    })
  }
})
