import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mock } from 'node:test'
import { CONFIGMAPS, Serving } from '../serving.ts'

const TABLE = { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } }
const MINUTE = 60_000

describe('a watch', () => {
  let at: Serving
  /** Who listens to the store. */
  let listening: Set<unknown>
  let left: PromiseWithResolvers<void>
  beforeEach(async () => {
    at = await Serving.start()
    listening = new Set()
    left = Promise.withResolvers()
    const { store } = at
    const subscribe = store.subscribe.bind(store)
    store.subscribe = (listener) => {
      const leave = subscribe(listener)
      listening.add(listener)
      return () => {
        leave()
        listening.delete(listener)
        left.resolve()
      }
    }
    at.create('a', { tier: 'one' })
    at.create('b', { tier: 'two' })
  })
  afterEach(async () => {
    mock.timers.reset()
    await at.close()
  })
  const watch = (query = '', sent = {}) => at.watch(`${CONFIGMAPS}?watch=true${query}`, sent)
  const label = (name: string, tier: string | null): void =>
    void at.store.patch('configmaps', 'legacy', name, { type: 'merge', body: { metadata: { labels: { tier } } } })

  it('without a version begins with all there is, and goes on with what changes', async () => {
    for (const [tier, version] of [
      ['x', ''],
      ['y', '&resourceVersion=0'],
      ['z', '&resourceVersion='],
    ] as const) {
      const stream = await watch(version)
      assert.deepEqual(await stream.told(2), ['ADDED a', 'ADDED b'])
      label('a', tier)
      assert.deepEqual(await stream.told(1), ['MODIFIED a'])
    }
  })

  it('from a version on tells everything after it, each thing once, in order', async () => {
    const from = at.store.version
    label('a', 'x')
    at.store.remove('configmaps', 'legacy', 'b')
    const stream = await watch(`&resourceVersion=${from}`)
    at.create('c')
    assert.deepEqual(await stream.told(3), ['MODIFIED a', 'DELETED b', 'ADDED c'])
    const resumed = await watch(`&resourceVersion=${from + 1}`)
    assert.deepEqual(await resumed.told(2), ['DELETED b', 'ADDED c'])
  })

  it('tells whole objects, with the version of the change', async () => {
    const stream = await watch(`&resourceVersion=${at.store.version}`)
    label('a', 'x')
    assert.deepEqual((await stream.next()).object, at.store.get('configmaps', 'legacy', 'a'))
  })

  it('that selects tells an object that leaves its selection as deleted, with its former labels, and added when it comes back', async () => {
    const stream = await watch(`&resourceVersion=${at.store.version}&labelSelector=tier%3Done`)
    label('b', 'three')
    label('a', null)
    const { type, object } = await stream.next()
    assert.deepEqual(
      [type, object.metadata.name, object.metadata.labels, object.metadata.resourceVersion],
      ['DELETED', 'a', { tier: 'one' }, String(at.store.version)],
    )
    label('a', 'one')
    assert.deepEqual(await stream.told(1), ['ADDED a'])
  })

  it('of one object by its name, or of all namespaces, tells no more and no less', async () => {
    const one = await watch(`&resourceVersion=${at.store.version}&fieldSelector=metadata.name%3Db`)
    const all = await at.watch(`/api/v1/configmaps?watch=1&resourceVersion=${at.store.version}`)
    label('a', 'x')
    at.store.create('configmaps', 'modern', { metadata: { name: 'b' } })
    at.store.create('services', 'legacy', { metadata: { name: 'b' } })
    label('b', 'x')
    assert.deepEqual(await one.told(1), ['MODIFIED b'])
    assert.deepEqual(await all.told(3), ['MODIFIED a', 'ADDED b', 'MODIFIED b'])
  })

  it('from a version that is compacted is told so, 410, and ends', async () => {
    const from = at.store.version
    label('a', 'x')
    at.faults.compact()
    const stream = await watch(`&resourceVersion=${from}`)
    const { type, object } = await stream.next()
    assert.deepEqual(
      [type, object.kind, object.status, object.code, object.reason],
      ['ERROR', 'Status', 'Failure', 410, 'Expired'],
    )
    assert.match(object.message, new RegExp(`^too old resource version: ${from} `))
    assert.equal(await stream.next(), undefined)
    assert.equal(listening.size, 0)
  })

  it('sends bookmarks each minute to those who ask for them, from which one can go on', async () => {
    mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
    const [asking, other] = [
      await watch(`&resourceVersion=${at.store.version}&allowWatchBookmarks=true`),
      await watch(`&resourceVersion=${at.store.version}`),
    ]
    at.store.create('services', 'legacy', { metadata: { name: 's' } })
    mock.timers.tick(MINUTE - 1)
    label('a', 'x')
    mock.timers.tick(1)
    label('b', 'x')
    assert.deepEqual(await other.told(2), ['MODIFIED a', 'MODIFIED b'])
    assert.deepEqual(await asking.told(1), ['MODIFIED a'])
    assert.deepEqual(await asking.next(), {
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { resourceVersion: String(at.store.version - 1), creationTimestamp: null },
      },
    })
    const resumed = await watch(`&resourceVersion=${at.store.version - 1}`)
    assert.deepEqual(await resumed.told(1), ['MODIFIED b'])
  })

  for (const [query, minutes] of [
    ['&timeoutSeconds=120', 2],
    ['', 30],
    ['&timeoutSeconds=0', 30],
    ['&timeoutSeconds=4000000', 35_791],
  ] as const) {
    it(`ends by itself after ${minutes} minutes where it ${query === '' ? 'does not say when' : `says ${query.slice(1)}`}`, async () => {
      mock.timers.enable({ apis: ['setTimeout'] })
      const stream = await watch(`${query}&resourceVersion=${at.store.version}&allowWatchBookmarks=true`)
      mock.timers.tick(minutes * MINUTE - 1)
      label('a', 'x')
      mock.timers.tick(MINUTE)
      assert.deepEqual(await stream.told(3), ['MODIFIED a', 'BOOKMARK', 'end'])
      assert.equal(listening.size, 0)
    })
  }

  it('of tables sends the columns once, and bookmarks as tables', async () => {
    const stream = await watch('&allowWatchBookmarks=true', TABLE)
    const [first, second] = [await stream.next(), await stream.next()]
    assert.deepEqual(
      [
        first.type,
        first.object.kind,
        first.object.columnDefinitions.map(({ name }: any) => name),
        first.object.rows[0].cells,
      ],
      ['ADDED', 'Table', ['Name', 'Data', 'Age'], ['a', 0, '0s']],
    )
    assert.deepEqual(
      [second.object.columnDefinitions, second.object.rows[0].cells, second.object.rows[0].object.metadata.name],
      [null, ['b', 0, '0s'], 'b'],
    )
    at.faults.sendBookmarks()
    const { type, object } = await stream.next()
    assert.deepEqual(
      [type, object.kind, object.rows[0].object.metadata.resourceVersion],
      ['BOOKMARK', 'Table', String(at.store.version)],
    )
    label('a', 'x')
    assert.deepEqual((await stream.next()).object.metadata, { resourceVersion: String(at.store.version) })
  })

  it('is forgotten when its client leaves', async () => {
    const stream = await watch()
    assert.equal(listening.size, 1)
    stream.leave()
    await left.promise
    assert.equal(listening.size, 0)
  })

  it('is not opened for a client that has left while it waited', async () => {
    at.faults.fail({ path: 'watch=true' }, { delay: 30 })
    const asked = at.send('GET', `${CONFIGMAPS}?watch=true`)
    asked.on('error', () => undefined)
    const [socket] = await once(asked, 'socket')
    while (at.server.requests.length === 0) await new Promise(setImmediate)
    socket.destroy()
    while (at.server.requests[0]?.status === undefined) await new Promise(setImmediate)
    assert.equal(listening.size, 0)
  })

  describe('goes wrong', () => {
    it('by an end without a word where the server goes away', async () => {
      const [one, other] = [
        await watch(`&resourceVersion=${at.store.version}`),
        await watch(`&resourceVersion=${at.store.version}`),
      ]
      at.faults.cutWatches()
      assert.deepEqual([await one.told(1), await other.told(1), listening.size], [['end'], ['end'], 0])
    })

    it('once: what has ended is told nothing more', async () => {
      const stream = await watch(`&resourceVersion=${at.store.version}&allowWatchBookmarks=true`)
      at.faults.cutWatches()
      at.faults.sendBookmarks()
      at.faults.expireWatches()
      label('a', 'x')
      assert.deepEqual(await stream.told(1), ['end'])
    })

    it('by 410 where it has expired', async () => {
      const stream = await watch(`&resourceVersion=${at.store.version}`)
      at.faults.expireWatches()
      assert.deepEqual(await stream.told(2), ['ERROR 410', 'end'])
    })

    it('by silence where no bookmarks come', async () => {
      mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
      const stream = await watch(`&resourceVersion=${at.store.version}&allowWatchBookmarks=true`)
      at.faults.withoutBookmarks()
      mock.timers.tick(3 * MINUTE)
      at.faults.sendBookmarks()
      at.faults.clear()
      at.faults.sendBookmarks()
      label('a', 'x')
      assert.deepEqual(await stream.told(2), ['BOOKMARK', 'MODIFIED a'])
    })
  })
})
