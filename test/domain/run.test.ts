import assert from 'node:assert/strict'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import type { Verb } from '../../src/domain/intent.ts'
import { preconditionOf } from '../../src/domain/actions/precondition.ts'
import { compared } from '../../src/domain/run/approved-plan.ts'
import { confirmedOf, regrouped, undone } from '../../src/domain/run/confirmed.ts'
import type { Group } from '../../src/domain/group/read-group.ts'
import { legacyPair, type MemberSpec, type WorldSpec } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'

const planned = (spec: WorldSpec = legacyPair(), verb: Verb = 'promote-all') => makePlan(groupOf(spec), verb)
const back = (change: Partial<MemberSpec>): WorldSpec => legacyPair({ backend: change })
/** The same group, whose backend was deleted and made anew. */
const anew = (): Group => {
  const group = groupOf(legacyPair())
  return {
    ...group,
    members: group.members.map((each) => (each.name === 'my-backend' ? { ...each, uid: 'new' } : each)),
  }
}
const promoted: Partial<MemberSpec> = { live: { version: '1.0' }, next: { version: '2.0' } }
const done = (name: string): Partial<MemberSpec> => ({
  ...promoted,
  active: 'next',
  status: { stableRS: `${name}next`, pauseConditions: [], blueGreen: { activeSelector: `${name}next` } },
})
const aborted = { abort: true, abortedAt: '2026-01-01T00:00:00Z', phase: 'Degraded', pauseConditions: [] }

describe('a Rollout that was deleted and made anew', () => {
  const [, [step]] = planned().waves as [unknown, [Parameters<typeof preconditionOf>[0]]]
  it('is not what a step was decided on', () =>
    assert.deepEqual(preconditionOf(step, anew()), {
      state: 'changed',
      why: 'rollout/my-backend was deleted and made anew',
    }))
  it('is not what was confirmed', () =>
    assert.equal(regrouped(confirmedOf(groupOf(legacyPair())), anew()), 'rollout/my-backend was deleted and made anew'))
  it('is not what a plan was saved for', () => {
    const result = compared(planned(), makePlan(anew(), 'promote-all'), anew())
    assert.equal(result.state, 'outdated')
    assert.match(result.state === 'outdated' ? result.reports[0]!.detail : '', /it was deleted and made anew/)
  })
})

describe('what was confirmed', () => {
  const confirmed = confirmedOf(groupOf(legacyPair()))
  const rows: readonly [what: string, group: Group, why: string | undefined][] = [
    ['holds while the members are the same', groupOf(back({ status: aborted })), undefined],
    [
      'holds no more where a member is gone',
      groupOf({ members: legacyPair().members.slice(0, 1) }),
      'rollout/my-backend is not in the group any more, so nobody can tell what its users would meet',
    ],
    [
      'holds no more where one has joined',
      groupOf({ members: [...legacyPair().members, { name: 'zoo', live: {} }] }),
      'rollout/zoo has joined the group, which nobody has confirmed',
    ],
  ]
  for (const [what, group, why] of rows) it(what, () => assert.equal(regrouped(confirmed, group), why))
})

describe('a step that was done', () => {
  const stepOf = (verb: Verb, spec: WorldSpec = legacyPair()) =>
    planned(spec, verb)
      .waves.flat()
      .find((each) => each.member === 'my-backend')!
  const users = '; its users are on 1.0'
  const rows: readonly [what: string, verb: Verb, spec: WorldSpec, why: string | undefined][] = [
    ['holds while users are on what it brought', 'promote-all', back(done('backend')), undefined],
    [
      'holds no more where they are not',
      'promote-all',
      legacyPair(),
      `my-backend was promoted to 2.0, and is not on it any more${users}`,
    ],
    [
      'holds no more where another revision was applied since',
      'promote-all',
      back({ ...promoted, status: { currentPodHash: 'backendlingering' }, lingering: { version: '3.0' } }),
      'my-backend was promoted to 2.0, but 3.0 was applied since',
    ],
    ['holds while what it withdrew is withdrawn', 'abort-all', back({ status: aborted }), undefined],
    [
      'holds no more where that is under way again',
      'abort-all',
      legacyPair(),
      `my-backend 2.0 was withdrawn, and is under way again${users}`,
    ],
    ['holds while the stable template is in place', 'abort-all', back({ next: undefined! }), undefined],
  ]
  for (const [what, verb, spec, why] of rows) it(what, () => assert.equal(undone(stepOf(verb), groupOf(spec)), why))

  const canary = (index: number): WorldSpec => ({
    members: [
      {
        name: 'my-backend',
        canary: { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 50 }, { pause: {} }], index },
        live: { version: '1.0' },
        next: { version: '2.0' },
      },
    ],
  })
  it('holds while a canary stands at the gate it was led to, or further', () =>
    assert.equal(undone(stepOf('promote-all', canary(1)), groupOf(canary(3))), undefined))
  it('holds no more where a canary is at an earlier gate', () =>
    assert.equal(
      undone(stepOf('promote-all', canary(1)), groupOf(canary(1))),
      `my-backend 2.0 is not at the gate any more that it was promoted to${users}`,
    ))
})

describe('a saved plan', () => {
  const half = legacyPair({
    frontend: { live: { version: '2.0', env: { BACKEND_HOST: 'backend-preview' } }, next: undefined! },
  })
  const all: WorldSpec = legacyPair({ frontend: done('frontend'), backend: done('backend') })
  const rows: readonly [what: string, now: WorldSpec, state: string, detail: RegExp | undefined][] = [
    ['is carried out where nothing has moved', legacyPair(), 'same', undefined],
    ['is over where all of it is done', all, 'over', /^it is on 2\.0 already$/],
    [
      'is out of date where something else would be done now',
      half,
      'outdated',
      /^the plan says promote 1\.0 → 2\.0; now it is on 2\.0 and nothing waits$/,
    ],
  ]
  for (const [what, now, state, detail] of rows)
    it(what, () => {
      const result = compared(planned(), planned(now), groupOf(now))
      assert.equal(result.state, state)
      if (detail !== undefined) assert.match('reports' in result ? result.reports[0]!.detail : '', detail)
    })
  it('is of one namespace', () => {
    const elsewhere = { ...planned(), namespace: 'elsewhere' }
    const result = compared(elsewhere, planned(), groupOf(legacyPair()))
    assert.match('reports' in result ? result.reports[0]!.detail : '', /^the plan is one of namespace elsewhere$/)
  })
})
