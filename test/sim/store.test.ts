import assert from 'node:assert/strict'
import { ApiFailure } from '../../src/sim/objects.ts'
import { type Change, matcher, seenBy } from '../../src/sim/selection.ts'
import { Store } from '../../src/sim/store.ts'

const SPEC = { replicas: 3, template: { spec: { containers: [{ name: 'main' }] } } }
const failsWith =
  (code: number, reason: string, message?: RegExp) =>
  (error: ApiFailure): boolean =>
    error.code === code && error.reason === reason && (message === undefined || message.test(error.message))

describe('the store', () => {
  let store: Store
  let changes: Change[]
  beforeEach(() => {
    store = new Store(() => Date.UTC(2026, 0, 1, 12))
    changes = []
    store.create('rollouts', 'legacy', { metadata: { name: 'my-backend', labels: { app: 'b' } }, spec: SPEC })
    store.subscribe((change) => changes.push(change))
  })
  const current = (): any => store.get('rollouts', 'legacy', 'my-backend')
  const merge = (body: unknown, subresource?: 'status', dryRun = false): any =>
    store.patch('rollouts', 'legacy', 'my-backend', { type: 'merge', body, subresource, dryRun })
  const json = (body: unknown, subresource?: 'status'): any =>
    store.patch('rollouts', 'legacy', 'my-backend', { type: 'json', body, subresource })

  describe('creates an object', () => {
    it('with what the API server adds', () => {
      const { uid, resourceVersion, ...metadata } = current().metadata
      assert.deepEqual(metadata, {
        name: 'my-backend',
        namespace: 'legacy',
        labels: { app: 'b' },
        creationTimestamp: '2026-01-01T12:00:00Z',
        generation: 1,
      })
      assert.deepEqual(
        [current().apiVersion, current().kind, resourceVersion],
        ['argoproj.io/v1alpha1', 'Rollout', String(store.version)],
      )
      assert.match(uid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      assert.notEqual(store.create('rollouts', 'legacy', { metadata: { name: 'x' } }).metadata.uid, uid)
    })

    it('without the status it came with, where there is a status subresource', () => {
      assert.equal(
        'status' in store.create('rollouts', 'legacy', { metadata: { name: 'x' }, status: { phase: 'Healthy' } }),
        false,
      )
      assert.deepEqual(
        store.create('analysisruns', 'legacy', { metadata: { name: 'x' }, status: { phase: 'Running' } }).status,
        { phase: 'Running' },
      )
    })

    it('with as much of a long generateName as leaves room for five letters', () => {
      const { name } = store.create('pods', 'legacy', { metadata: { generateName: `${'a'.repeat(70)}-` } }).metadata
      assert.match(name, /^a{58}[a-z0-9]{5}$/)
    })

    it('with who wrote the data of a ConfigMap and when, once more only where it is changed', () => {
      const times = (object: any) =>
        object.metadata.managedFields.map((each: any) => [each.time, Object.keys(each.fieldsV1['f:data'])])
      let now = Date.UTC(2026, 0, 1)
      const own = new Store(() => now)
      assert.deepEqual(times(own.create('configmaps', 'legacy', { metadata: { name: 'c' }, data: { a: '1' } })), [
        ['2026-01-01T00:00:00Z', ['.', 'f:a']],
      ])
      now += 60_000
      const change = (body: unknown) => times(own.patch('configmaps', 'legacy', 'c', { type: 'merge', body }))
      assert.deepEqual(change({ metadata: { labels: { x: 'y' } } }), [['2026-01-01T00:00:00Z', ['.', 'f:a']]])
      assert.deepEqual(change({ data: { a: '2' } }), [['2026-01-01T00:01:00Z', ['.', 'f:a']]])
    })

    it('with a name of its own for generateName, another each time', () => {
      const [one, other] = [0, 0].map(
        () => store.create('events', 'legacy', { metadata: { generateName: 'promoted-' } }).metadata.name,
      )
      assert.match(one!, /^promoted-[a-z0-9]{5}$/)
      assert.notEqual(one, other)
      assert.equal(
        store.create('events', 'legacy', { metadata: { name: 'x', generateName: 'promoted-' } }).metadata.name,
        'x',
      )
    })

    it('but not without a name, nor twice under one', () => {
      assert.throws(
        () => store.create('rollouts', 'legacy', { metadata: {} }),
        failsWith(422, 'Invalid', /metadata.name: Required value: name or generateName is required$/),
      )
      assert.throws(
        () => store.create('rollouts', 'legacy', { metadata: { name: 'my-backend' } }),
        failsWith(409, 'AlreadyExists', /^rollouts.argoproj.io "my-backend" already exists$/),
      )
      assert.equal(
        store.create('rollouts', 'modern', { metadata: { name: 'my-backend' } }).metadata.namespace,
        'modern',
      )
    })
  })

  describe('counts in the generation', () => {
    for (const [what, body, generation] of [
      ['a change of the spec', { spec: { replicas: 4 } }, 2],
      ['a change beside spec, status and metadata', { extra: 1 }, 2],
      ['no change of labels', { metadata: { labels: { new: '1' } } }, 1],
      ['no change of annotations', { metadata: { annotations: { new: '1' } } }, 1],
      ['no write of what is there already', { spec: { replicas: 3 } }, 1],
      ['nothing that somebody writes into it', { metadata: { generation: 7 } }, 1],
    ] as const) {
      it(what, () => assert.equal(merge(body).metadata.generation, generation))
    }

    it('no change of the status', () =>
      assert.equal(merge({ status: { phase: 'Paused' } }, 'status').metadata.generation, 1))

    it('a change of the status, where there is no status subresource', () => {
      store.create('analysisruns', 'legacy', { metadata: { name: 'a' }, spec: {} })
      assert.equal(
        store.patch('analysisruns', 'legacy', 'a', { type: 'merge', body: { status: { phase: 'Running' } } }).metadata
          .generation,
        2,
      )
    })

    it("a controller's change of the spec, not of the status", () => {
      assert.equal(store.put('rollouts', { ...current(), status: { phase: 'Healthy' } }).metadata.generation, 1)
      assert.equal(store.put('rollouts', { ...current(), spec: { ...SPEC, replicas: 1 } }).metadata.generation, 2)
    })

    it('nothing of ConfigMaps, Services, Leases and Events, which have none', () => {
      for (const resource of ['configmaps', 'services', 'leases', 'events', 'namespaces', 'secrets'] as const) {
        assert.equal(
          'generation' in
            store.create(resource, resource === 'namespaces' ? undefined : 'legacy', {
              metadata: { name: 'x' },
              spec: {},
            }).metadata,
          false,
          resource,
        )
      }
      assert.equal(
        'generation' in
          store.patch('services', 'legacy', 'x', { type: 'merge', body: { spec: { selector: { a: 'b' } } } }).metadata,
        false,
      )
    })
  })

  describe('writes', () => {
    it('the status through the subresource, and drops all else without a word', () => {
      const patched = json(
        [
          { op: 'add', path: '/status', value: { abort: true } },
          { op: 'replace', path: '/spec/replicas', value: 9 },
          { op: 'add', path: '/metadata/labels/x', value: 'y' },
        ],
        'status',
      )
      assert.deepEqual([patched.status, patched.spec, patched.metadata.labels], [{ abort: true }, SPEC, { app: 'b' }])
    })

    it('a status patch only where its tests of metadata and spec hold', () => {
      const { uid } = current().metadata
      const operations = [
        { op: 'test', path: '/metadata/uid', value: uid },
        { op: 'test', path: '/metadata/generation', value: 1 },
        { op: 'test', path: '/spec/paused', value: null },
        { op: 'add', path: '/status', value: { abort: true } },
      ]
      assert.deepEqual(json(operations, 'status').status, { abort: true })
      merge({ spec: { paused: true } })
      assert.throws(() => json(operations, 'status'), failsWith(422, 'Invalid'))
    })

    it('all but the status through the object itself', () => {
      const patched = merge({ status: { phase: 'Healthy' }, spec: { paused: true } })
      assert.deepEqual([patched.status, patched.spec.paused], [undefined, true])
      merge({ status: { phase: 'Paused' } }, 'status')
      assert.deepEqual(
        store.replace('rollouts', 'legacy', 'my-backend', { metadata: {}, spec: { replicas: 1 } }).status,
        { phase: 'Paused' },
      )
    })

    it('neither name, namespace, uid, birth nor kind', () => {
      const before = current()
      const patched = merge({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'x', namespace: 'y', uid: 'z', creationTimestamp: '2000-01-01T00:00:00Z' },
        spec: { replicas: 5 },
      })
      const same = ({ apiVersion, kind, metadata: { name, namespace, uid, creationTimestamp } }: any) => [
        apiVersion,
        kind,
        name,
        namespace,
        uid,
        creationTimestamp,
      ]
      assert.deepEqual(same(patched), same(before))
      assert.equal(patched.spec.replicas, 5)
    })

    it('no key that is undefined: a test with null finds the status absent after the first write, too', () => {
      merge({ spec: { paused: true } })
      assert.deepEqual(
        json(
          [
            { op: 'test', path: '/status', value: null },
            { op: 'add', path: '/status', value: { phase: 'x' } },
          ],
          'status',
        ).status,
        { phase: 'x' },
      )
    })

    it('with a new version each time, one larger than the one before', () => {
      const before = store.version
      merge({ spec: { replicas: 4 } })
      merge({ status: { phase: 'x' } }, 'status')
      store.remove('rollouts', 'legacy', 'my-backend')
      assert.deepEqual(
        changes.map(({ type, version, object }) => [
          type,
          version - before,
          Number(object.metadata.resourceVersion) - before,
        ]),
        [
          ['MODIFIED', 1, 1],
          ['MODIFIED', 2, 2],
          ['DELETED', 3, 3],
        ],
      )
    })

    it('nothing, with no new version, where nothing changes', () => {
      const before = current()
      assert.equal(merge({ spec: { replicas: 3 } }), before)
      assert.equal(merge({ spec: { replicas: 7 } }, 'status'), before)
      assert.equal(store.put('rollouts', { ...before }), before)
      assert.deepEqual(changes, [])
    })

    it('nothing in a dry run, and answers what it would be', () => {
      assert.equal(merge({ spec: { replicas: 9 } }, undefined, true).spec.replicas, 9)
      assert.equal(
        merge({ spec: { replicas: 9 } }, undefined, true).metadata.resourceVersion,
        current().metadata.resourceVersion,
      )
      assert.deepEqual(
        store.create('rollouts', 'legacy', { metadata: { name: 'x' } }, true).metadata.resourceVersion,
        '',
      )
      assert.equal(
        store.replace('rollouts', 'legacy', 'my-backend', { metadata: {}, spec: {} }, undefined, true).metadata
          .generation,
        2,
      )
      assert.deepEqual([changes, current().spec, store.get('rollouts', 'legacy', 'x')], [[], SPEC, undefined])
      assert.throws(
        () => store.create('rollouts', 'legacy', { metadata: { name: 'my-backend' } }, true),
        failsWith(409, 'AlreadyExists'),
      )
    })

    it('only on the version it was told, where it was told one', () => {
      const { resourceVersion } = current().metadata
      merge({ metadata: { resourceVersion }, spec: { replicas: 4 } })
      const stale = failsWith(
        409,
        'Conflict',
        /^Operation cannot be fulfilled on rollouts.argoproj.io "my-backend": the object has been modified/,
      )
      assert.throws(() => merge({ metadata: { resourceVersion }, spec: { replicas: 5 } }), stale)
      assert.throws(() => merge({ metadata: { resourceVersion }, status: { abort: true } }, 'status'), stale)
      assert.throws(() => store.replace('rollouts', 'legacy', 'my-backend', { metadata: { resourceVersion } }), stale)
      assert.equal(
        store.replace('rollouts', 'legacy', 'my-backend', { metadata: { resourceVersion: '' }, spec: { replicas: 5 } })
          .spec.replicas,
        5,
      )
    })

    it('to no object that is not there', () => {
      const isMissing = failsWith(404, 'NotFound', /^rollouts.argoproj.io "x" not found$/)
      assert.throws(() => store.patch('rollouts', 'legacy', 'x', { type: 'merge', body: {} }), isMissing)
      assert.throws(() => store.replace('rollouts', 'legacy', 'x', { metadata: {} }), isMissing)
      assert.throws(() => store.remove('rollouts', 'legacy', 'x'), isMissing)
    })

    for (const [what, body] of [
      ['metadata that is a text', { metadata: 'x' }],
      ['metadata that is gone', { metadata: null }],
      ['labels that are a list', { metadata: { labels: ['a'] } }],
      ['a label that is a number', { metadata: { labels: { a: 1 } } }],
      ['an annotation that is an object', { metadata: { annotations: { a: {} } } }],
      ['a spec that is a text', { spec: 'x' }],
      ['owners that are texts', { metadata: { ownerReferences: ['x'] } }],
      ['a name that is a number', { metadata: { name: 1 } }],
    ] as const) {
      it(`no ${what}`, () => {
        assert.throws(() => merge(body), failsWith(422, 'Invalid', /json: cannot unmarshal/))
        assert.deepEqual(changes, [])
      })
    }

    it('no object without metadata', () =>
      assert.throws(() => json([{ op: 'remove', path: '/metadata' }]), failsWith(422, 'Invalid')))
  })

  describe('remembers', () => {
    it('every change since a version', () => {
      const from = store.version
      merge({ spec: { replicas: 4 } })
      store.create('configmaps', 'legacy', { metadata: { name: 'x' } })
      assert.deepEqual(
        store.since(from)?.map(({ type, resource }) => [type, resource]),
        [
          ['MODIFIED', 'rollouts'],
          ['ADDED', 'configmaps'],
        ],
      )
      assert.deepEqual(
        store.since(from + 1)?.map(({ type, resource }) => [type, resource]),
        [['ADDED', 'configmaps']],
      )
      assert.deepEqual(store.since(store.version), [])
    })

    it('nothing from before it was compacted', () => {
      const before = store.version
      merge({ spec: { replicas: 4 } })
      store.compact()
      assert.deepEqual([store.since(before), store.since(store.version)], [undefined, []])
      const from = store.version
      merge({ spec: { replicas: 5 } })
      assert.deepEqual([store.since(before), store.since(from)?.length], [undefined, 1])
    })

    it('thousands of changes, not all of them for ever', () => {
      const from = store.version
      for (let replicas = 0; replicas < 5000; replicas += 1) merge({ spec: { replicas: replicas + 10 } })
      assert.equal(store.since(from)?.length, 5000)
      for (let replicas = 0; replicas < 5000; replicas += 1) merge({ spec: { replicas: replicas + 9999 } })
      assert.deepEqual(
        [store.since(from), store.since(store.version - 5001), store.since(store.version - 5000)?.length],
        [undefined, undefined, 5000],
      )
    })
  })

  it('tells a change to all listeners before the next one is made, and to none that has left', () => {
    const told: number[] = []
    const leave = store.subscribe(({ version }) => {
      told.push(version, store.version)
      leave()
    })
    merge({ spec: { replicas: 4 } })
    merge({ spec: { replicas: 5 } })
    assert.deepEqual(told, [store.version - 1, store.version - 1])
    assert.equal(changes.length, 2)
  })

  it('lists by namespace and name what a selection matches, and iterates in the order of creation', () => {
    for (const [namespace, name, app] of [
      ['modern', 'a', 'b'],
      ['legacy', 'z', 'x'],
      ['legacy', 'a', 'b'],
    ] as const)
      store.create('rollouts', namespace, { metadata: { name, labels: { app } } })
    const names = (objects: Iterable<any>): string[] =>
      [...objects].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    assert.deepEqual(names(store.list('rollouts')), ['legacy/a', 'legacy/my-backend', 'legacy/z', 'modern/a'])
    assert.deepEqual(
      names(store.list('rollouts', { namespace: 'legacy', labelSelector: 'app=b', fieldSelector: 'metadata.name!=a' })),
      ['legacy/my-backend'],
    )
    assert.deepEqual(names(store.all('rollouts')), ['legacy/my-backend', 'modern/a', 'legacy/z', 'legacy/a'])
    assert.throws(() => matcher({ labelSelector: '=' }), failsWith(400, 'BadRequest'))
  })

  describe('shows a watch', () => {
    const selection = { namespace: 'legacy', labelSelector: 'app=b' }
    const told = (): unknown[] =>
      changes
        .map((change) => seenBy(change, 'rollouts', selection))
        .map(
          (seen) =>
            seen && [
              seen.type,
              seen.object.metadata.labels,
              seen.object.spec?.replicas,
              Number(seen.object.metadata.resourceVersion) - store.version,
            ],
        )

    it('an object that stops matching as deleted, as it was before, with the version of the change', () => {
      merge({ metadata: { labels: { app: 'x' } }, spec: { replicas: 4 } })
      assert.deepEqual(told(), [['DELETED', { app: 'b' }, 3, 0]])
    })

    it('an object that begins to match as added', () => {
      merge({ metadata: { labels: { app: 'x' } } })
      merge({ metadata: { labels: { app: 'b' } } })
      assert.deepEqual(told()[1], ['ADDED', { app: 'b' }, 3, 0])
    })

    it('what matched and matches as modified, and as deleted when it goes', () => {
      merge({ spec: { replicas: 4 } })
      store.remove('rollouts', 'legacy', 'my-backend')
      assert.deepEqual(told(), [
        ['MODIFIED', { app: 'b' }, 4, -1],
        ['DELETED', { app: 'b' }, 4, 0],
      ])
    })

    it('nothing of other namespaces, resources and labels', () => {
      store.create('rollouts', 'modern', { metadata: { name: 'x', labels: { app: 'b' } } })
      store.create('services', 'legacy', { metadata: { name: 'x', labels: { app: 'b' } } })
      store.create('rollouts', 'legacy', { metadata: { name: 'x', labels: { app: 'x' } } })
      assert.deepEqual(told(), [undefined, undefined, undefined])
    })
  })
})
