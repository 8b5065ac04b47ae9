import assert from 'node:assert/strict'
import { refused } from '../../src/domain/plan/plan.ts'
import { told } from '../support/typed.ts'
import { viewOf, WORLDS } from './worlds.ts'

describe('how a group stands', () => {
  it('is a phase where half of the release is deployed: no error, but nothing to promote yet, and what to deploy next', () => {
    const view = viewOf(WORLDS.halfDeployed)
    assert.equal(view.verdict.words, 'half deployed: my-backend 2.0 can be tried')
    const [finding, ...others] = view.findings
    assert.deepEqual([finding!.code, finding!.severity, others.length], ['left-behind', 'warning', 0])
    assert.match(told(finding!.remedy), /^deploy my-frontend 2\.0 too with BACKEND_HOST=backend-preview,/)
    assert.deepEqual([view.next, refused(view.plan)], [undefined, true])
  })

  it('is nothing to be red about after a good abort: users are where they were', () => {
    const view = viewOf(WORLDS.aborted)
    assert.equal(view.verdict.words, 'withdrawn: users are on 1.0')
    assert.deepEqual(
      view.findings.map((each) => [each.code, each.severity, each.members]),
      [['aborted', 'warning', ['my-backend', 'my-frontend']]],
    )
    assert.equal(refused(view.plan), true)
  })

  it('is an error where one member was aborted and another one waits for it', () =>
    assert.equal(viewOf(WORLDS.halfAborted).verdict.state, 'aborted'))

  it('never leads to what says the same again', () => {
    for (const [name, spec] of Object.entries(WORLDS)) {
      const { next, verdict } = viewOf(spec)
      if (next?.words[0] === 'check') assert.match(verdict.words, /live-wired-to-next/, name)
    }
  })
})
