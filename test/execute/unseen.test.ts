import assert from 'node:assert/strict'
import { finished, living, writes } from '../support/virtual-run.ts'

/** Codes of what forbids a plan. */
const errors = ({ plan }: Awaited<ReturnType<typeof finished>>): string[] => plan.findings.filter((each) => each.severity === 'error').map((each) => `${each.code} ${each.member}`)

describe('what is not in the group', () => {
  for (const name of ['legacy', 'miswired']) {
    it(`is not taken for something that does not exist: a backend that lost its label (${name})`, async () => {
      const world = living(name)
      world.store.patch('rollouts', name, 'my-backend', { type: 'merge', body: { metadata: { labels: { 'app.kubernetes.io/part-of': null } } } })
      const result = await finished(world)
      assert.deepEqual([result.exit, errors(result), writes(world.requests)], [3, ['outside-group my-frontend'], []])
    })
  }
})
