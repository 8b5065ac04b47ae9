import assert from 'node:assert/strict'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { gateOf, gateReplicas } from '../../src/domain/group/gate.ts'
import { ACTIONS } from '../../src/domain/actions/actions.ts'
import { scaleDownDelayOf } from '../../src/domain/objects/strategy.ts'
import type { MemberSpec, WorldSpec } from '../support/objects.ts'
import { groupOf, memberOf } from '../support/scenes.ts'

const router = { trafficRouting: { nginx: {} } }
const canary = (more: Partial<MemberSpec> = {}): MemberSpec => ({
  name: 'api',
  replicas: 4,
  canary: { steps: [{ setWeight: 20 }, { pause: {} }], index: 1 },
  live: { version: '1.0' },
  next: { version: '2.0', desired: 1, available: 1 },
  ...more,
})
const one = (more: Partial<MemberSpec>) => memberOf(groupOf({ members: [canary(more)] }), 'api')
const called = (more: Partial<MemberSpec>): WorldSpec => ({
  members: [
    {
      name: 'web',
      live: { version: '1.0', env: { API_HOST: 'api-stable' } },
      next: { version: '2.0', env: { API_HOST: 'api-canary' } },
    },
    canary(more),
  ],
})
const found = (spec: WorldSpec, code: string) =>
  makePlan(groupOf(spec), 'promote-all')
    .findings.filter((each) => each.code === code)
    .map((each) => each.severity)

describe('a field of a strategy', () => {
  it('a gate before any weight is ready with no pod at all', () =>
    assert.deepEqual(
      gateOf(one({ canary: { steps: [{ pause: {} }], index: 0 }, next: { version: '2.0', desired: 0, available: 0 } })),
      { state: 'ready', waitingFor: '' },
    ))
  it('replicaProgressThreshold makes a gate ready with a part of its pods', () =>
    assert.equal(
      gateOf(
        one({
          next: { version: '2.0', desired: 4, available: 3 },
          strategy: { replicaProgressThreshold: { type: 'Percentage', value: 75 } },
        }),
      ).state,
      'ready',
    ))
  it('maxTrafficWeight makes weights parts of it, pods as well', () =>
    assert.equal(
      gateReplicas(
        one({
          canary: { steps: [{ setWeight: 500 }, { pause: {} }], index: 1 },
          strategy: { trafficRouting: { nginx: {}, maxTrafficWeight: 1000 } },
        }),
        1,
      ),
      2,
    ))
  it('minPodsPerReplicaSet keeps more pods than the weight', () =>
    assert.equal(gateReplicas(one({ strategy: { ...router, minPodsPerReplicaSet: 3 } }), 1), 3))
  it('pingPong has users come through the canary’s own Service once it is promoted', () => {
    const pingPong = { pingService: 'api-stable', pongService: 'api-canary' }
    const member = one({ strategy: { ...router, pingPong }, status: { canary: { stablePingPong: 'ping' } } })
    const goal = ACTIONS.promote.goal(member, 0)
    assert.equal(goal.kind === 'live' && goal.service, 'api-canary')
  })
  it('scaleDownDelayRevisionLimit: 0 leaves old pods no delay', () =>
    assert.equal(
      scaleDownDelayOf(one({ strategy: { ...router, scaleDownDelayRevisionLimit: 0 } }).strategy),
      undefined,
    ))

  const aborting: Record<string, [more: Partial<MemberSpec>, severities: string[]]> = {
    'canary.analysis may take a dependency back in the middle of a release': [
      { strategy: { analysis: { templates: [] } } },
      ['error'],
    ],
    'an analysis after the first gate may, too': [
      { canary: { steps: [{ setWeight: 20 }, { pause: {} }, { analysis: {} }], index: 1 } },
      ['error'],
    ],
    'the analyses of an experiment may, too': [
      { canary: { steps: [{ setWeight: 20 }, { pause: {} }, { experiment: { analyses: [{}] } }], index: 1 } },
      ['error'],
    ],
    'progressDeadlineAbort may, too': [{ spec: { progressDeadlineAbort: true } }, ['error']],
    'an analysis before the first gate is over by then': [
      { canary: { steps: [{ analysis: {} }, { setWeight: 20 }, { pause: {} }], index: 2 } },
      [],
    ],
  }
  for (const [sentence, [more, severities]] of Object.entries(aborting))
    it(sentence, () => assert.deepEqual(found(called(more), 'may-abort-itself'), severities))

  const unknown: Record<string, [strategy: Record<string, unknown>, severities: string[]]> = {
    'that nobody knows is told': [{ stableScaleDownPolicy: 'later' }, ['warning']],
    'that nobody knows and that names a Service is an error': [{ additionalStableServices: ['api-canary'] }, ['error']],
    'of a router that nobody knows is told': [{ trafficRouting: { gatewayMesh: {} } }, ['warning']],
    'that is known is not': [{ ...router, minPodsPerReplicaSet: 1, pingPong: undefined }, []],
  }
  for (const [sentence, [strategy, severities]] of Object.entries(unknown))
    it(sentence, () => assert.deepEqual(found({ members: [canary({ strategy })] }, 'unknown-field'), severities))
  it('of a step that nobody knows is told', () =>
    assert.deepEqual(
      found(
        { members: [canary({ canary: { steps: [{ setColour: 'red' }, { pause: {} }], index: 1 } })] },
        'unknown-field',
      ),
      ['warning'],
    ))
  it('of stickiness says that users may be elsewhere', () =>
    assert.deepEqual(
      found(
        { members: [canary({ strategy: { trafficRouting: { alb: { stickinessConfig: { enabled: true } } } } })] },
        'service-semantics',
      ),
      ['warning'],
    ))
})
