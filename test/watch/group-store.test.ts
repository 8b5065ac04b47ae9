import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import type { Snapshot } from '../../src/domain/group/snapshot.ts'
import { openGroupStore, openNamespacesStore } from '../../src/watch/group-store.ts'
import type { GroupStore } from '../../src/watch/current-store.ts'
import { legacyPair, world } from '../support/objects.ts'
import { fill } from '../support/stored.ts'
import { VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'

const SCOPE = { namespace: 'legacy', selector: 'app.kubernetes.io/part-of=loan' }

interface Opened {
  readonly made: VirtualCluster
  readonly store: GroupStore
  /** What each notification found. */
  readonly seen: (Snapshot | undefined)[]
  readonly end: () => void
}

/** A store over the reference group, when it has told everything there is. */
async function opened(prepare: (made: VirtualCluster) => void = () => {}): Promise<Opened> {
  const made = new VirtualCluster({ controllers: [], start: Date.UTC(2026, 0, 5) }, 'legacy')
  fill(
    made.store,
    world({
      ...legacyPair({ frontend: { live: { fromConfig: { APP_VERSION: ['settings-1', 'VERSION'] } } } }),
      configs: { 'settings-1': { VERSION: '1.0' } },
    }),
  )
  prepare(made)
  const over = new AbortController()
  const store = openGroupStore(made.connect().cluster, SCOPE, over.signal)
  const seen: (Snapshot | undefined)[] = []
  store.subscribe(() => seen.push(store.getSnapshot()))
  await made.time.pass(1)
  return { made, store, seen, end: () => over.abort() }
}

/** Anything that changes an object. */
function touch({ made }: Opened, name: string): void {
  made.store.patch('rollouts', 'legacy', name, {
    type: 'merge',
    body: { metadata: { annotations: { touched: String(made.store.version) } } },
  })
}

const versions = (snapshot: Snapshot | undefined) =>
  snapshot && readGroup(snapshot, 'loan').members.map((each) => each.live?.version.text)

describe('a group store', () => {
  it('gives no snapshot until every watch has listed and every ConfigMap is read', async () => {
    const { seen } = await opened()
    const first = seen.findIndex((each) => each !== undefined)
    assert.ok(first > 0)
    assert.deepEqual(versions(seen[first]), ['1.0', '1.0'])
    assert.equal(seen[first]!.replicaSets.length, 4)
  })

  it('gives the same object until something changes', async () => {
    const at = await opened()
    const before = at.store.getSnapshot()
    assert.equal(at.store.getSnapshot(), before)
    touch(at, 'my-backend')
    await at.made.time.pass(1)
    assert.notEqual(at.store.getSnapshot(), before)
    assert.equal(at.store.getSnapshot(), at.store.getSnapshot())
  })

  it('tells several changes of one moment as one', async () => {
    const at = await opened()
    const told = at.seen.length
    for (const name of ['my-backend', 'my-frontend', 'my-backend', 'my-frontend']) touch(at, name)
    at.made.store.remove('services', 'legacy', 'frontend-preview')
    await at.made.time.pass(1)
    assert.equal(at.seen.length - told, 1)
    assert.equal(at.store.getSnapshot()!.services.length, 3)
  })

  it('takes no notice of what nobody reads of ReplicaSets and EndpointSlices, and of all of a Rollout', async () => {
    const at = await opened()
    const before = at.store.getSnapshot()!
    const change = async (resource: 'rollouts' | 'replicasets' | 'endpointslices', body: object): Promise<boolean> => {
      const seen = at.store.getSnapshot()
      at.made.store.patch(resource, 'legacy', at.made.store.list(resource, {})[0]!.metadata.name, {
        type: 'merge',
        body,
        ...('status' in body && { subresource: 'status' }),
      })
      await at.made.time.pass(1)
      return at.store.getSnapshot() !== seen
    }
    assert.equal(await change('replicasets', { status: { fullyLabeledReplicas: 7 } }), false)
    assert.equal(await change('replicasets', { metadata: { annotations: { touched: 'by a controller' } } }), false)
    assert.equal(
      await change('endpointslices', {
        metadata: { annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': 'now' } },
      }),
      false,
    )
    assert.equal(at.store.getSnapshot(), before)
    assert.equal(await change('replicasets', { status: { availableReplicas: 7 } }), true)
    assert.equal(await change('endpointslices', { endpoints: [] }), true)
    assert.equal(await change('rollouts', { metadata: { annotations: { touched: 'by hand' } } }), true)
  })

  it('keeps who wrote which field of Services alone', async () => {
    const written = [{ manager: 'kubectl', fieldsV1: { 'f:spec': {} } }]
    const at = await opened(({ store }) => {
      for (const each of store.list('rollouts', {}))
        store.patch('rollouts', 'legacy', each.metadata.name, {
          type: 'merge',
          body: { metadata: { managedFields: written } },
        })
    })
    for (const resource of ['replicasets', 'endpointslices', 'services'] as const) {
      for (const each of at.made.store.list(resource, {}))
        at.made.store.patch(resource, 'legacy', each.metadata.name, {
          type: 'merge',
          body: { metadata: { managedFields: written } },
        })
    }
    await at.made.time.pass(1)
    const { rollouts, replicaSets, endpointSlices, services } = at.store.getSnapshot()!
    const keeping = (objects: readonly unknown[] | undefined) =>
      objects!.map((each) => 'managedFields' in (each as { metadata: object }).metadata)
    assert.deepEqual(new Set([rollouts, replicaSets, endpointSlices].flatMap(keeping)), new Set([false]))
    assert.deepEqual(new Set(keeping(services)), new Set([true]))
    assert.deepEqual(versions(at.store.getSnapshot()), ['1.0', '1.0'])
  })

  it('tells nobody who has left', async () => {
    const at = await opened()
    let calls = 0
    const leave = at.store.subscribe(() => {
      calls += 1
    })
    touch(at, 'my-backend')
    await at.made.time.pass(1)
    leave()
    touch(at, 'my-backend')
    await at.made.time.pass(1)
    assert.equal(calls, 1)
  })

  it('follows what is made, changed and deleted', async () => {
    const at = await opened()
    at.made.store.remove('rollouts', 'legacy', 'my-frontend')
    await at.made.time.pass(1)
    assert.deepEqual(versions(at.store.getSnapshot()), ['1.0'])
    at.made.store.patch('rollouts', 'legacy', 'my-backend', {
      type: 'merge',
      body: { metadata: { labels: { 'app.kubernetes.io/part-of': 'other' } } },
    })
    await at.made.time.pass(1)
    assert.deepEqual(at.store.getSnapshot()!.rollouts, [])
  })

  it('reads the ConfigMap of a new template before it shows that template', async () => {
    const at = await opened()
    const before = at.store.getSnapshot()
    const set = at.made.store.list('replicasets', {}).find((each) => each.metadata.name === 'my-frontend-frontendlive')!
    at.made.store.create('configmaps', 'legacy', { metadata: { name: 'settings-9' }, data: { VERSION: '9.0' } })
    at.made.store.put('replicasets', {
      ...set,
      spec: JSON.parse(JSON.stringify(set.spec).replace('settings-1', 'settings-9')),
    })
    const shown: unknown[] = []
    at.store.subscribe(() =>
      shown.push(at.store.getSnapshot() === before ? 'what was before' : versions(at.store.getSnapshot())),
    )
    await at.made.time.pass(1)
    assert.deepEqual(shown, ['what was before', ['1.0', '9.0']])
  })

  it('reads a ConfigMap once, however often its template is told', async () => {
    const at = await opened()
    for (const _ of [1, 2, 3]) {
      touch(at, 'my-frontend')
      await at.made.time.pass(1)
    }
    assert.equal(at.made.requests.filter(those({ resource: 'configmaps' })).length, 1)
  })

  for (const [what, happens] of [
    [
      'the revisions of a member change',
      (at: Opened) =>
        void at.made.store.patch('rollouts', 'legacy', 'my-frontend', {
          type: 'merge',
          body: { status: { currentPodHash: 'frontendlive' } },
          subresource: 'status',
        }),
    ],
    [
      'the Rollouts are listed anew',
      (at: Opened) => {
        at.made.store.compact()
        for (const watch of at.made.watches) watch.cut()
      },
    ],
  ] as const) {
    it(`reads a ConfigMap again when ${what}, and shows what was edited`, async () => {
      const at = await opened()
      at.made.store.patch('configmaps', 'legacy', 'settings-1', { type: 'merge', body: { data: { VERSION: '1.5' } } })
      touch(at, 'my-backend')
      await at.made.time.pass(1)
      assert.deepEqual(versions(at.store.getSnapshot()), ['1.0', '1.0'])
      happens(at)
      await at.made.time.pass(60_000)
      assert.deepEqual(versions(at.store.getSnapshot()), ['1.0', '1.5'])
    })
  }

  it('sees a ConfigMap that comes later than the template that names it', async () => {
    const at = await opened((made) => made.store.remove('configmaps', 'legacy', 'settings-1'))
    assert.equal(at.store.getSnapshot()!.configs.get('settings-1'), 'missing')
    at.made.store.create('configmaps', 'legacy', { metadata: { name: 'settings-1' }, data: { VERSION: '1.0' } })
    const [set] = at.made.store.list('replicasets')
    at.made.store.put('replicasets', { ...set!, status: { ...set!.status, availableReplicas: 1 } })
    await at.made.time.pass(1)
    assert.deepEqual(versions(at.store.getSnapshot()), ['1.0', '1.0'])
  })

  it('goes on showing what changes while it looks again for a ConfigMap that was missing', async () => {
    const at = await opened((made) => made.store.remove('configmaps', 'legacy', 'settings-1'))
    const before = at.store.getSnapshot()
    const change = (status: object): void => {
      const [set] = at.made.store.list('replicasets')
      at.made.store.put('replicasets', { ...set!, status: { ...set!.status, ...status } })
    }
    change({ fullyLabeledReplicas: 7 })
    await at.made.time.pass(1)
    assert.equal(at.store.getSnapshot(), before, 'it is missing still')
    at.made.fail(those({ resource: 'configmaps' }), { status: 500 }, 8)
    change({ fullyLabeledReplicas: 8 })
    touch(at, 'my-backend')
    await at.made.time.pass(1)
    assert.notEqual(at.store.getSnapshot(), before)
  })

  it('says which ConfigMap may not be read', async () => {
    const at = await opened((made) => made.deny(those({ resource: 'configmaps' })))
    assert.deepEqual(at.store.getSnapshot()!.unreadable, [
      'ConfigMap settings-1 in namespace legacy may not be read, so the wires and versions it holds are unknown',
    ])
  })

  it('waits for a ConfigMap that cannot be read now, though nothing else changes', async () => {
    const { made, store } = await opened((virtual) =>
      virtual.fail(those({ resource: 'configmaps' }), { status: 500 }, 8),
    )
    assert.equal(store.getSnapshot(), undefined)
    await made.time.pass(60_000)
    assert.deepEqual(versions(store.getSnapshot()), ['1.0', '1.0'])
  })

  it('says that the connection is lost, keeps what it knows, and goes on when it is back', async () => {
    const at = await opened()
    const before = at.store.getSnapshot()
    at.made.fail(those({ verb: 'watch' }), { lose: 'request' }, 4)
    for (const watch of at.made.watches) watch.cut()
    await at.made.time.pass(100)
    assert.match(JSON.stringify(at.store.connection()), /disconnected.*no answer from https:..sim: connection reset/)
    assert.equal(at.store.getSnapshot(), before)
    touch(at, 'my-backend')
    await at.made.time.pass(10_000)
    assert.deepEqual(at.store.connection(), { state: 'connected' })
    assert.notEqual(at.store.getSnapshot(), before)
  })

  it('lists anew where its version is too old', async () => {
    const at = await opened()
    for (const watch of at.made.watches) watch.expire()
    at.made.store.remove('services', 'legacy', 'frontend-preview')
    at.made.store.compact()
    await at.made.time.pass(10_000)
    assert.equal(at.store.getSnapshot()!.services.length, 3)
    assert.equal(at.store.failure(), undefined)
  })

  it('fails, says why, and tells whoever waits, where a watch is forbidden', async () => {
    const at = await opened()
    const told = at.seen.length
    at.made.deny(those({ verb: 'watch', resource: 'endpointslices' }))
    for (const watch of at.made.watches) watch.end()
    await at.made.time.pass(10_000)
    assert.match(
      String(at.store.failure()),
      /^ClusterError: watch endpointslices in namespace legacy: .*forbidden.*cannot watch/,
    )
    assert.equal(at.seen.length - told, 1)
  })

  it('fails at the first try where ConfigMaps cannot be read for good', async () => {
    const { made, store } = await opened((virtual) =>
      virtual.fail(those({ resource: 'configmaps' }), { status: 401 }, 100),
    )
    await made.time.pass(60_000)
    assert.match(String(store.failure()), /get configmap\/settings-1 in legacy: Unauthorized/)
    assert.equal(made.requests.filter(those({ resource: 'configmaps' })).length, 1)
  })

  it('ends without a word when its signal does', async () => {
    const at = await opened()
    at.end()
    const told = at.seen.length
    touch(at, 'my-backend')
    await at.made.time.pass(60_000)
    assert.deepEqual([at.store.failure(), at.seen.length, at.made.watches.length], [undefined, told, 0])
  })

  it('waits for a ConfigMap as long as the server asks it to, and does not ask in a circle', async () => {
    const config = those({ verb: 'get', resource: 'configmaps' })
    const { made, store } = await opened((virtual) => virtual.fail(config, { status: 429, retryAfter: 61 }, 20))
    await made.time.pass(60_000)
    assert.deepEqual(
      [made.requests.filter(config).length, store.failure(), store.getSnapshot()],
      [1, undefined, undefined],
    )
    await made.time.pass(20 * 61_000)
    assert.deepEqual([made.requests.filter(config).length, versions(store.getSnapshot())], [21, ['1.0', '1.0']])
  })

  it('is empty, not unknown, where there are no members', async () => {
    const made = new VirtualCluster({ controllers: [], start: Date.UTC(2026, 0, 5) }, 'legacy')
    const store = openGroupStore(made.connect().cluster, SCOPE, new AbortController().signal)
    await made.time.pass(1)
    assert.deepEqual(store.getSnapshot()?.rollouts, [])
  })
})

describe('a store of all namespaces', () => {
  /** A pair of members in one namespace, and one member in another. */
  async function ofTwoNamespaces() {
    const made = new VirtualCluster({ controllers: [], start: Date.UTC(2026, 0, 5) }, 'legacy')
    fill(made.store, world(legacyPair()))
    fill(made.store, world({ members: [{ name: 'alone', live: { version: '1.0' } }] }), 'other')
    const store = openNamespacesStore(
      made.connect().cluster,
      { ...SCOPE, namespace: undefined },
      new AbortController().signal,
    )
    await made.time.pass(1)
    return { made, store }
  }

  it('gives a snapshot for each namespace with members, each with its own objects only', async () => {
    const { store } = await ofTwoNamespaces()
    assert.deepEqual(
      store.getSnapshot()?.map((each) => [each.namespace, each.rollouts.length, each.replicaSets.length]),
      [
        ['legacy', 2, 4],
        ['other', 1, 1],
      ],
    )
  })

  it('keeps the snapshot of a namespace in which nothing changes', async () => {
    const { made, store } = await ofTwoNamespaces()
    const [legacy] = store.getSnapshot()!
    const changes = {
      rollouts: { metadata: { annotations: { touched: 'yes' } } },
      replicasets: { spec: { replicas: 7 } },
      services: { metadata: { labels: { touched: 'yes' } } },
      endpointslices: { endpoints: [] },
    }
    for (const resource of ['rollouts', 'replicasets', 'services', 'endpointslices'] as const) {
      const { name } = made.store.list(resource, { namespace: 'other' })[0]!.metadata
      const before = store.getSnapshot()!
      made.store.patch(resource, 'other', name, { type: 'merge', body: changes[resource] })
      await made.time.pass(1)
      assert.equal(store.getSnapshot()![0], legacy)
      assert.notEqual(store.getSnapshot()![1], before[1], resource)
    }
  })

  it('has no snapshot of a namespace any more that has lost its last member', async () => {
    const { made, store } = await ofTwoNamespaces()
    made.store.remove('rollouts', 'other', 'alone')
    await made.time.pass(1)
    assert.deepEqual(
      store.getSnapshot()?.map((each) => each.namespace),
      ['legacy'],
    )
  })
})
