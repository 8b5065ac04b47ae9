import assert from 'node:assert/strict'
import { isGuarded } from '../../src/cluster/guarded.ts'

const MARKED = { extensions: [{ name: 'rollouts-group/protected', extension: true }] }

describe('a context marked as production', () => {
  for (const [patterns, name, is] of [
    ['prod', 'prod', true],
    ['prod', 'prod-eu', false],
    ['prod-*', 'prod-eu', true],
    ['*prod*', 'arn:aws:eks:eu/prod.1', true],
    ['a, *-live', 'shop-live', true],
    ['.*', 'prod', false],
    ['', 'prod', false],
  ] as const)
    it(`by the pattern ${JSON.stringify(patterns)} ${is ? 'is' : 'is not'} ${name}`, () =>
      assert.equal(isGuarded(name, undefined, { ROLLOUTS_GROUP_PROTECTED: patterns }), is))

  it('is one that the kubeconfig marks', () => {
    assert.equal(isGuarded('any', MARKED, {}), true)
    assert.equal(isGuarded('any', { extensions: [{ name: 'rollouts-group/protected', extension: false }] }, {}), false)
    assert.equal(isGuarded('any', { extensions: 'none' }, {}), false)
  })
})
