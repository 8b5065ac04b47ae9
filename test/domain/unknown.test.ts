import assert from 'node:assert/strict'
import type { Finding } from '../../src/domain/findings.ts'
import { readGroup } from '../../src/domain/group.ts'
import { makePlan } from '../../src/domain/make-plan.ts'
import type { Plan, PlanOptions, Verb } from '../../src/domain/plan.ts'
import { legacyPair, world, type MemberSpec, type WorldSpec } from '../support/objects.ts'

const planOf = (spec: WorldSpec, options: PlanOptions = {}, verb: Verb = 'promote-all'): Plan => makePlan(readGroup(world(spec), 'loan'), verb, options)
const found = (plan: Plan, code: Finding['code']): Finding[] => plan.findings.filter((each) => each.code === code)
const alone = (name: string, more: Partial<MemberSpec> = {}): MemberSpec => ({ name, live: { version: '1.0' }, next: { version: '2.0' }, ...more })

describe('a release of members of which nothing tells who calls whom', () => {
  const unknown = (plan: Plan): string[] => found(plan, 'wire-unknown').map((each) => `${each.severity} ${each.member}`)

  it('is refused, each member named', () => assert.deepEqual(unknown(planOf({ members: [alone('a'), alone('b')] })), ['error a', 'error b']))
  it('is not withdrawn on good luck either', () => assert.deepEqual(unknown(planOf({ members: [alone('a'), alone('b')] }, {}, 'abort-all')), ['error a', 'error b']))
  it('names only who is connected with nobody', () =>
    assert.deepEqual(unknown(planOf({ members: [...legacyPair().members, alone('z')] })), ['error z']))
  it('names one that was left behind by a half-done release, too', () =>
    assert.deepEqual(unknown(planOf({ members: [alone('a', { live: { version: '2.0' }, next: undefined! }), alone('b')] })), ['error a', 'error b']))
  it('is allowed where they are said to call nobody', () => {
    const annotations = { 'rollouts-group/depends-on': '' }
    assert.deepEqual(unknown(planOf({ members: [alone('a', { annotations }), alone('b', { annotations })] })), [])
  })
  it('is allowed where the user vouches for it', () =>
    assert.deepEqual(unknown(planOf({ members: [alone('a'), alone('b')] }, { trustDependsOn: true })), ['info a', 'info b']))
  it('is nothing odd where one member alone changes', () =>
    assert.deepEqual(unknown(planOf({ members: [alone('a'), alone('b', { next: undefined! })] })), []))
  it('is told in modern mode, and allowed', () => {
    const annotations = { 'rollouts-group/mode': 'modern' }
    assert.deepEqual(unknown(planOf({ members: [alone('a', { annotations }), alone('b', { annotations })] })), ['info a', 'info b'])
  })
  it('says which Secrets are not read', () => {
    const template = { containers: [{ name: 'main', image: 'a', envFrom: [{ secretRef: { name: 'urls' } }] }], volumes: [{ name: 'v', secret: { secretName: 'keys' } }] }
    const plan = planOf({ members: [alone('a', { next: { version: '2.0', template } }), alone('b')] })
    assert.match(found(plan, 'wire-unknown')[0]!.sentence, /\(Secrets are not read, and it uses urls, keys\)/)
  })
})
