import assert from 'node:assert/strict'
import type { Finding } from '../../src/domain/findings/finding.ts'
import { callsIn } from '../../src/domain/findings/remedy.ts'
import type { PlanOptions, Verb } from '../../src/domain/intent.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { strikingNow } from '../../src/domain/trace/words.ts'
import type { MemberSpec, RevisionSpec, WorldSpec } from '../support/objects.ts'
import { groupOf, sceneOf } from '../support/scenes.ts'

const planOf = (spec: WorldSpec, options: PlanOptions = {}, verb: Verb = 'promote-all') =>
  makePlan(groupOf(spec), verb, options)
const found = (plan: Plan, code: Finding['code']) =>
  plan.findings.filter((each) => each.code === code).map((each) => `${each.severity} ${each.members.join(' ')}`)
const errors = (plan: Plan) => plan.findings.filter((each) => each.severity === 'error').map((each) => each.code)
const commands = (plan: Plan, code: Finding['code']) =>
  plan.findings
    .filter((each) => each.code === code)
    .flatMap((each) => callsIn(each.remedy).map((call) => call.words.join(' ')))
const drains = (plan: Plan) =>
  plan.waves.map((wave) => [...new Set(wave.flatMap((step) => step.drain.map((each) => each.member)))].join(' '))

/** A member in a release, wired by role to others, with more in its environment. */
function member(
  name: string,
  to: readonly string[] = [],
  env: Record<string, string> = {},
  more: Partial<MemberSpec> = {},
) {
  const wired = (role: string) => ({
    ...Object.fromEntries(to.map((each) => [`${each.toUpperCase()}_URL`, `http://${each}-${role}`])),
    ...env,
  })
  return {
    name,
    live: { version: '1.0', env: wired('active') },
    next: { version: '2.0', env: wired('preview') },
    ...more,
  }
}

/** A Secret in the environment of both revisions of a member. */
function secret({ live, next, ...rest }: MemberSpec, ref: object): MemberSpec {
  const withSecret = (revision: RevisionSpec): RevisionSpec => ({
    ...revision,
    template: {
      containers: [
        {
          name: 'main',
          image: 'a:1',
          ...('name' in ref ? {} : ref),
          env: [
            { name: 'APP_VERSION', value: revision.version },
            ...Object.entries(revision.env ?? {}).map(([name, value]) => ({ name, value })),
            ...('name' in ref ? [ref] : []),
          ],
        },
      ],
    },
  })
  return { ...rest, live: withSecret(live), ...(next !== undefined && { next: withSecret(next) }) }
}
const whole = { envFrom: [{ secretRef: { name: 'urls' } }] }
const key = (name: string) => ({ name, valueFrom: { secretKeyRef: { name: 'urls', key: 'k' } } })

describe('a doubtful call', () => {
  /** `web` calls `api`; `api` is named by `web` as an issuer, which leads to the live one in both revisions. */
  const issuer = (more: Partial<MemberSpec> = {}): WorldSpec => ({
    members: [member('web', ['api'], { JWT_ISSUER: 'api-active' }, more), member('api')],
  })
  it('is asked about where the plan is safe only without it, with the one command that declares it', () => {
    const plan = planOf(issuer())
    assert.deepEqual(
      [errors(plan), found(plan, 'wire-doubtful'), commands(plan, 'wire-doubtful')],
      [['wire-doubtful'], ['error web'], ['annotate rollout web rollouts-group/depends-on=api']],
    )
  })
  it('is nothing to ask about once it is declared whom the member calls', () =>
    assert.deepEqual(errors(planOf(issuer({ annotations: { 'rollouts-group/depends-on': 'api' } }))), []))
  it('is nothing to ask about where it changes nothing', () => {
    const plan = planOf({
      members: [
        member('web', ['api'], { JWT_ISSUER: 'rest' }),
        member('api'),
        { name: 'rest', live: { version: '7' } },
      ],
    })
    assert.deepEqual([errors(plan), found(plan, 'wire-doubtful')], [[], []])
  })
  it('is nothing to ask about where users leave it in time: their old pods are waited for', () => {
    const wired = { REST_URL: 'http://rest-active' }
    const plan = planOf({
      members: [
        {
          name: 'web',
          live: { version: '1.0', env: { ...wired, API_NAME: 'api-active' } },
          next: { version: '2.0', env: wired },
        },
        member('front', ['api']),
        member('api'),
        { name: 'rest', live: { version: '7' } },
      ],
    })
    assert.deepEqual([errors(plan), drains(plan)], [[], ['', 'front web']])
  })
  it('is asked about once, for all members', () => {
    const plan = planOf({
      members: [
        member('web', ['api', 'db']),
        member('api', [], { ISSUER: 'db-active' }),
        member('db', [], { ISSUER: 'api-active' }),
      ],
    })
    assert.deepEqual(found(plan, 'wire-doubtful'), ['error api db'])
    assert.deepEqual(commands(plan, 'wire-doubtful'), ['annotate rollout api db rollouts-group/depends-on='])
  })
  it('of an older revision alone is declared on its ReplicaSet', () => {
    const plan = planOf({
      members: [
        { name: 'rest', live: { version: '7', env: { WEB_URL: 'http://web-active', API_NAME: 'api-active' } } },
        { name: 'web', live: { version: '1.0', env: { API_NAME: 'api-active' } }, next: { version: '2.0' } },
        member('api'),
      ],
    })
    assert.deepEqual(commands(plan, 'wire-doubtful'), [
      'annotate rollout rest rollouts-group/depends-on=web',
      'annotate replicaset web-weblive rollouts-group/depends-on=',
    ])
  })
  it('is nobody’s affair in modern mode', () => {
    const annotations = { 'rollouts-group/mode': 'modern' }
    const { members } = issuer()
    assert.deepEqual(errors(planOf({ members: members.map((each) => ({ ...each, annotations })) })), [])
  })
  it('is left to who vouches for the order', () =>
    assert.deepEqual(found(planOf(issuer(), { trustDependsOn: true }), 'wire-doubtful'), ['info web']))
})

