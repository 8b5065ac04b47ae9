import assert from 'node:assert/strict'
import { contextOf } from '../../src/domain/checks/context.ts'
import { forbids } from '../../src/domain/findings/finding.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import type { PlanOptions } from '../../src/domain/intent.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { traceRows } from '../../src/view/words/trace-rows.ts'
import { type MemberSpec, type WorldSpec, world } from '../support/objects.ts'

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }]
const plain = [{ name: 'web', selector: { app: 'web' } }]
const router = { trafficRouting: { nginx: { stableIngress: 'web' } } }
const weighing = (weight: number) => ({ canary: { weights: { canary: { weight } } } })
const canary = (more: Partial<MemberSpec> = {}): MemberSpec => ({
  name: 'web',
  replicas: 4,
  canary: { steps: STEPS, index: 1 },
  live: { version: '1.0' },
  next: { version: '2.0', desired: 1, available: 1 },
  ...more,
})

/** `users web 1.0`: who is on which way now; whatever waits is left out. */
function usersOf(spec: WorldSpec): string[] {
  const group = readGroup(world(spec), 'loan')
  const { graph, releases } = contextOf(group, 'promote-all', {})
  return traceRows({ group, graph, releases })
    .filter((each) => each.side === 'LIVE')
    .map((each) => `${each.who}: ${each.hops.join(' → ')}`)
}

const one = (more: Partial<MemberSpec>, services: WorldSpec['services'] = []): WorldSpec => ({
  members: [canary(more)],
  services,
})

describe('users of an entry that is a canary', () => {
  const table: Record<string, [spec: WorldSpec, users: string[]]> = {
    'are shared by ready pods behind its one Service, whatever the weight says': [
      one({ replicas: 1, live: { version: '1.0', desired: 1 } }, plain),
      ['50% of users: web 1.0', '50% of users: web 2.0'],
    ],
    'are all on the stable one while no pod of the canary is ready': [
      one(
        { next: { version: '2.0', desired: 4, available: 0 }, canary: { steps: [{ setWeight: 100 }], index: 0 } },
        plain,
      ),
      ['users: web 1.0'],
    ],
    'are all on the stable one behind a stable Service, where no router sends them elsewhere': [
      one({}),
      ['users: web 1.0'],
    ],
    'are shared by its pods where it has no Service at all, as a worker': [
      one({ strategy: { stableService: undefined, canaryService: undefined } }),
      ['80% of users: web 1.0', '20% of users: web 2.0'],
    ],
    'are shared by the weight where a router does': [
      one({ strategy: router, status: weighing(20) }),
      ['80% of users: web 1.0', '20% of users: web 2.0'],
    ],
    'are shared by a router that the spec leaves empty, too': [
      one({ strategy: { trafficRouting: {} }, status: weighing(20) }),
      ['80% of users: web 1.0', '20% of users: web 2.0'],
    ],
    'are shared by weights that are parts of another number than 100': [
      one({
        strategy: { trafficRouting: { nginx: {}, maxTrafficWeight: 1000 } },
        canary: { steps: [{ setWeight: 500 }, { pause: {} }], index: 1 },
        status: weighing(500),
      }),
      ['50% of users: web 1.0', '50% of users: web 2.0'],
    ],
    'are all on the stable one while a router waits for the first pod of the canary': [
      one({ strategy: router, next: { version: '2.0', desired: 1, available: 0 }, status: weighing(0) }),
      ['users: web 1.0'],
    ],
    'have none of the old pods where a router sends them all to the canary, and the stable one is scaled down': [
      one({
        strategy: { ...router, dynamicStableScale: true },
        canary: { steps: [{ setWeight: 100 }, { pause: {} }], index: 1 },
        live: { version: '1.0', desired: 0, available: 0 },
        next: { version: '2.0' },
        status: weighing(100),
      }),
      ['users: web 2.0'],
    ],
    'with a header are on the canary at weight 0': [
      one({
        strategy: { trafficRouting: { istio: {}, managedRoutes: [{ name: 'testers' }] } },
        canary: {
          steps: [{ setHeaderRoute: { name: 'testers', match: [{ headerName: 'x' }] } }, { pause: {} }],
          index: 1,
        },
        status: weighing(0),
      }),
      ['users: web 1.0', 'users with a header: web 2.0'],
    ],
    'are not on it any more once the route is taken away': [
      one({
        strategy: { trafficRouting: { istio: {}, managedRoutes: [{ name: 'testers' }] } },
        canary: {
          steps: [
            { setHeaderRoute: { name: 'testers', match: [{ headerName: 'x' }] } },
            { setHeaderRoute: { name: 'testers' } },
            { pause: {} },
          ],
          index: 2,
        },
        status: weighing(0),
      }),
      ['users: web 1.0'],
    ],
    'have copies of their requests on a canary with a mirror': [
      one({
        strategy: { trafficRouting: { istio: {}, managedRoutes: [{ name: 'copy' }] } },
        canary: { steps: [{ setMirrorRoute: { name: 'copy', match: [{ method: {} }] } }, { pause: {} }], index: 1 },
        status: weighing(0),
      }),
      ['users: web 1.0', 'copies of requests: web 2.0'],
    ],
    'come through the ping or pong that is the stable one': [
      one({
        strategy: {
          stableService: undefined,
          canaryService: undefined,
          pingPong: { pingService: 'web-stable', pongService: 'web-canary' },
          ...router,
        },
        status: { canary: { stablePingPong: 'ping', weights: { canary: { weight: 20 } } } },
      }),
      ['80% of users: web 1.0', '20% of users: web 2.0'],
    ],
    'are on its pods as long as there are any, after an abort': [
      one({ status: { abort: true } }, plain),
      ['80% of users: web 1.0', '20% of users: web 2.0'],
    ],
  }
  for (const [sentence, [spec, users]] of Object.entries(table))
    it(sentence, () => assert.deepEqual(usersOf(spec), users))

  it('are told to be on pods of no revision, where an experiment has some behind the same Service', () => {
    const snapshot = world(one({}, plain))
    const endpoints = ['web-exp-aaaaa', 'web-exp-bbbbb'].map((name) => ({
      conditions: { ready: true },
      targetRef: { kind: 'Pod', name },
    }))
    const slices = snapshot.endpointSlices!.map((raw) => {
      const slice = raw as { metadata: { name: string }; endpoints: unknown[] }
      return slice.metadata.name === 'web-abc' ? { ...slice, endpoints: [...slice.endpoints, ...endpoints] } : raw
    })
    const group = readGroup({ ...snapshot, endpointSlices: slices }, 'loan')
    const { graph, releases } = contextOf(group, 'promote-all', {})
    assert.deepEqual(
      traceRows({ group, graph, releases }).map((each) => [each.who, each.hops[0], each.verdict]),
      [
        ['57% of users', 'web 1.0', 'one version'],
        ['14% of users', 'web 2.0', 'one version'],
        ['29% of users', 'other pods of web', 'unknown'],
      ],
    )
  })
})

