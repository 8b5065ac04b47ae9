import assert from 'node:assert/strict'
import { told as typedOut } from '../support/typed.ts'
import type { Finding } from '../../src/domain/findings/finding.ts'
import { type Group, readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import type { PlanOptions, Verb } from '../../src/domain/intent.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { MANAGED_BY } from '../../src/domain/objects/labels.ts'
import { legacyPair, world, type MemberSpec, type WorldSpec } from '../support/objects.ts'

const planOf = (spec: WorldSpec, options: PlanOptions = {}, verb: Verb = 'promote-all'): Plan =>
  makePlan(readGroup(world(spec), 'loan'), verb, options)
const found = (plan: Plan, code: Finding['code']): Finding[] => plan.findings.filter((each) => each.code === code)
const alone = (name: string, more: Partial<MemberSpec> = {}): MemberSpec => ({
  name,
  live: { version: '1.0' },
  next: { version: '2.0' },
  ...more,
})

describe('a release of members of which nothing tells who calls whom', () => {
  const unknown = (plan: Plan): string[] =>
    found(plan, 'wire-unknown').map((each) => `${each.severity} ${each.members.join()}`)

  it('is refused, each member named', () =>
    assert.deepEqual(unknown(planOf({ members: [alone('a'), alone('b')] })), ['error a,b']))
  it('is not withdrawn on good luck either', () =>
    assert.deepEqual(unknown(planOf({ members: [alone('a'), alone('b')] }, {}, 'abort-all')), ['error a,b']))
  it('names only who is connected with nobody', () =>
    assert.deepEqual(unknown(planOf({ members: [...legacyPair().members, alone('z')] })), ['error z']))
  it('names one that was left behind by a half-done release, too', () =>
    assert.deepEqual(
      unknown(planOf({ members: [alone('a', { live: { version: '2.0' }, next: undefined! }), alone('b')] })),
      ['error a,b'],
    ))
  it('does not name whom a member calls no more that came to users with it', () => {
    const promoted = (env: Record<string, string>): MemberSpec => ({
      name: 'a',
      live: { version: '2.0' },
      lingering: { version: '1.0', desired: 0, available: 0, env },
    })
    assert.deepEqual(unknown(planOf({ members: [promoted({ B: 'b-active' }), alone('b')] })), [])
    assert.deepEqual(unknown(planOf({ members: [promoted({}), alone('b')] })), ['error a,b'])
  })
  it('is allowed where they are said to call nobody', () => {
    const annotations = { 'rollouts-group/depends-on': '' }
    assert.deepEqual(unknown(planOf({ members: [alone('a', { annotations }), alone('b', { annotations })] })), [])
  })
  it('is allowed where the user vouches for it', () =>
    assert.deepEqual(unknown(planOf({ members: [alone('a'), alone('b')] }, { trustDependsOn: true })), ['info a,b']))
  it('is nothing odd where one member alone changes', () =>
    assert.deepEqual(unknown(planOf({ members: [alone('a'), alone('b', { next: undefined! })] })), []))
  it('is told in modern mode, and allowed', () => {
    const annotations = { 'rollouts-group/mode': 'modern' }
    assert.deepEqual(unknown(planOf({ members: [alone('a', { annotations }), alone('b', { annotations })] })), [
      'info a,b',
    ])
  })
  it('says which Secrets are not read', () => {
    const template = {
      containers: [{ name: 'main', image: 'a', envFrom: [{ secretRef: { name: 'urls' } }] }],
      volumes: [{ name: 'v', secret: { secretName: 'keys' } }],
    }
    const plan = planOf({ members: [alone('a', { next: { version: '2.0', template } }), alone('b')] })
    assert.match(found(plan, 'wire-unknown')[0]!.sentence, /\(Secrets are not read, and they use urls, keys\)$/)
    const declared = planOf({
      members: [
        alone('a', { next: { version: '2.0', template }, annotations: { 'rollouts-group/depends-on': 'b' } }),
        alone('b'),
      ],
    })
    assert.match(found(declared, 'wire-unknown')[0]!.sentence, /\(Secrets are not read, and it uses urls, keys\)$/)
  })
})

describe('an address of a Rollout that is not in the group', () => {
  /** The group without its backend; the controller says which Services it manages. */
  const without = (spec: WorldSpec, rollout = 'my-backend'): Group => {
    const snapshot = world(spec)
    const services = (snapshot.services as { metadata: { name: string } }[]).map((each) =>
      /^backend-(active|preview)$/.test(each.metadata.name)
        ? { ...each, metadata: { ...each.metadata, annotations: { [MANAGED_BY]: 'my-backend' } } }
        : each,
    )
    const named = (each: unknown) => (each as { metadata: { name: string } }).metadata.name
    return readGroup(
      { ...snapshot, services, rollouts: snapshot.rollouts.filter((each) => named(each) !== rollout) },
      'loan',
    )
  }
  const told = (group: Group, options: PlanOptions = {}, verb: Verb = 'promote-all') =>
    found(makePlan(group, verb, options), 'outside-group')
  const calling = (live: string, next?: string): Partial<MemberSpec> => ({
    live: { version: '1.0', env: { BACKEND_HOST: live } },
    next: next === undefined ? undefined! : { version: '2.0', env: { BACKEND_HOST: next } },
  })
  const settled = { next: undefined! }

  it('is an error where the release switches from one of its Services to another', () =>
    assert.deepEqual(
      told(without(legacyPair({ backend: settled }))).map((each) => ({ ...each, remedy: typedOut(each.remedy) })),
      [
        {
          code: 'outside-group',
          severity: 'error',
          members: ['my-frontend'],
          sentence:
            'my-frontend 2.0 calls backend-preview (BACKEND_HOST=backend-preview) of rollout/my-backend, which is not in group loan: its versions were not looked at, and the live my-frontend calls another Service of it',
          remedy:
            'if it is released with these, label it: kubectl label rollout my-backend app.kubernetes.io/part-of=loan -n legacy (refused where it is in another group: then release both together, with -l); --trust-depends-on goes on without it',
        },
      ],
    ))
  it('is an error where a revision of it waits', () => {
    const [one] = told(without(legacyPair({ frontend: calling('backend-active', 'backend-active') })))
    assert.deepEqual(
      [one?.severity, one?.sentence.split(': ')[1]],
      ['error', 'its versions were not looked at, and a new one of it waits'],
    )
  })
  const warned: [string, Group, PlanOptions?, Verb?][] = [
    ['it rests', without(legacyPair({ frontend: calling('backend-active', 'backend-active'), backend: settled }))],
    ['the member that calls it rests', without(legacyPair({ frontend: calling('backend-active') }))],
    ['the user vouches for it', without(legacyPair()), { trustDependsOn: true }],
    ['the release is withdrawn', without(legacyPair()), {}, 'abort-all'],
  ]
  for (const [name, group, options, verb] of warned)
    it(`is a warning where ${name}`, () =>
      assert.deepEqual(
        told(group, options, verb).map((each) => each.severity),
        ['warning'],
      ))

  it('is found through any Service that selects its pods', () => {
    const group = without({
      ...legacyPair({ frontend: calling('backend', 'backend-2'), backend: settled }),
      services: [
        { name: 'backend', selector: { app: 'my-backend' } },
        { name: 'backend-2', selector: { app: 'my-backend', release: '2' } },
      ],
    })
    assert.deepEqual(
      told(group).map((each) => each.severity),
      ['error'],
    )
  })
  it('is nothing to speak of where the Rollout is in the group', () =>
    assert.deepEqual(told(without(legacyPair(), 'none')), []))
  it('leads to the label that really makes the group', () => {
    const group = without(legacyPair())
    const members = group.members.map((each) => ({ ...each, labels: new Map([['team/app', 'loan']]) }))
    assert.match(
      typedOut(told({ ...group, members })[0]!.remedy),
      /kubectl label rollout my-backend team\/app=loan -n legacy/,
    )
    assert.match(
      typedOut(told({ ...group, members: members.map((each) => ({ ...each, labels: new Map() })) })[0]!.remedy),
      /give it the labels that select the group/,
    )
  })
})
