import assert from 'node:assert/strict'
import { groupsOf } from '../../src/watch/groups.ts'
import { legacyPair, world } from '../support/objects.ts'

const LABEL = 'app.kubernetes.io/part-of'

/** Rollouts of one namespace with these values of the label. */
function labelled(...values: readonly (string | undefined)[]) {
  const snapshot = world(legacyPair())
  return {
    ...snapshot,
    rollouts: values.map((value, index) => ({
      metadata: { name: `r${index}`, labels: value === undefined ? {} : { [LABEL]: value } },
    })),
  }
}

describe('the groups of a namespace', () => {
  it('are the Rollouts by the value of the label, in alphabetical order', () =>
    assert.deepEqual(
      groupsOf(labelled('shop', 'loan', 'shop'), LABEL).map(({ name, snapshot }) => [name, snapshot.rollouts.length]),
      [
        ['loan', 1],
        ['shop', 2],
      ],
    ))

  it('leave out Rollouts without the label, or with an empty one', () =>
    assert.deepEqual(
      groupsOf(labelled(undefined, '', 'loan'), LABEL).map((each) => each.name),
      ['loan'],
    ))

  it('keep everything else that was read, which all of them share', () => {
    const snapshot = labelled('shop', 'loan')
    for (const group of groupsOf(snapshot, LABEL)) assert.equal(group.snapshot.replicaSets, snapshot.replicaSets)
  })
})