describe('what users meet', () => {
  const codes = (spec: WorldSpec) =>
    makePlan(readGroup(world(spec), 'loan'), 'promote-all').findings.map((each) => each.code)
  const starting = { desired: 2, available: 0 }
  const pair = (web: Partial<MemberSpec> = {}, api: Partial<MemberSpec> = {}): WorldSpec => ({
    members: [
      canary({
        live: { version: '1.0', env: { API: 'api-stable' } },
        next: { version: '2.0', env: { API: 'api-canary' }, ...starting },
        status: { pauseConditions: [], controllerPause: false, phase: 'Progressing' },
        ...web,
      }),
      canary({
        name: 'api',
        next: { version: '2.0', ...starting },
        preview: 'live',
        status: { pauseConditions: [], controllerPause: false, phase: 'Progressing' },
        ...api,
      }),
    ],
    services: plain,
  })
  it('is one version while the first pods of two canaries start, and promote-all waits', () => {
    const found = codes(pair())
    assert.ok(!found.includes('already-mixed'))
    assert.deepEqual(
      found.filter((each) => each === 'not-at-gate'),
      ['not-at-gate'],
    )
  })
  it('is two versions once the canary of the consumer is ready before that of its dependency', () =>
    assert.ok(
      codes(pair({ next: { version: '2.0', env: { API: 'api-canary' }, desired: 2, available: 1 } })).includes(
        'already-mixed',
      ),
    ))
  it('is no outage where a router sends nobody to the stable Service', () => {
    const spec = one({
      strategy: { ...router, dynamicStableScale: true },
      canary: { steps: [{ setWeight: 100 }, { pause: {} }], index: 1 },
      live: { version: '1.0', desired: 0, available: 0 },
      next: { version: '2.0' },
      status: weighing(100),
    })
    assert.deepEqual(
      codes(spec).filter((each) => each === 'already-dead' || each === 'dead-end'),
      [],
    )
  })
  const none = { available: 0, desired: 3 }
  const firstly = (more: Partial<MemberSpec> = {}): WorldSpec => {
    const first = { own: { 'rollout.argoproj.io/revision': '1' }, ...none }
    const deployed = { annotations: { 'rollout.argoproj.io/revision': '1' }, ...more }
    return {
      members: [
        { name: 'web', live: { version: '1.0', env: { API: 'api-active' }, ...first }, ...deployed },
        { name: 'api', live: { version: '1.0', ...first }, ...deployed },
      ],
    }
  }
  const up: Partial<MemberSpec> = {
    live: { version: '1.0', env: { API: 'api-active' }, own: { 'rollout.argoproj.io/revision': '1' } },
    status: { conditions: [{ type: 'Healthy', status: 'True', reason: 'RolloutHealthy', message: '' }] },
  }
  it('is nothing yet in a first deployment', () =>
    assert.deepEqual(
      codes(firstly({ status: { phase: 'Progressing' } })).filter((each) => each === 'already-dead'),
      [],
    ))
  it('is nothing yet where the dependency alone comes up for the first time: its users wait for that', () => {
    const { members } = firstly({ status: { phase: 'Progressing' } })
    const group = readGroup(world({ members: [{ ...members[0]!, ...up }, members[1]!] }), 'loan')
    assert.deepEqual(
      makePlan(group, 'promote-all').findings.filter((each) => each.code === 'already-dead'),
      [],
    )
    const { graph, releases } = contextOf(group, 'promote-all', {})
    assert.deepEqual(
      traceRows({ group, graph, releases }).map((each) => [each.verdict, each.detail]),
      [['starting', 'no pod of api 1.0 is available yet']],
    )
  })
  it('is an empty Service where what was well once has no pod any more', () =>
    assert.ok(
      codes(
        firstly({
          status: { conditions: [{ type: 'Healthy', status: 'False', reason: 'RolloutHealthy', message: '' }] },
        }),
      ).includes('already-dead'),
    ))
})

