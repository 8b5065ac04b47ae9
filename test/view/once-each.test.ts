import assert from 'node:assert/strict'
import { onceEach } from '../../src/view/words/once-each.ts'

describe('a reason that several members have', () => {
  it('is said of the first', () => {
    assert.deepEqual(onceEach(['it stays on 1.0: web is degraded', 'it stays on 2.0: web is degraded']), [
      'it stays on 1.0: web is degraded',
      'it stays on 2.0, for the same reason',
    ])
  })

  it('is said again where it is another', () => {
    const details = ['it stays on 1.0: web is degraded', 'it stays on 1.0: api is degraded']
    assert.deepEqual(onceEach(details), details)
  })

  it('in a parenthesis leaves the sentence around it whole', () => {
    const late = 'this step was not sent (it waited for this: web (v2) has old pods: 2 of 2) when the time was up'
    assert.deepEqual(onceEach([late, late]), [late, 'this step was not sent when the time was up, for the same reason'])
  })

  it('is what is behind a colon, where a parenthesis before it has one, too', () => {
    assert.deepEqual(onceEach(['it stays (now: on 1.0): web is degraded', 'it stays (now: on 2.0): web is degraded']), [
      'it stays (now: on 1.0): web is degraded',
      'it stays (now: on 2.0), for the same reason',
    ])
  })

  it('is none in a parenthesis that is never closed, or has none', () => {
    for (const each of ['it says (and no more: that', 'my-web 2.0 (not 1.0) was applied'])
      assert.deepEqual(onceEach([each, each]), [each, each])
  })
})
