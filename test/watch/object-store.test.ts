import assert from 'node:assert/strict'
import { ClusterError } from '../../src/cluster/port.ts'
import { at } from '../../src/domain/objects/fields.ts'
import { openObjectStore } from '../../src/watch/object-store.ts'
import { VirtualCluster } from '../support/virtual-cluster.ts'

const of = (name: string) => ({ fieldSelector: `involvedObject.name=${name}`, namespace: 'legacy' })

function event(name: string, about: string) {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'legacy' },
    involvedObject: { kind: 'Rollout', name: about },
  }
}

async function opened(as: 'admin' | 'nobody' = 'admin') {
  const made = new VirtualCluster({ controllers: [], start: Date.UTC(2026, 0, 5) }, 'legacy')
  made.store.create('events', 'legacy', event('first', 'web'))
  const over = new AbortController()
  const store = openObjectStore(made.connect(as).cluster, 'events', of('web'), over.signal)
  let told = 0
  store.subscribe(() => {
    told += 1
  })
  assert.equal(store.getSnapshot(), undefined)
  await made.time.pass(1)
  return {
    made,
    store,
    over,
    told: () => told,
    names: () => store.getSnapshot()?.map((each) => at(each, 'metadata', 'name')),
  }
}

describe('a store of the objects of one resource', () => {
  it('has those that are selected, and follows what is made, changed and deleted', async () => {
    const { made, store, names } = await opened()
    assert.deepEqual(names(), ['first'])
    made.store.create('events', 'legacy', event('second', 'web'))
    made.store.create('events', 'legacy', event('other', 'api'))
    await made.time.pass(1)
    assert.deepEqual(names(), ['first', 'second'])
    made.store.patch('events', 'legacy', 'second', { type: 'merge', body: { count: 2 } })
    made.store.remove('events', 'legacy', 'first')
    await made.time.pass(1)
    assert.deepEqual(
      store.getSnapshot()?.map((each) => at(each, 'count')),
      [2],
    )
  })

  it('gives the same list until something changes, and tells that it has', async () => {
    const { made, store, told } = await opened()
    const [before, times] = [store.getSnapshot(), told()]
    assert.equal(store.getSnapshot(), before)
    made.store.create('events', 'legacy', event('second', 'web'))
    await made.time.pass(1)
    assert.notEqual(store.getSnapshot(), before)
    assert.ok(told() > times)
  })

  it('fails, and tells it, where it may not be watched', async () => {
    const { store, told } = await opened('nobody')
    const failure = store.failure()
    assert.ok(failure instanceof ClusterError && failure.reason === 'Forbidden')
    assert.equal(told(), 1)
  })

  it('tells nothing any more once its signal has ended', async () => {
    const { made, over, told, store } = await opened()
    over.abort()
    const times = told()
    made.store.create('events', 'legacy', event('second', 'web'))
    await made.time.pass(1)
    assert.deepEqual([told(), store.failure()], [times, undefined])
  })
})
