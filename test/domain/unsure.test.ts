import assert from 'node:assert/strict'
import { parseConfigMap } from '../../src/domain/objects/config-map.ts'
import type { Finding } from '../../src/domain/findings/finding.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import type { PlanOptions, Verb } from '../../src/domain/intent.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { legacyPair, world, type MemberSpec, type WorldSpec } from '../support/objects.ts'

const planOf = (spec: WorldSpec, verb: Verb = 'promote-all', options: PlanOptions = {}): Plan =>
  makePlan(readGroup(world(spec), 'loan'), verb, options)
const drains = (plan: Plan) =>
  plan.waves.map((wave) => wave.flatMap((step) => step.drain.map((each) => `${each.member}/${each.hash}`)))
const told = (plan: Plan, code: Finding['code']) =>
  plan.findings.filter((each) => each.code === code).map((each) => `${each.severity} ${each.sentence.split(',')[0]}`)

/** A revision of the frontend whose address is in a ConfigMap. */
const by = (config: string, version: string) => ({
  version,
  fromConfig: { BACKEND_HOST: [config, 'HOST'] as [string, string] },
})
const frontend = (more: Partial<MemberSpec> = {}): WorldSpec =>
  legacyPair({ frontend: { live: by('one', '1.0'), next: by('two', '2.0'), ...more } })
const ONE = { HOST: 'backend-active' }
const TWO = { HOST: 'backend-preview' }
/** After every ReplicaSet was made. */
const LATER = Date.UTC(2026, 1, 1)

describe('a ConfigMap', () => {
  const owner = (time: string, fields: object) => ({ manager: 'kubectl', time, fieldsV1: fields })
  const at = (metadata: object, more: object = {}) =>
    parseConfigMap({ metadata: { creationTimestamp: '2026-01-01T00:00:00Z', ...metadata }, ...more }).edited
  const table: [string, number | undefined, object, object?][] = [
    ['where nobody says when', undefined, {}],
    [
      'in the second in which it was made',
      undefined,
      { managedFields: [owner('2026-01-01T00:00:01Z', { 'f:data': {} })] },
    ],
    [
      'when its data was last written',
      Date.UTC(2026, 0, 3),
      {
        managedFields: [
          owner('2026-01-02T00:00:00Z', { 'f:data': {} }),
          owner('2026-01-03T00:00:00Z', { 'f:data': {} }),
        ],
      },
    ],
    ['not when its labels were', undefined, { managedFields: [owner('2026-01-02T00:00:00Z', { 'f:metadata': {} })] }],
    [
      'never where it is immutable',
      undefined,
      { managedFields: [owner('2026-01-02T00:00:00Z', { 'f:data': {} })] },
      { immutable: true },
    ],
  ]
  for (const [name, edited, metadata, more] of table)
    it(`was changed ${name}`, () => assert.equal(at(metadata, more), edited))
})

describe('a revision whose ConfigMap is gone', () => {
  it('is waited for before a member changes that it may call, as its sibling does', () => {
    const plan = planOf({ ...frontend(), configs: { one: 'missing', two: TWO } })
    assert.deepEqual(drains(plan), [[], ['my-frontend/frontendlive']])
    assert.deepEqual(told(plan, 'missing-config'), [
      'warning ConfigMap one of my-frontend 1.0 is gone: its pods could not start again',
    ])
  })
  it('is waited for where users have left it already', () => {
    const spec = frontend({ live: by('two', '2.0'), next: undefined!, lingering: by('one', '1.0') })
    assert.deepEqual(drains(planOf({ ...spec, configs: { one: 'missing', two: TWO } })), [
      ['my-frontend/frontendlingering'],
    ])
  })
  it('is not waited for before a member that it does not call', () => {
    const members = [
      ...frontend().members,
      {
        name: 'zoo',
        live: { version: '1.0', env: { F: 'frontend-active' } },
        next: { version: '2.0', env: { F: 'frontend-preview' } },
      },
    ]
    const spec = {
      members: members.map((each) =>
        each.name === 'my-frontend' ? { ...each, annotations: { 'rollouts-group/depends-on': '' } } : each,
      ),
      configs: { one: 'missing' as const, two: {} },
    }
    assert.ok(!drains(planOf(spec)).flat().includes('my-frontend/frontendlive'))
  })
  it('is nothing odd where its pods start without it', () => {
    const template = {
      containers: [{ name: 'main', image: 'a:1', envFrom: [{ configMapRef: { name: 'one', optional: true } }] }],
    }
    assert.deepEqual(
      told(planOf({ ...frontend({ live: { template } }), configs: { one: 'missing', two: TWO } }), 'missing-config'),
      [],
    )
  })

  const resting = { live: by('one', '1.0'), next: undefined! }
  const refused: [string, WorldSpec, Verb, PlanOptions, string][] = [
    [
      'it is what would be promoted',
      { ...frontend(), configs: { one: ONE, two: 'missing' } },
      'promote-all',
      {},
      'error',
    ],
    [
      'users stay on it while a member changes that it may call',
      { ...frontend(resting), configs: { one: 'missing' } },
      'promote-all',
      {},
      'error',
    ],
    [
      'the user vouches for it',
      { ...frontend(resting), configs: { one: 'missing' } },
      'promote-all',
      { trustDependsOn: true },
      'warning',
    ],
    [
      'a member that it may call is withdrawn',
      { ...frontend(resting), configs: { one: 'missing' } },
      'abort-all',
      {},
      'error',
    ],
    [
      'that one goes back without an abort',
      { ...frontend(resting), configs: { one: 'missing' } },
      'abort-all',
      { toStable: true },
      'warning',
    ],
    [
      'its pods wait for it themselves',
      { ...frontend({ next: { ...by('two', '2.0'), available: 0 } }), configs: { one: ONE, two: 'missing' } },
      'promote-all',
      {},
      'warning',
    ],
    ['it is withdrawn itself', { ...frontend(), configs: { one: ONE, two: 'missing' } }, 'abort-all', {}, 'warning'],
  ]
  for (const [name, spec, verb, options, severity] of refused)
    it(`is told as ${severity} where ${name}`, () =>
      assert.deepEqual(
        told(planOf(spec, verb, options), 'missing-config').map((each) => each.split(' ')[0]),
        [severity],
      ))
})

