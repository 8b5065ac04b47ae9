import assert from 'node:assert/strict'
import { contextOf } from '../../src/domain/checks/context.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import type { PlanOptions } from '../../src/domain/intent.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { refused } from '../../src/domain/plan/plan.ts'
import { planLine } from '../../src/domain/plan/plan-line.ts'
import { violations } from '../../src/domain/trace/violations.ts'
import { world } from '../support/objects.ts'
import { told } from '../support/scenes.ts'

/** Users are on web 2.0, which calls the backend that waits; web 1.0, its earlier ReplicaSet, waits in its turn. */
function undone() {
  const snapshot = world({
    members: [
      {
        name: 'web',
        live: { version: '2.0', env: { API_HOST: 'api-preview' } },
        next: { version: '1.0', env: { API_HOST: 'api-active' } },
      },
      { name: 'api', live: { version: '1.0' }, next: { version: '2.0' } },
    ],
  })
  const earlier = (snapshot.replicaSets as any[]).map((each) =>
    each.metadata.labels.app === 'web' && each.spec.template.spec.containers[0].env[0].value === '1.0'
      ? { ...each, metadata: { ...each.metadata, creationTimestamp: '2025-01-01T00:00:00Z' } }
      : each,
  )
  return readGroup({ ...snapshot, replicaSets: earlier }, 'loan')
}

describe('a consumer that was promoted, and is undone past its delay', () => {
  const plan = (verb: 'promote-all' | 'abort-all', options: PlanOptions = {}) => makePlan(undone(), verb, options)
  const errors = (...of: Parameters<typeof plan>): string[] =>
    plan(...of)
      .findings.filter((each) => each.severity === 'error')
      .map((each) => `${each.code}: ${JSON.stringify(each.remedy)}`)

  it('has users who meet one version', () =>
    assert.deepEqual(told(violations(contextOf(undone(), 'promote-all', {}).scene)), []))

  it('is not withdrawn together with what its users reach, nor promoted together with it', () => {
    for (const verb of ['abort-all', 'promote-all'] as const) {
      assert.equal(refused(plan(verb)), true)
      assert.match(errors(verb).join(), /let web go back alone: .*"promote-all","--only=web".*abort-all/)
    }
  })

  it('goes back alone, and then the backend is withdrawn', () => {
    const alone = plan('promote-all', { only: ['web'] })
    assert.deepEqual(errors('promote-all', { only: ['web'] }), [])
    assert.match(planLine(alone), /^1 promote web 1\.0/)
  })
})
