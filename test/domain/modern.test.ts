import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { type Plan, refused } from '../../src/domain/plan/plan.ts'
import { groupView } from '../../src/view/words/group-view.ts'
import { type MemberSpec, world } from '../support/objects.ts'

const waiting = (name: string, more: Partial<MemberSpec> = {}): MemberSpec => ({
  name,
  live: { version: '1.0', env: { OTHER: 'api-active' } },
  next: { version: '2.0', env: { OTHER: 'api-active' } },
  ...more,
})
const OF_1 = { 'rollouts-group/release': '1.0' }
const PINNED = { live: { version: '1.0', env: { OTHER: 'api-1-0' }, labels: OF_1 } }
const ABORTED = {
  abort: true,
  abortedAt: '2026-01-01T11:59:00Z',
  phase: 'Degraded',
  message: 'RolloutAborted',
  pauseConditions: [],
  controllerPause: false,
}

const planOf = (...members: MemberSpec[]): Plan =>
  makePlan(readGroup(world({ members }), 'loan', 'modern'), 'promote-all')
const promoted = (plan: Plan) => plan.waves.map((wave) => wave.map((step) => step.member))

describe('in modern mode', () => {
  it('all that waits is promoted at once, and nobody waits for old pods', () => {
    const plan = planOf(waiting('web'), waiting('api'))
    assert.deepEqual(promoted(plan), [['api', 'web']])
    assert.deepEqual(
      plan.waves.flat().flatMap((step) => step.drain),
      [],
    )
  })

  it('consumers of Services of a release are promoted first: these select nobody else', () => {
    const spec = { members: [waiting('web', PINNED), waiting('api', { live: { version: '1.0', labels: OF_1 } })] }
    const { services, ...snapshot } = world(spec)
    const own = { metadata: { name: 'api-1-0' }, spec: { selector: { app: 'api', ...OF_1 }, ports: [{ port: 80 }] } }
    const group = readGroup({ ...snapshot, services: [...services, own] }, 'loan', 'modern')
    const plan = makePlan(group, 'promote-all')
    assert.deepEqual([promoted(plan), refused(plan)], [[['web'], ['api']], false])
    assert.deepEqual(
      groupView(group, 0).rows.map(({ note }) => note.text),
      ['promote at any time', 'promote 2nd, after web'],
    )
    assert.deepEqual(
      plan.waves.map((wave) => wave.flatMap((step) => step.drain.map(({ member }) => member))),
      [[], ['web']],
    )
    assert.match(plan.apart![0]!.why, /^together, users could reach Service api-1-0 with no ready endpoint/)
  })

  it('members of which all were aborted are refused: nobody is promoted', () => {
    const plan = planOf(waiting('web', { status: ABORTED }), waiting('api', { status: ABORTED }))
    assert.deepEqual(
      plan.skipped.map((each) => [each.member, each.refused]),
      [
        ['api', true],
        ['web', true],
      ],
    )
  })

  it('a member that was aborted stops no other', () => {
    const plan = planOf(waiting('web', { status: ABORTED }), waiting('api'))
    assert.deepEqual([promoted(plan), refused(plan)], [[['api']], false])
    assert.deepEqual(
      plan.skipped.map((each) => [each.member, each.refused]),
      [['web', undefined]],
    )
    assert.match(plan.skipped[0]!.why, /^web 2\.0 was aborted/)
  })

  it('a member that is paused by hand is refused, and stops no other', () => {
    const plan = planOf(waiting('web', { spec: { paused: true } }), waiting('api'))
    assert.deepEqual([promoted(plan), refused(plan)], [[['api']], false])
    assert.deepEqual(
      plan.skipped.map((each) => [each.member, each.refused]),
      [['web', true]],
    )
  })

  it('nothing is done where all members are refused', () => {
    const plan = planOf(waiting('web', { spec: { paused: true } }))
    assert.deepEqual([promoted(plan), refused(plan)], [[], true])
  })

  it('the same trouble refuses all in legacy mode', () => {
    const members = [waiting('web', { spec: { paused: true } }), waiting('api')]
    assert.equal(refused(makePlan(readGroup(world({ members }), 'loan', 'legacy'), 'promote-all')), true)
  })
})
