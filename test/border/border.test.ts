import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { playAll } from './in-parallel.ts'
import { type Outcome, play } from './scene.ts'
import { rows } from './table.ts'

/** Another build can be tested, too. */
const LAUNCHER = resolve(process.env['LAUNCHER'] ?? 'bin/kubectl-rollouts_group')

describe('at the border, what is built', function () {
  let outcomes: ReadonlyMap<string, Outcome>
  before(async function () {
    this.timeout(300_000)
    outcomes = await playAll((row) => play(row, LAUNCHER, ['get-group', '--request-timeout=20s']))
  })

  for (const [title, { seen, says }] of rows()) {
    it(`is held with ${title}`, () => {
      const { stderr, stdout, ...outcome } = outcomes.get(title)!
      assert.equal(outcome.seen, seen, stderr)
      assert.doesNotMatch(stderr, /secret|pa:ss|pa%3Ass|internal error|\n {4}at /)
      if (says !== undefined) assert.match(stderr, says)
    })
  }
})
