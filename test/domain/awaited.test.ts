import assert from 'node:assert/strict'
import { nearnessOf, type Awaited } from '../../src/domain/awaited.ts'
import { readGroup } from '../../src/domain/group.ts'
import { legacyPair, world, type WorldSpec } from '../support/objects.ts'
import { WORLDS } from '../view/worlds.ts'

const near = (spec: WorldSpec, awaited: Awaited): string => {
  const nearness = nearnessOf(readGroup(world(spec), 'loan'), awaited)
  return nearness.state === 'there' ? 'there' : `${nearness.state}: ${nearness.why}`
}

describe('what a group is waited for', () => {
  const aborted = 'never: my-backend 2.0 was aborted; my-frontend 2.0 was aborted'
  const waits = 'not-yet: my-backend: 2.0 stands at its gate; my-frontend: 2.0 stands at its gate'
  const starting = 'my-frontend: 1 of 3 pods of 2.0 available'
  const cases: Record<string, [WorldSpec, Record<Awaited, string>]> = {
    'where a release waits': [WORLDS.ready, {
      gate: 'there', promoted: waits, healthy: waits, aborted: 'not-yet: my-backend: 2.0 is not withdrawn; my-frontend: 2.0 is not withdrawn', matched: 'there',
    }],
    'where one gets ready': [WORLDS.starting, {
      gate: `not-yet: ${starting}`, promoted: `not-yet: my-backend: 2.0 stands at its gate; ${starting}`, healthy: `not-yet: my-backend: 2.0 stands at its gate; ${starting}`,
      aborted: 'not-yet: my-backend: 2.0 is not withdrawn; my-frontend: 2.0 is not withdrawn', matched: 'there',
    }],
    'where nothing waits': [WORLDS.settled, { gate: 'not-yet: nothing waits: no member has a new version', promoted: 'there', healthy: 'there', aborted: 'there', matched: 'there' }],
    'where one was aborted': [WORLDS.aborted, { gate: aborted, promoted: aborted, healthy: aborted, aborted: 'there', matched: 'there' }],
    'where half is promoted': [WORLDS.half, {
      gate: 'there', promoted: 'not-yet: my-backend: 2.0 stands at its gate', healthy: 'not-yet: my-backend: 2.0 stands at its gate', aborted: 'not-yet: my-backend: 2.0 is not withdrawn', matched: 'there',
    }],
    'where users reach nobody': [WORLDS.empty, {
      gate: 'there', promoted: waits, healthy: waits, aborted: 'not-yet: my-backend: 2.0 is not withdrawn; my-frontend: 2.0 is not withdrawn',
      matched: 'not-yet: users reach Service backend-active with no ready endpoint (my-frontend 1.0)',
    }],
  }
  for (const [where, [spec, expected]] of Object.entries(cases)) {
    for (const [awaited, told] of Object.entries(expected)) it(`is told ${where}: ${awaited}`, () => assert.equal(near(spec, awaited as Awaited), told))
  }

  const stale = legacyPair({ frontend: { status: { observedGeneration: '3', abort: true } } })
  for (const awaited of ['gate', 'promoted', 'healthy', 'aborted', 'matched'] as const) {
    it(`is neither there nor lost where a status is not current: ${awaited}`, () => assert.match(near(stale, awaited), /^not-yet: my-frontend: /))
    it(`is not judged where a Rollout cannot be read: ${awaited}`, () => assert.match(near(legacyPair({ frontend: { spec: { strategy: {} } } }), awaited), /^never: rollout\/my-frontend cannot be read: /))
  }

  it('is no gate where somebody has paused the Rollout', () =>
    assert.equal(near(legacyPair({ backend: { spec: { paused: true } } }), 'gate'), 'not-yet: my-backend: it is paused by hand (spec.paused)'))
  it('is not healthy while a member without a release is not', () => {
    const settled = legacyPair({ frontend: { next: undefined! }, backend: { next: undefined!, status: { phase: 'Degraded', message: 'ProgressDeadlineExceeded' } } })
    assert.deepEqual([near(settled, 'promoted'), near(settled, 'healthy')], ['there', 'not-yet: my-backend: Degraded, ProgressDeadlineExceeded'])
  })
})
