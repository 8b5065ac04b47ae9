import assert from 'node:assert/strict'
import { graphOf } from '../../src/domain/group/call-graph.ts'
import { type Group, readGroup } from '../../src/domain/group/read-group.ts'
import type { Snapshot } from '../../src/domain/group/snapshot.ts'
import { frontDoorsIn } from '../../src/domain/objects/front-door.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { planLine } from '../../src/domain/plan/plan-line.ts'
import { type MemberSpec, world } from '../support/objects.ts'

const ingress = (...services: readonly string[]) => ({
  metadata: { name: 'shop', namespace: 'legacy' },
  spec: { rules: [{ http: { paths: services.map((name) => ({ backend: { service: { name } } })) } }] },
})
const route = (backend: object) => ({
  metadata: { name: 'api', namespace: 'legacy' },
  spec: { rules: [{ backendRefs: [backend] }] },
})

describe('what leads in from outside', () => {
  const rows: readonly [what: string, object: unknown, services: readonly (readonly [string, string])[]][] = [
    [
      'an Ingress, by its paths',
      ingress('web-active', 'api-active'),
      [
        ['web-active', 'Ingress shop'],
        ['api-active', 'Ingress shop'],
      ],
    ],
    [
      'an Ingress, by its default backend',
      { metadata: { name: 'shop' }, spec: { defaultBackend: { service: { name: 'web-active' } } } },
      [['web-active', 'Ingress shop']],
    ],
    ['an HTTPRoute', route({ name: 'api-active', port: 80 }), [['api-active', 'HTTPRoute api']]],
    [
      'an HTTPRoute of this namespace by its name',
      route({ name: 'api', namespace: 'legacy' }),
      [['api', 'HTTPRoute api']],
    ],
    ['no HTTPRoute to another namespace', route({ name: 'api', namespace: 'other' }), []],
    ['no HTTPRoute to what is no Service', route({ name: 'api', kind: 'Bucket' }), []],
    ['nothing that is malformed', { spec: { rules: [{ http: 'x', backendRefs: [7] }] } }, []],
  ]
  for (const [what, object, expected] of rows)
    it(`is ${what}`, () => assert.deepEqual([...frontDoorsIn([object])!], expected))
})

describe('a member that others call', () => {
  const member = (name: string, calls?: string, more: Partial<MemberSpec> = {}): MemberSpec => {
    const env = (role: string) => (calls === undefined ? {} : { URL: `${calls}-${role}` })
    return {
      name,
      live: { version: '1.0', env: env('active') },
      next: { version: '2.0', env: env('preview') },
      ...more,
    }
  }
  const chain = (fronts: Snapshot['fronts'], more: Partial<MemberSpec> = {}): Group =>
    readGroup(
      {
        ...world({ members: [member('a', 'b'), member('b', 'c', more), member('c')] }),
        ...(fronts !== undefined && { fronts }),
      },
      'loan',
    )
  const planned = (group: Group) => planLine(makePlan(group, 'promote-all'))
  const TWO = '1 promote a 2.0; drain a 1.0; 2 promote b 2.0, promote c 2.0'
  const denied = { annotations: { 'rollouts-group/entry': 'false' } }

  it('is an entry where an Ingress leads to it, too, and moves before what it calls', () => {
    const group = chain([ingress('a-active', 'b-active')])
    assert.deepEqual(graphOf(group).entries, ['a', 'b'])
    assert.equal(planned(group), '1 promote a 2.0; drain a 1.0; 2 promote b 2.0; drain b 1.0; 3 promote c 2.0')
  })
  it('is none where only its preview can be looked at', () =>
    assert.deepEqual(graphOf(chain([ingress('b-preview')])).entries, ['a']))
  it('is none where that is denied', () =>
    assert.deepEqual(graphOf(chain([ingress('b-active')], denied)).entries, ['a']))
  it('moves together with what it calls where nothing leads to it', () => assert.equal(planned(chain([])), TWO))
  it('moves alone where nobody may look, unless it is denied that users come in there', () => {
    assert.equal(planned(chain('forbidden')), '1 promote a 2.0; drain a 1.0; 2 promote b 2.0; 3 promote c 2.0')
    assert.equal(planned(chain('forbidden', denied)), TWO)
  })
})