describe('a sure address of whom a member is declared not to call', () => {
  const spec = (annotations: Record<string, string>): WorldSpec => ({
    members: [member('web', ['api'], {}, { annotations }), member('api')],
  })
  it('is an error, with the command that adds it and the one that denies it', () => {
    const plan = planOf(spec({ 'rollouts-group/depends-on': '' }))
    assert.deepEqual(found(plan, 'declared-differs'), ['error web'])
    assert.deepEqual(commands(plan, 'declared-differs'), [
      'annotate --overwrite rollout web rollouts-group/depends-on=api',
      'annotate --overwrite rollout web rollouts-group/calls-not=api',
    ])
  })
  it('is none once it is denied by name, but for the old revision, which may call it still', () => {
    const plan = planOf(spec({ 'rollouts-group/depends-on': '', 'rollouts-group/calls-not': 'api' }))
    assert.deepEqual([errors(plan), drains(plan)], [[], ['', 'web']])
  })
})

describe('a whole Secret in the environment', () => {
  const spec = (annotations: Record<string, string> = {}): WorldSpec => ({
    members: [secret(member('web', ['api'], {}, { annotations }), whole), member('api')],
  })
  it('may hold the address of anybody, so that a release is refused', () => {
    const plan = planOf(spec())
    assert.deepEqual(
      [errors(plan), found(plan, 'wire-unknown'), commands(plan, 'wire-unknown')],
      [['wire-unknown'], ['error web'], ['annotate rollout web rollouts-group/depends-on=api']],
    )
    assert.match(plan.findings[0]!.sentence, /^whom web 2\.0 \(Secret urls is not read\) calls is unknown/)
  })
  it('is nothing to speak of once it is declared whom the member calls', () =>
    assert.deepEqual(errors(planOf(spec({ 'rollouts-group/depends-on': 'api' }))), []))
  it('is nothing to speak of where one member alone has a new version', () =>
    assert.deepEqual(
      errors(planOf({ members: [secret(member('web'), whole), { name: 'rest', live: { version: '7' } }] })),
      [],
    ))
  it('is left to who vouches for the order', () =>
    assert.deepEqual(errors(planOf(spec(), { trustDependsOn: true })), []))
})

describe('one key of a Secret', () => {
  const spec = (name: string, annotations: Record<string, string> = {}): WorldSpec => ({
    members: [secret(member('web', ['api'], {}, { annotations }), key(name)), member('api')],
  })
  const rows: readonly [name: string, doubtful: boolean][] = [
    ['PROFILE_URL', true],
    ['AUTH_HOST', true],
    ['API_TOKEN', false],
    ['DATABASE_URL', false],
    ['REDIS_HOST', false],
    ['SENTRY_DSN', false],
  ]
  for (const [name, doubtful] of rows)
    it(`${name} is ${doubtful ? 'asked about' : 'no address of a member'}`, () =>
      assert.deepEqual(errors(planOf(spec(name))), doubtful ? ['wire-doubtful'] : []))
  it('is asked about where a member bears the name of a store', () =>
    assert.deepEqual(
      errors(planOf({ members: [secret(member('web', ['redis']), key('REDIS_ADDR')), member('redis')] })),
      ['wire-doubtful'],
    ))
  it('is nothing to ask about once it is declared whom the member calls', () =>
    assert.deepEqual(errors(planOf(spec('PROFILE_URL', { 'rollouts-group/depends-on': 'api' }))), []))
})

describe('a ConfigMap that was changed under running pods', () => {
  const shared = (version: string): RevisionSpec => ({ version, fromConfig: { API_URL: ['web', 'API_URL'] } })
  const spec: WorldSpec = {
    members: [{ name: 'web', live: shared('1.0'), next: { ...shared('2.0') } }, member('api')],
    configs: { web: { API_URL: 'http://api-preview' } },
    // After the live pods, before the next ones.
    edited: { web: Date.UTC(2026, 0, 2, 12) },
  }
  it('proves no mix: users may meet one version', () => assert.deepEqual(strikingNow(sceneOf(spec)), []))
  it('does not stand in the way: who is left is waited for', () => {
    const plan = planOf(spec)
    assert.deepEqual([errors(plan), drains(plan)], [[], ['', 'web']])
  })
  it('goes on to say who calls whom', () => assert.deepEqual(found(planOf(spec), 'config-changed'), ['warning web']))
  it('is no change of settings alone: nobody can read what the old pods were given', () => {
    const image = 'registry.example/api:1'
    const api = { image, fromConfig: { PROTOCOL: ['api', 'PROTOCOL'] as [string, string] } }
    const settings = (edited: Record<string, number>) =>
      groupOf({ members: [{ name: 'api', live: api, next: api }], configs: { api: { PROTOCOL: '2' } }, edited })
        .members[0]!.settings
    assert.deepEqual(
      [settings({}), settings({ api: Date.UTC(2026, 0, 2, 12) })],
      [[], [{ what: 'ConfigMap api', from: 'what its pods were given', to: 'what it holds now', own: false }]],
    )
  })
})
