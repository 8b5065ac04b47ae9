import assert from 'node:assert/strict'
import { threeWay } from '../../src/cluster/three-way.ts'
import { at } from '../../src/domain/objects/fields.ts'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { those } from '../support/virtual-request.ts'
import { living, writes } from '../support/virtual-run.ts'
import { pair } from '../support/virtual-scenes.ts'

describe('what client-side apply changes', () => {
  const rows: [name: string, last: unknown, want: unknown, live: unknown, patch: unknown][] = [
    ['is nothing where all is so', { a: 1 }, { a: 1 }, { a: 1, b: 2 }, {}],
    ['is what is wanted otherwise', { a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }],
    ['takes away what was applied and is wanted no more', { a: 1, b: 2 }, { a: 1 }, { a: 1, b: 2, c: 3 }, { b: null }],
    [
      'leaves alone what others have added',
      { s: { app: 'web' } },
      { s: { app: 'web' } },
      { s: { app: 'web', h: 'x' } },
      {},
    ],
    [
      'is nothing where a list has defaults more',
      { p: [{ port: 1 }] },
      { p: [{ port: 1 }] },
      { p: [{ port: 1, protocol: 'TCP' }] },
      {},
    ],
    ['replaces a list of which an entry goes', { l: [1, 2] }, { l: [1] }, { l: [1, 2] }, { l: [1] }],
  ]
  for (const [name, last, want, live, patch] of rows)
    it(name, () => assert.deepEqual(threeWay(last, want, live), patch))
})

describe('applying an object', () => {
  const service = (name: string, more: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'legacy', ...more },
    spec: { selector: { app: 'my-backend' }, ports: [{ port: 8080 }] },
  })
  const opened = () => {
    const world = living(pair({}, { next: [] }))
    const { cluster } = world.connect('admin')
    return {
      world,
      cluster,
      hash: () => at(world.store.get('services', 'legacy', 'backend-active'), 'spec', 'selector', HASH_LABEL),
    }
  }
  const unapplied = ({ world }: ReturnType<typeof opened>, name: string) =>
    world.store.patch('services', 'legacy', name, {
      type: 'merge',
      body: { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': null } } },
    })

  it('that is not there makes it, and notes what was applied', async () => {
    const { world, cluster } = opened()
    await world.time.until(cluster.apply(service('new')))
    assert.match(
      world.store.get('services', 'legacy', 'new')!.metadata.annotations![
        'kubectl.kubernetes.io/last-applied-configuration'
      ]!,
      /"name":"new"/,
    )
  })
  for (const [what, failure] of [
    ['is refused for a while', { status: 503 }],
    ['is not carried out', { lose: 'request' }],
    ['is carried out, its answer lost', { lose: 'answer' }],
  ] as const)
    for (const [verb, name] of [
      ['create', 'new'],
      ['patch', 'backend-active'],
    ] as const)
      it(`goes on where the ${verb} ${what}`, async () => {
        const { world, cluster } = opened()
        world.fail(those({ verb, resource: 'services' }), failure)
        await world.time.until(cluster.apply(service(name, { labels: { team: 'a' } })))
        assert.equal(world.store.get('services', 'legacy', name)!.metadata.labels!['team'], 'a')
        const carriedOut = writes(world.requests).length
        assert.equal(carriedOut, 'lose' in failure && failure.lose === 'answer' ? 1 : 2)
      })
  it('that somebody else makes at the same moment is changed to what is wanted', async () => {
    const { world, cluster } = opened()
    const { metadata, spec } = service('new')
    world.on('before', those({ verb: 'create', resource: 'services' }), () =>
      world.store.create('services', 'legacy', { metadata, spec }),
    )
    await world.time.until(cluster.apply(service('new', { labels: { team: 'a' } })))
    assert.equal(world.store.get('services', 'legacy', 'new')!.metadata.labels!['team'], 'a')
  })
  it('that is too large to be noted is applied on the server', async () => {
    const { world, cluster } = opened()
    const large = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'large', namespace: 'legacy' } }
    await world.time.until(cluster.apply({ ...large, data: { text: 'x'.repeat(300_000) } }))
    assert.equal(world.store.get('configmaps', 'legacy', 'large')!.metadata.annotations, undefined)
    assert.match(JSON.stringify(world.store.get('configmaps', 'legacy', 'large')!.metadata), /"operation":"Apply"/)
  })
  it('that is so already sends nothing', async () => {
    const { world, cluster } = opened()
    const { annotations } = world.store.get('services', 'legacy', 'backend-active')!.metadata
    const last = JSON.parse(annotations!['kubectl.kubernetes.io/last-applied-configuration']!)
    await world.time.until(cluster.apply({ apiVersion: 'v1', ...last }))
    assert.deepEqual(writes(world.requests), [])
  })
  it('that a controller points keeps its hash, client-side', async () => {
    const { world, cluster, hash } = opened()
    const before = hash()
    await world.time.until(cluster.apply(service('backend-active', { labels: { team: 'a' } })))
    assert.deepEqual([hash(), writes(world.requests)], [before, ['patch services backend-active']])
  })
  it('that a controller points keeps its hash, server-side', async () => {
    const open = opened()
    unapplied(open, 'backend-active')
    const before = open.hash()
    await open.world.time.until(open.cluster.apply(service('backend-active', { labels: { team: 'a' } })))
    assert.ok(before !== undefined)
    assert.equal(open.hash(), before)
  })
  it('leaves the number of pods alone that somebody scales', async () => {
    const { world, cluster } = opened()
    const rollout = world.store.get('rollouts', 'legacy', 'my-backend')!
    const managedFields = [...((rollout.metadata as any).managedFields ?? []), { manager: 'hpa', subresource: 'scale' }]
    world.store.replace('rollouts', 'legacy', 'my-backend', {
      ...rollout,
      metadata: { ...rollout.metadata, managedFields } as any,
      spec: { ...rollout.spec, replicas: 7 },
    })
    const { apiVersion, kind, spec } = rollout
    const object = {
      apiVersion,
      kind,
      metadata: { name: 'my-backend', namespace: 'legacy', labels: { ...rollout.metadata.labels, a: 'b' } },
      spec,
    }
    await world.time.until(cluster.apply(object))
    assert.equal(world.store.get('rollouts', 'legacy', 'my-backend')!.spec.replicas, 7)
  })
  it('of a kind that is not installed is refused in a sentence', async () => {
    const { world, cluster } = opened()
    await assert.rejects(
      world.time.until(
        cluster.apply({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w', namespace: 'legacy' } }),
      ),
      /this cluster knows no Widget of example.com\/v1$/,
    )
  })
})
