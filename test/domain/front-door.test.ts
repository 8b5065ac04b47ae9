import assert from 'node:assert/strict'
import { graphOf } from '../../src/domain/group/call-graph.ts'
import { type Group, readGroup } from '../../src/domain/group/read-group.ts'
import type { Snapshot } from '../../src/domain/group/snapshot.ts'
import { frontDoorsIn } from '../../src/domain/objects/front-door.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { refused } from '../../src/domain/plan/plan.ts'
import { planLine } from '../../src/domain/plan/plan-line.ts'
import { type MemberSpec, world } from '../support/objects.ts'
import { told } from '../support/typed.ts'

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

describe('a circle that no other member calls', () => {
  const circle = (fronts?: Snapshot['fronts']) => {
    const members = [alone('a', 'b'), alone('b', 'a')]
    return readGroup({ ...world({ members }), ...(fronts !== undefined && { fronts }) }, 'loan')
  }
  const alone = (name: string, calls: string): MemberSpec => ({
    name,
    live: { version: '1.0', env: { URL: `${calls}-active` } },
    next: { version: '2.0', env: { URL: `${calls}-preview` } },
  })
  const planned = (fronts?: Snapshot['fronts']) => {
    const plan = makePlan(circle(fronts), 'promote-all')
    const found = plan.findings.find((each) => each.code === 'no-entry')
    return {
      found: found && `${found.sentence}. ${told(found.remedy)}`,
      severity: found?.severity,
      isRefused: refused(plan),
    }
  }
  const AND = 'a and b call each other, and no other member calls them'

  it('is not promoted where nobody looked by what users come in, and leads to whom looks', () => {
    const { found, severity, isRefused } = planned()
    assert.deepEqual([severity, isRefused], ['warning', true])
    assert.equal(
      found,
      `${AND}: each is taken for an entry. Not looked at: Ingresses and HTTPRoutes, which may show where users come in. ` +
        'this looks: kubectl rollouts-group check loan -n legacy',
    )
  })
  for (const [what, fronts, why] of [
    ['where nothing leads in', [], ''],
    ['where it may not be read', 'forbidden', ', since Ingresses and HTTPRoutes may not be read'],
  ] as const)
    it(`needs an entry to be named ${what}, and none is named at random`, () => {
      const { found, severity, isRefused } = planned(fronts)
      assert.deepEqual([severity, isRefused], ['error', true])
      assert.equal(
        found,
        `${AND}: where users come in is unknown${why}. annotate whom users come to, in place of MEMBER: ` +
          'kubectl annotate --overwrite rollout MEMBER rollouts-group/entry=true -n legacy; or let an Ingress, ' +
          'an HTTPRoute, or a Service of type LoadBalancer or NodePort lead to it',
      )
    })
  it('is entered where an Ingress leads', () => assert.equal(planned([ingress('b-active')]).found, undefined))
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
