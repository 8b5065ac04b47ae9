import assert from 'node:assert/strict'
import { ClusterError } from '../../src/cluster/port.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { briefOf } from '../../src/domain/objects/brief-service.ts'
import { discover, discoverNamespaces } from '../../src/watch/discover.ts'
import { replicaSetSelector, slicesOf } from '../../src/watch/selectors.ts'
import { legacyPair, world, type MemberSpec, type WorldSpec } from '../support/objects.ts'
import { fill } from '../support/stored.ts'
import { VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'

const SCOPE = { namespace: 'legacy', selector: 'app.kubernetes.io/part-of=loan' }
const PAIR = legacyPair({
  frontend: {
    live: { fromConfig: { APP_VERSION: ['settings-1', 'VERSION'] } },
    next: { fromConfig: { APP_VERSION: ['settings-2', 'VERSION'] } },
  },
})

function holding(spec: WorldSpec): VirtualCluster {
  const made = new VirtualCluster({ controllers: [], start: Date.UTC(2026, 0, 5) }, 'legacy')
  fill(made.store, world(spec))
  return made
}

const CONFIGS = { 'settings-1': { VERSION: '1.0' }, 'settings-2': { VERSION: '2.0' } }

function chain(length: number): MemberSpec[] {
  return Array.from({ length }, (_, index) => ({
    name: `member-${index}`,
    live: { version: '1.0' },
    next: { version: '2.0' },
  }))
}

describe('discover', () => {
  it('lists each resource once, and reads the ConfigMaps the templates name', async () => {
    const made = holding({ ...PAIR, configs: { ...CONFIGS, unrelated: { VERSION: '9' } } })
    await made.time.until(discover(made.connect().cluster, SCOPE))
    assert.deepEqual(
      made.requests.map(({ verb, resource, name }) => `${verb} ${resource} ${name ?? ''}`.trim()),
      [
        'list rollouts',
        'list services',
        'list replicasets',
        'list endpointslices',
        'get configmaps settings-1',
        'get configmaps settings-2',
      ],
    )
  })

  it('sends as many requests for fifty members as for two', async () => {
    const counts = []
    for (const length of [2, 50]) {
      const made = holding({ members: chain(length) })
      const snapshot = await made.time.until(discover(made.connect().cluster, SCOPE))
      assert.equal(snapshot.replicaSets.length, 2 * length)
      counts.push(made.requests.length)
    }
    assert.deepEqual(counts, [4, 4])
  })

  it("asks the server for the members' own ReplicaSets and slices only", async () => {
    const made = holding(PAIR)
    await made.time.until(discover(made.connect().cluster, SCOPE))
    const selectors = Object.fromEntries(
      made.requests.flatMap(({ resource, query }) =>
        query['labelSelector'] === undefined ? [] : [[resource, query['labelSelector']]],
      ),
    )
    assert.deepEqual(selectors, {
      rollouts: SCOPE.selector,
      replicasets: 'rollouts-pod-template-hash,app in (my-backend,my-frontend)',
      endpointslices: 'kubernetes.io/service-name in (backend-active,backend-preview,frontend-active,frontend-preview)',
    })
  })

  it('reads the group as it is stored', async () => {
    const made = holding({ ...PAIR, configs: CONFIGS })
    const group = readGroup(await made.time.until(discover(made.connect().cluster, SCOPE)), 'loan')
    assert.deepEqual(
      group.members.map((each) => [each.name, each.live?.version.text, each.next?.version.text]),
      [
        ['my-backend', '1.0', '2.0'],
        ['my-frontend', '1.0', '2.0'],
      ],
    )
    assert.deepEqual(group.problems, [])
  })

  it('stops after the Rollouts and Services where there are no members', async () => {
    const made = holding({ members: [] })
    const snapshot = await made.time.until(discover(made.connect().cluster, SCOPE))
    assert.deepEqual([snapshot.rollouts, made.requests.length], [[], 2])
  })

  describe('early', () => {
    const asked = async (made: VirtualCluster) => {
      const snapshot = await made.time.until(discover(made.connect().cluster, SCOPE, undefined, { early: true }))
      return {
        snapshot,
        requests: made.requests
          .filter(({ verb }) => verb === 'list')
          .map(({ resource, query }) => [resource, query['labelSelector'] ?? 'all', query['limit']].join(' ')),
      }
    }
    const AT_ONCE = [
      `rollouts ${SCOPE.selector} 2500`,
      'services all 100',
      'replicasets rollouts-pod-template-hash 100',
      'endpointslices all 100',
    ]
    const inOrder = async (made: VirtualCluster) => {
      const snapshot = await made.time.until(discover(made.connect().cluster, SCOPE))
      return readGroup(snapshot, 'loan')
    }

    it('asks for everything at once where there is little', async () => {
      const made = holding(PAIR)
      const { snapshot, requests } = await asked(made)
      assert.deepEqual(requests, AT_ONCE)
      assert.deepEqual(readGroup(snapshot, 'loan').members, (await inOrder(made)).members)
    })

    it('asks again, for what belongs to the Rollouts, where there is more', async () => {
      const made = holding({ members: chain(51) })
      const { snapshot, requests } = await asked(made)
      assert.deepEqual(requests.slice(0, 4), AT_ONCE)
      assert.deepEqual(
        requests.slice(4).map((each) => each.replace(/ .* /, ' ')),
        ['services 10000', 'replicasets 2500', 'endpointslices 2500'],
      )
      assert.deepEqual(readGroup(snapshot, 'loan').members, (await inOrder(made)).members)
    })

    it('asks again for ReplicaSets that were made after they were read and before the Rollouts were', async () => {
      const made = holding(PAIR)
      const { cluster } = made.connect()
      let first = true
      const behind: typeof cluster = {
        ...cluster,
        async listFirst(resource, ...rest) {
          const found = await cluster.listFirst(resource, ...rest)
          const was = first && resource === 'replicasets'
          if (was) first = false
          return was ? { ...found, items: found.items.slice(1) } : found
        },
      }
      const snapshot = await made.time.until(discover(behind, SCOPE, undefined, { early: true }))
      assert.equal(snapshot.replicaSets.length, 4)
      assert.equal(made.requests.filter(those({ resource: 'replicasets' })).length, 2)
    })

    it('says once what may not be listed', async () => {
      const made = holding(PAIR)
      made.deny(those({ resource: 'replicasets' }))
      const { snapshot, requests } = await asked(made)
      assert.equal(snapshot.unreadable.length, 1)
      assert.deepEqual(requests.slice(0, 4), AT_ONCE)
    })

    const ALONE: MemberSpec = {
      name: 'one',
      live: { version: '1.0' },
      canary: { steps: [] },
      strategy: { stableService: undefined, canaryService: undefined },
    }

    it('says nothing of what may not be listed, and is not needed', async () => {
      const [made, other] = [1, 2].map(() => {
        const cluster = new VirtualCluster({ controllers: [], start: Date.UTC(2026, 0, 5) }, 'legacy')
        fill(cluster.store, { ...world({ members: [ALONE] }), services: [], endpointSlices: [] })
        cluster.deny(those({ resource: 'endpointslices' }))
        return cluster
      }) as [VirtualCluster, VirtualCluster]
      const { snapshot } = await asked(made)
      const later = await other.time.until(discover(other.connect().cluster, SCOPE))
      assert.deepEqual([snapshot.unreadable, later.unreadable], [[], []])
    })

    it('fails with what the Rollouts fail with, and where there are none with nothing', async () => {
      const failing = (made: VirtualCluster, rollouts: boolean) => {
        const { cluster } = made.connect()
        const broken: typeof cluster = {
          ...cluster,
          list: (resource, ...rest) =>
            rollouts && resource === 'rollouts'
              ? Promise.reject(new ClusterError('NotFound', 'no rollouts'))
              : cluster.list(resource, ...rest),
          listFirst: (resource, query, most, signal) =>
            most.guess === true
              ? Promise.reject(new ClusterError('ServerError', 'broken'))
              : cluster.listFirst(resource, query, most, signal),
        }
        return made.time.until(discover(broken, SCOPE, undefined, { early: true }))
      }
      await assert.rejects(failing(holding(PAIR), true), /no rollouts/)
      assert.deepEqual((await failing(holding({ members: [] }), false)).rollouts, [])
    })
  })

  it('lists pods where terminating ones count', async () => {
    const made = holding(PAIR)
    const snapshot = await made.time.until(discover(made.connect().cluster, SCOPE, undefined, { pods: true }))
    assert.deepEqual(snapshot.pods, [])
    assert.ok(made.requests.some(those({ verb: 'list', resource: 'pods' })))
  })

  it('says which ConfigMaps are missing', async () => {
    const made = holding({ ...PAIR, configs: { 'settings-1': { VERSION: '1.0' } } })
    const { configs, unreadable } = await made.time.until(discover(made.connect().cluster, SCOPE))
    assert.deepEqual([configs.get('settings-2'), unreadable], ['missing', []])
  })

  it('goes on without ConfigMaps it may not read, and says what is unknown', async () => {
    const made = holding({ ...PAIR, configs: CONFIGS })
    made.deny(those({ resource: 'configmaps' }))
    const { configs, unreadable } = await made.time.until(discover(made.connect().cluster, SCOPE))
    assert.deepEqual([...configs.values()], ['forbidden', 'forbidden'])
    assert.deepEqual(
      unreadable,
      ['settings-1', 'settings-2'].map(
        (name) =>
          `ConfigMap ${name} in namespace legacy may not be read, so the wires and versions it holds are unknown`,
      ),
    )
  })

  for (const resource of ['services', 'replicasets', 'endpointslices'] as const) {
    it(`goes on without ${resource} it may not list, in the server's words`, async () => {
      const made = holding(PAIR)
      made.deny(those({ resource }))
      const snapshot = await made.time.until(discover(made.connect().cluster, SCOPE))
      assert.equal(snapshot.rollouts.length, 2)
      assert.match(
        snapshot.unreadable.join(),
        new RegExp(`^list ${resource} in namespace legacy: .* cannot list resource "${resource}"[^,]*$`),
      )
    })
  }

  it('leaves endpoints unknown rather than empty where it may not list them', async () => {
    const made = holding(PAIR)
    made.deny(those({ resource: 'endpointslices' }))
    const group = readGroup(await made.time.until(discover(made.connect().cluster, SCOPE)), 'loan')
    assert.equal(group.services.get('backend-active')?.endpoints, undefined)
  })

  it('is refused where the Rollouts may not be listed', async () => {
    const made = holding(PAIR)
    made.deny(those({ resource: 'rollouts' }))
    await assert.rejects(made.time.until(discover(made.connect().cluster, SCOPE)), {
      name: 'ClusterError',
      reason: 'Forbidden',
    })
  })

  it('ends with what is no refusal: a server that answers nothing but errors', async () => {
    const made = holding(PAIR)
    made.fail(those({ resource: 'services' }), { status: 500 }, 100)
    await assert.rejects(made.time.until(discover(made.connect().cluster, SCOPE)), {
      name: 'ClusterError',
      reason: 'ServerError',
    })
  })

  it('answers one snapshot for each namespace with members, with the same few requests', async () => {
    const made = holding(legacyPair())
    fill(made.store, world({ members: [{ name: 'alone', live: { version: '1.0' } }] }), 'other')
    const found = await made.time.until(discoverNamespaces(made.connect().cluster, { ...SCOPE, namespace: undefined }))
    assert.deepEqual(
      found.map((each) => [each.namespace, each.rollouts.length, each.services.length]),
      [
        ['legacy', 2, 4],
        ['other', 1, 2],
      ],
    )
    assert.equal(made.requests.length, 4)
  })
})

describe('the selector of ReplicaSets', () => {
  const labelled = (...labels: Record<string, string>[]) =>
    labels.map((matchLabels) => ({ spec: { selector: { matchLabels } } }))
  it('uses a key that all members share', () =>
    assert.equal(
      replicaSetSelector(labelled({ tier: 'x', app: 'b' }, { app: 'a' })),
      'rollouts-pod-template-hash,app in (a,b)',
    ))
  it('is any ReplicaSet of a Rollout where they share none', () =>
    assert.equal(replicaSetSelector(labelled({ app: 'a' }, { name: 'b' })), 'rollouts-pod-template-hash'))
  it('is any ReplicaSet of a Rollout where the names would fill a URL', () =>
    assert.equal(
      replicaSetSelector(labelled(...Array.from({ length: 400 }, (_, index) => ({ app: `member-${index}` })))),
      'rollouts-pod-template-hash',
    ))
})

describe('EndpointSlices are asked for', () => {
  const rollout = (app: string, matchLabels: object = { app }) => ({
    metadata: { name: app, uid: app },
    spec: { selector: { matchLabels }, template: {}, strategy: { blueGreen: { activeService: `${app}-active` } } },
  })
  const service = (name: string, selector: Record<string, string> = {}) => ({ metadata: { name }, spec: { selector } })
  const PAIR_OF = [rollout('a'), rollout('b')]
  const OWN = 'kubernetes.io/service-name in (a-active,b-active)'
  const asked = async (services: readonly unknown[] | undefined, rollouts: readonly unknown[] = PAIR_OF) => {
    const selectors: string[] = []
    const read = async (selector: string) => {
      selectors.push(selector)
      return [selector]
    }
    const slices = await slicesOf(rollouts, Promise.resolve(services?.map(briefOf)), read)
    return [selectors, slices]
  }
  const many = Array.from({ length: 400 }, (_, index) => service(`service-${index}`, { tier: 'web' }))

  for (const [what, services, selectors, slices = selectors] of [
    ['of the Services that strategies name, whatever these select', [service('a-active', { app: 'c' })], [OWN]],
    ['of those where no Service may be read', undefined, [OWN]],
    [
      'of no Service of others',
      [service('a-active', { app: 'a' }), service('c', { app: 'c' }), service('by-hand')],
      [OWN],
    ],
    [
      "of another Service that has a member's label, or none that members share",
      [service('a-2', { app: 'a' }), service('all', { tier: 'web' }), service('c', { app: 'c', tier: 'web' })],
      [OWN, 'kubernetes.io/service-name in (a-2,all)'],
    ],
    [
      'of any Service where the names would fill a URL',
      many,
      [OWN, 'kubernetes.io/service-name'],
      ['kubernetes.io/service-name'],
    ],
  ] as const)
    it(what, async () => assert.deepEqual(await asked(services), [[...selectors], [...slices]]))

  it('of no Service that cannot be there, by whatever name a strategy calls it', async () => {
    const named = (activeService: string) => ({
      ...rollout('a'),
      spec: { ...rollout('a').spec, strategy: { blueGreen: { activeService, previewService: 'a-preview' } } },
    })
    for (const name of ['ns/a', 'a:80', '-a', 'my svc', 'a'.repeat(64), 'x) , y in (z', ''])
      assert.deepEqual((await asked([], [named(name)]))[0], ['kubernetes.io/service-name in (a-preview)'], name)
  })

  it('of all that select anything, and of ReplicaSets, where a label that they share is none', async () => {
    const odd = [rollout('a', { 'a b': 'x' }), rollout('b', { 'a b': 'y', app: 'b)' })]
    assert.deepEqual((await asked([service('x', { app: 'c' })], odd))[0]!.at(-1), 'kubernetes.io/service-name in (x)')
    assert.equal(replicaSetSelector(odd), 'rollouts-pod-template-hash')
    assert.equal(
      replicaSetSelector([rollout('a'), rollout('b', { app: 'b)' })]),
      'rollouts-pod-template-hash,app in (a)',
    )
  })

  it('of others as soon as the Services are known', async () => {
    const selectors: string[] = []
    const until = Promise.withResolvers<readonly unknown[]>()
    const slices = slicesOf(PAIR_OF, Promise.resolve([briefOf(service('all', { tier: 'web' }))]), (selector) => {
      selectors.push(selector)
      return selectors.length === 2 ? Promise.resolve(['both']) : until.promise
    })
    while (selectors.length < 2) await Promise.resolve()
    until.resolve(['own'])
    assert.deepEqual(await slices, ['own', 'both'])
  })

  it('of all that select anything where members share no label', async () =>
    assert.deepEqual((await asked([service('x', { app: 'c' })], [rollout('a'), rollout('b', { name: 'b' })]))[0], [
      OWN,
      'kubernetes.io/service-name in (x)',
    ]))

  it('once where the names of strategies alone would fill a URL', async () =>
    assert.deepEqual(
      (
        await asked(
          many,
          Array.from({ length: 400 }, (_, index) => rollout(`member-${index}`)),
        )
      )[0],
      ['kubernetes.io/service-name'],
    ))

  it('by no name where strategies name none', async () =>
    assert.deepEqual(
      (
        await asked(
          [service('x', { app: 'a' })],
          [{ metadata: { name: 'a', uid: 'a' }, spec: { selector: { matchLabels: { app: 'a' } } } }],
        )
      )[0],
      ['kubernetes.io/service-name in (x)'],
    ))

  it('no more where they may not be read', async () =>
    assert.equal(
      await slicesOf(PAIR_OF, Promise.resolve([briefOf(service('all', { tier: 'web' }))]), async () => undefined),
      undefined,
    ))
})
