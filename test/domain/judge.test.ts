import assert from 'node:assert/strict'
import { judge } from '../../src/domain/plan/judge.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { legacyPair } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'

describe('a judgement', () => {
  const group = groupOf(legacyPair())

  it('is made once for a group and what is asked of it', () => {
    assert.equal(judge(group), judge(group, {}))
    assert.equal(
      judge(group, { allow: new Set(['mixed-window', 'small-preview']) }),
      judge(group, { allow: new Set(['small-preview', 'mixed-window']) }),
    )
  })

  it('is another one for another group, though all its objects are the same, and for other options', () => {
    assert.notEqual(judge(group), judge({ ...group }))
    assert.notEqual(judge(group), judge(group, { full: true }))
    assert.notEqual(judge(group, { allow: new Set(['mixed-window']) }), judge(group))
  })

  it('works each part out once, when it is asked for', () => {
    const judged = judge(group)
    assert.equal(judged.graph, judged.graph)
    assert.equal(judged.scene.releases, judged.releases)
    for (const verb of ['promote-all', 'abort-all'] as const) {
      assert.equal(judged.plan(verb), judged.plan(verb))
      assert.deepEqual(judged.plan(verb), makePlan(group, verb))
      assert.equal(judged.checks(verb), judged.checks(verb))
    }
  })
})