describe('a call to a host that a mesh splits', () => {
  const meshed = (trafficRouting: Record<string, unknown>): WorldSpec => ({
    members: [
      { name: 'front', live: { version: '1.0', env: { WEB_URL: 'http://web' } } },
      canary({ strategy: { trafficRouting }, status: weighing(20) }),
    ],
    services: plain,
  })
  const said = (spec: WorldSpec) =>
    makePlan(readGroup(world(spec), 'loan'), 'promote-all').findings.map((each) => each.code)

  it('meets nobody knows whom: no mix is claimed of it, and none is promised away', () => {
    const spec = meshed({ istio: { virtualService: { name: 'web' } } })
    const group = readGroup(world(spec), 'loan')
    const { graph, releases } = contextOf(group, 'promote-all', {})
    const rows = traceRows({ group, graph, releases }).filter((each) => each.side === 'LIVE')
    assert.deepEqual([...new Set(rows.map((each) => each.verdict))], ['unknown'])
    assert.ok(said(spec).includes('wire-unknown'))
    assert.ok(!said(spec).includes('already-mixed') && !said(spec).includes('wired-to-both'))
  })

  it('is no mix of a step either, and who vouches for the router goes on in the order of the layers', () => {
    const trafficRouting = { istio: { destinationRule: {} } }
    const web = canary({ canary: { steps: STEPS.slice(0, 2), index: 1 }, strategy: { trafficRouting } })
    const front = {
      name: 'front',
      live: { version: '1.0', env: { WEB_URL: 'http://web' } },
      next: { version: '2.0', env: { WEB_URL: 'http://web' } },
    }
    const group = readGroup(world({ members: [front, web], services: plain }), 'loan')
    const found = (options: PlanOptions) => makePlan(group, 'promote-all', options).findings.filter(forbids)
    assert.deepEqual(
      found({}).map((each) => each.code),
      ['wire-unknown'],
    )
    assert.deepEqual(found({ trustDependsOn: true }), [])
    const { waves, apart } = makePlan(group, 'promote-all', { trustDependsOn: true })
    assert.equal(waves.length, 2)
    assert.match(apart![0]!.why, /not known/)
  })

  it('is one to a plain Service where the router is only a door from outside', () =>
    assert.ok(said(meshed({ nginx: { stableIngress: 'web' } })).includes('wired-to-both')))
})
