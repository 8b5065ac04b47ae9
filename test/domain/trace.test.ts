import assert from 'node:assert/strict'
import { frontDoors } from '../../src/domain/trace/doors.ts'
import { visitsFrom, wayTo } from '../../src/domain/trace/requests.ts'
import { violations } from '../../src/domain/trace/violations.ts'
import { strikingNow } from '../../src/domain/trace/words.ts'
import { legacyPair, type MemberSpec, type WorldSpec } from '../support/objects.ts'
import { groupOf, memberOf, sceneOf, told } from '../support/scenes.ts'

const calls = (...services: string[]) => Object.fromEntries(services.map((each, index) => [`URL_${index}`, each]))

/** A third member whose release makes 1.0 the old version and 2.0 the new one. */
const other: MemberSpec = { name: 'other', live: { version: '1.0' }, next: { version: '2.0' } }
const promotedPair = (backend: Partial<MemberSpec>): WorldSpec => ({
  members: [
    { name: 'front', live: { version: '2.0', env: calls('back-active') } },
    { name: 'back', live: { version: '2.0' }, ...backend },
    other,
  ],
})

const ownFields = (name: string) => ({
  containers: [
    {
      name: 'main',
      image: 'a',
      env: [{ name: 'B', valueFrom: { fieldRef: { fieldPath: `metadata.labels['${name}']` } } }],
    },
  ],
})
const ownVolume = {
  containers: [{ name: 'main', image: 'a' }],
  volumes: [{ name: 'info', downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } }],
}
/** A frontend that was promoted, and whose pods got their address as a label of the preview. */
const followsRole = (template: Record<string, unknown>): WorldSpec => ({
  members: [
    {
      name: 'front',
      live: { labels: { 'app.kubernetes.io/version': '2.0' }, template },
      annotations: { 'rollouts-group/depends-on': 'back' },
      strategy: { previewMetadata: { labels: { host: 'back-preview' } } },
    },
    { name: 'back', live: { version: '1.0' }, next: { version: '2.0', available: 0 } },
  ],
})
/** Two members behind one Service, which a third calls. */
const shared = (one: number, two: number): WorldSpec => ({
  members: [
    { name: 'front', live: { version: '7', env: calls('both') } },
    { name: 'one', live: { version: '8', labels: { tier: 'x' }, available: one } },
    { name: 'two', live: { version: '9', labels: { tier: 'x' }, available: two } },
  ],
  services: [{ name: 'both', selector: { tier: 'x' } }],
})

