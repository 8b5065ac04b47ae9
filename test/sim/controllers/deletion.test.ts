import assert from 'node:assert/strict'
import { RESOURCES, type ResourceName } from '../../../src/sim/objects.ts'
import { blueGreen } from '../../conformance/lifecycle/manifests.ts'
import { Api } from '../api/api.ts'
import { cluster, pass } from './cluster.ts'

const OWNED = (Object.keys(RESOURCES) as ResourceName[]).filter((each) => RESOURCES[each].namespaced)

describe('what is deleted', () => {
  it('takes all that is in it with it, if it is a namespace, and then goes itself', () => {
    const simulation = cluster(...blueGreen())
    const { store } = simulation
    const [terminating] = [store.get('namespaces', undefined, 'n')!]
    store.put('namespaces', {
      ...terminating,
      metadata: { ...terminating.metadata, deletionTimestamp: new Date(simulation.now).toISOString() },
    })
    assert.ok([...store.all('pods')].length > 0)
    pass(simulation)
    assert.deepEqual(
      [OWNED.flatMap((each) => [...store.all(each)]), store.get('namespaces', undefined, 'n')],
      [[], undefined],
    )
  })

  it('is collected though its owner was gone before it came', () => {
    const simulation = cluster()
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'of-nobody' }]
    simulation.store.create('configmaps', 'n', { metadata: { name: 'late', ownerReferences } })
    pass(simulation)
    assert.equal(simulation.store.get('configmaps', 'n', 'late'), undefined)
  })

  it('stays while one of its owners does', () => {
    const simulation = cluster()
    const owners = ['one', 'two'].map((name) => simulation.store.create('configmaps', 'n', { metadata: { name } }))
    const ownerReferences = owners.map(({ metadata: { name, uid } }) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name,
      uid,
    }))
    simulation.store.create('configmaps', 'n', { metadata: { name: 'shared', ownerReferences } })
    simulation.store.remove('configmaps', 'n', 'one')
    pass(simulation)
    assert.notEqual(simulation.store.get('configmaps', 'n', 'shared'), undefined)
    simulation.store.remove('configmaps', 'n', 'two')
    pass(simulation)
    assert.equal(simulation.store.get('configmaps', 'n', 'shared'), undefined)
  })

  it('is a namespace that takes nothing new any more', () => {
    const api = new Api()
    assert.equal(api.ask('DELETE', '/api/v1/namespaces/legacy').code, 200)
    assert.equal(api.ask('GET', '/api/v1/namespaces/legacy').body.status.phase, 'Terminating')
    const [code, reason, message] = api.refusal('POST', '/api/v1/namespaces/legacy/configmaps', {
      body: { metadata: { name: 'x' } },
    })
    assert.deepEqual(
      [code, reason, message],
      [
        403,
        'Forbidden',
        'configmaps "x" is forbidden: unable to create new content in namespace legacy because it is being terminated',
      ],
    )
  })
})