describe('a live version that is gone with its ConfigMap', () => {
  const versioned = (config: string, more: Record<string, string> = {}) => ({
    env: more,
    fromConfig: { APP_VERSION: [config, 'V'] as [string, string] },
  })
  const spec = (rest: string, other: Partial<MemberSpec> = {}): WorldSpec => ({
    members: [
      {
        name: 'a',
        live: versioned('one', { B: 'b-active' }),
        next: { version: '2.0', env: { B: 'b-active' } },
        ...other,
      },
      { name: 'b', live: { version: rest } },
    ],
    configs: { one: 'missing' },
  })
  const severity = (made: WorldSpec, options: PlanOptions = {}) =>
    told(planOf(made, 'promote-all', options), 'missing-config').map((each) => each.split(' ')[0])
  it('is needed where somebody may have been left behind with it', () =>
    assert.deepEqual(severity(spec('1.0')), ['error']))
  it('is not where he is on the new version', () => assert.deepEqual(severity(spec('2.0')), ['warning']))
  it('is not once the run itself has begun', () =>
    assert.deepEqual(severity(spec('1.0'), { assume: 'half-promoted', begun: true }), ['warning']))
  it('is needed, too, where the user says that the release is half promoted: somebody may have been left behind', () =>
    assert.deepEqual(severity(spec('1.0'), { assume: 'half-promoted' }), ['error']))
  it('is told by the other members that change', () => {
    const made = spec('1.0')
    const members = [
      ...made.members,
      {
        name: 'c',
        live: { version: '1.0', env: { A: 'a-active' } },
        next: { version: '2.0', env: { A: 'a-preview' } },
      },
    ]
    const plan = planOf({ ...made, members })
    assert.deepEqual(
      [told(plan, 'missing-config').map((each) => each.split(' ')[0]), told(plan, 'left-behind').length],
      [['warning'], 1],
    )
  })
})

describe('a ConfigMap that was changed under running pods', () => {
  const changed = (edited: Record<string, number>, spec = frontend()) =>
    planOf({ ...spec, configs: { one: ONE, two: TWO }, edited })

  it('forbids to promote them: they keep the address they started with', () =>
    assert.deepEqual(told(changed({ two: LATER }), 'config-changed'), [
      'error ConfigMap two was changed at 2026-02-01T00:00:00Z',
    ]))
  it('makes those that users leave be waited for', () => {
    const plan = changed({ one: LATER }, frontend({ live: { ...by('one', '1.0') } }))
    assert.deepEqual(
      [told(plan, 'config-changed'), drains(plan)],
      [['warning ConfigMap one was changed at 2026-02-01T00:00:00Z'], [[], ['my-frontend/frontendlive']]],
    )
  })
  it('is nothing odd before they started', () =>
    assert.deepEqual(told(changed({ one: 1, two: 1 }), 'config-changed'), []))
  it('is nothing odd since they were restarted', () => {
    const at = '2026-02-01T00:00:01Z'
    assert.deepEqual(
      told(
        changed({ two: LATER }, frontend({ spec: { restartAt: at }, status: { restartedAt: at } })),
        'config-changed',
      ),
      [],
    )
  })
  it('is nothing odd where it holds neither address nor version', () => {
    const live = {
      version: '1.0',
      env: { BACKEND_HOST: 'backend-active' },
      fromConfig: { COLOUR: ['look', 'C'] as [string, string] },
    }
    const spec = {
      ...frontend({ live, next: { ...live, version: '2.0', env: { BACKEND_HOST: 'backend-preview' } } }),
      configs: { look: { C: 'red' } },
      edited: { look: LATER },
    }
    assert.deepEqual(told(planOf(spec), 'config-changed'), [])
  })
  it('forbids to promote where the version alone is from it', () => {
    const spec = {
      ...legacyPair({ backend: { next: { fromConfig: { APP_VERSION: ['v', 'V'] } } } }),
      configs: { v: { V: '2.0' } },
      edited: { v: LATER },
    }
    assert.match(
      planOf(spec).findings.find((each) => each.code === 'config-changed')!.sentence,
      /so which version they are is unknown$/,
    )
  })
  it('goes by the pods where these were listed', () => {
    const snapshot = world({ ...frontend(), configs: { one: ONE, two: TWO }, edited: { two: LATER } })
    const pod = (created: number, name: string, phase = 'Running') => ({
      metadata: {
        name,
        creationTimestamp: new Date(created).toISOString(),
        ownerReferences: [{ name: 'my-frontend-frontendnext' }],
      },
      status: { phase },
    })
    const errors = (pods: unknown[]) =>
      makePlan(readGroup({ ...snapshot, pods }, 'loan'), 'promote-all').findings.filter(
        (each) => each.code === 'config-changed',
      ).length
    assert.deepEqual(
      [
        errors([pod(LATER + 1, 'a')]),
        errors([pod(LATER + 1, 'a'), pod(LATER - 1, 'b')]),
        errors([pod(LATER + 1, 'a'), pod(LATER - 1, 'b', 'Failed')]),
      ],
      [0, 1, 0],
    )
  })
})