describe('the trace', () => {
  const rows: readonly [what: string, spec: WorldSpec, found: readonly string[]][] = [
    ['finds nothing where each version is wired to its own', legacyPair(), []],
    [
      'finds a request that meets both releases, and the way on which it does',
      {
        members: [
          { name: 'front', live: { version: '2.0', env: calls('back-active') } },
          { name: 'back', live: { version: '1.0' }, next: { version: '2.0' } },
        ],
      },
      ['users of front 2.0 meet two versions in one request (front 2.0 → back 1.0 (via back-active))'],
    ],
    [
      'finds that a plain Service leads to both releases',
      {
        members: [
          { name: 'front', live: { version: '1.0', env: calls('back') } },
          { name: 'back', live: { version: '1.0' }, next: { version: '2.0' } },
        ],
        services: [{ name: 'back', selector: { app: 'back' } }],
      },
      ['users of front 1.0 meet two versions in one request (front 1.0 → back 2.0 (via back))'],
    ],
    [
      'finds a request of two branches that meets a release on each',
      {
        members: [
          { name: 'shop', live: { version: '7', env: calls('left-active', 'right-active') } },
          { name: 'left', live: { version: '1.0' } },
          { name: 'right', live: { version: '2.0' } },
          other,
        ],
      },
      [
        'users of shop 7 meet two versions in one request (shop 7 → left 1.0 (via left-active); shop 7 → right 2.0 (via right-active))',
      ],
    ],
    [
      'goes on behind a member that works with either release',
      {
        members: [
          { name: 'front', live: { version: '1.0', env: calls('bus-active') } },
          { name: 'bus', live: { version: '7', env: calls('back-active') } },
          { name: 'back', live: { version: '2.0' } },
          other,
        ],
      },
      [
        'users of front 1.0 meet two versions in one request (front 1.0 → bus 7 (via bus-active) → back 2.0 (via back-active))',
      ],
    ],
    [
      'counts the old connections to pods that are on their way out',
      promotedPair({ lingering: { version: '1.0' } }),
      ['users of front 2.0 meet two versions in one request (front 2.0 → back 1.0 (via back-active))'],
    ],
    ['counts them no more once these pods are gone', promotedPair({}), []],
    [
      'counts no old connections through a Service that users never came through',
      {
        members: [
          { name: 'front', live: { version: '2.0', env: calls('back-preview') } },
          { name: 'back', live: { version: '2.0' }, lingering: { version: '1.0' } },
          other,
        ],
      },
      [],
    ],
    [
      'takes an environment that follows a role for what it was when the pod started',
      followsRole(ownFields('host')),
      ['users of front 2.0 reach Service back-preview with no ready endpoint (front 2.0)'],
    ],
    ['takes a volume that follows a role for what it is now', followsRole(ownVolume), []],
    ['takes a Service for empty only if no member behind it gives a pod', shared(0, 3), []],
    [
      'takes a Service for empty if no member behind it gives a pod',
      shared(0, 0),
      ['users of front 7 reach Service both with no ready endpoint (front 7)'],
    ],
    [
      'finds users in front of a Service without a pod',
      { members: [{ name: 'front', live: { version: '1.0', available: 0 } }] },
      ['users of front 1.0 find no pod behind Service front-active'],
    ],
    [
      'finds no users of a member that is to have no pods',
      { members: [{ name: 'front', replicas: 0, live: { version: '1.0', desired: 0, available: 0 } }] },
      [],
    ],
    [
      'expects no pods behind a canary Service before it has a share',
      {
        members: [
          {
            name: 'front',
            canary: { steps: [{ setWeight: 0 }, { pause: {} }] },
            strategy: { trafficRouting: { nginx: { stableIngress: 'i' } } },
            live: { version: '1.0' },
            next: { version: '2.0', available: 0 },
          },
        ],
      },
      [],
    ],
    [
      'follows users onto a canary without a router, and what it calls',
      {
        members: [
          {
            name: 'front',
            canary: { steps: [{ setWeight: 20 }, { pause: {} }] },
            live: { version: '1.0', env: calls('back-active') },
            next: { version: '2.0', env: calls('back-active') },
          },
          { name: 'back', live: { version: '1.0' }, next: { version: '2.0' } },
        ],
        services: [{ name: 'front', selector: { app: 'front' } }],
      },
      ['users of front 2.0 meet two versions in one request (front 2.0 → back 1.0 (via back-active))'],
    ],
  ]
  for (const [what, spec, found] of rows) it(what, () => assert.deepEqual(told(strikingNow(sceneOf(spec))), found))

  it('is of the same state another one for who comes in elsewhere, or takes other revisions for a release', () => {
    const scene = sceneOf({
      members: [
        { name: 'front', live: { version: '2.0', env: calls('back-active') } },
        { name: 'back', live: { version: '1.0' }, next: { version: '2.0' } },
      ],
    })
    const alike = { ...scene.releases, of: new Map([...scene.releases.of.keys()].map((id) => [id, 'new'] as const)) }
    assert.deepEqual(
      [scene, { ...scene, entries: ['back'] }, { ...scene, releases: alike }, { ...scene }].map(
        (each) => violations(each).length,
      ),
      [1, 0, 0, 1],
    )
  })

  it('looks ahead to scale-downs that are due', () => {
    const spec: WorldSpec = {
      members: [
        { name: 'front', live: { version: '1.0', env: calls('back-preview') } },
        { name: 'back', live: { version: '1.0' }, next: { version: '2.0' }, status: { abort: true } },
      ],
    }
    const scene = sceneOf(spec, { assume: 'leak' })
    const empty = (each: string) => each.includes('no ready endpoint')
    assert.deepEqual(told(strikingNow(scene)).filter(empty), [])
    assert.deepEqual(told(violations(scene)).filter(empty), [
      'users of front 1.0 reach Service back-preview with no ready endpoint (front 1.0)',
    ])
  })

  it('ends on a circle of calls, each revision with the shortest way to it', () => {
    const spec: WorldSpec = {
      members: [
        { name: 'a', live: { version: '1', env: calls('b-active') }, annotations: { 'rollouts-group/entry': 'true' } },
        { name: 'b', live: { version: '1', env: calls('a-active', 'c-active') } },
        { name: 'c', live: { version: '1', env: calls('b-active') } },
      ],
    }
    const scene = sceneOf(spec)
    const visits = visitsFrom(scene, [memberOf(scene.group, 'a').live!])
    assert.deepEqual(
      [...visits.values()].map((visit) =>
        wayTo(visit)
          .map((hop) => hop.revision.member)
          .join(' > '),
      ),
      ['a', 'a > b', 'a > b > c'],
    )
  })
})

describe('users come in', () => {
  const canary = (strategy: Record<string, unknown>, services: WorldSpec['services'] = []): WorldSpec => ({
    members: [{ name: 'web', canary: { steps: [{ setWeight: 20 }, { pause: {} }] }, strategy, live: {}, next: {} }],
    services,
  })
  const rows: readonly [what: string, spec: WorldSpec, doors: readonly string[]][] = [
    ['through the active Service of a blue/green', { members: [{ name: 'web', live: {} }] }, ['web-active']],
    [
      'through both Services of a canary with a router',
      canary({ trafficRouting: { nginx: { stableIngress: 'i' } } }),
      ['web-stable', 'web-canary'],
    ],
    [
      'through the Service of all its pods where a canary has no router',
      canary({}, [{ name: 'web', selector: { app: 'web' } }]),
      ['web'],
    ],
    ['through the stable Service where there is no other', canary({}), ['web-stable']],
  ]
  for (const [what, spec, doors] of rows)
    it(what, () => {
      const group = groupOf(spec)
      assert.deepEqual(frontDoors(group, memberOf(group, 'web')), doors)
    })
})
