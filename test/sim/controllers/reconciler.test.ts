import assert from 'node:assert/strict'
import { keyOf, reconciling, type Pass } from '../../../src/sim/controllers/reconciler.ts'
import type { KubeObject } from '../../../src/sim/objects.ts'
import { Simulation, type Controller } from '../../../src/sim/simulation.ts'

const START = Date.UTC(2026, 0, 1)
const SECOND = 1000
const HOUR = 3600 * SECOND

/** Wants the data of every ConfigMap to be its own. */
const wanting = (value: string): Controller =>
  reconciling({
    resource: 'configmaps',
    concerns: () => [],
    *reconcile({ metadata: { namespace = '', name }, data }: KubeObject): Pass {
      if (data?.value !== value) yield { patch: 'configmaps', namespace, name, body: { data: { value } } }
    },
  })

const failing = (failure: () => Pass): Controller =>
  reconciling({ resource: 'configmaps', concerns: () => [], reconcile: failure })

const simulate = (...controllers: readonly Controller[]): Simulation => {
  const simulation = new Simulation({ controllers, start: START })
  simulation.store.create('configmaps', 'n', { metadata: { name: 'one' } })
  return simulation
}

describe('the work queue of a controller', () => {
  it("comes to an end where two controllers undo each other's writes for ever, and is at it again later, ever more seldom", () => {
    const simulation = simulate(wanting('a'), wanting('b'))
    simulation.settle()
    const first = simulation.store.version
    assert.ok(simulation.nextDue()! >= START + SECOND, String(simulation.nextDue()))
    simulation.advanceTo(START + 2 * SECOND)
    assert.ok(simulation.store.version > first)
    simulation.advanceTo(START + HOUR)
    assert.ok(simulation.nextDue()! > START + HOUR + 60 * SECOND, String(simulation.nextDue()! - START - HOUR))
  })

  it('lets what wants to look again at once look again a moment later', () => {
    let looks = 0
    const restless = reconciling({
      resource: 'configmaps',
      concerns: () => [],
      *reconcile(_object, { now }): Pass {
        looks += 1
        return now - SECOND
      },
    })
    const simulation = simulate(restless)
    simulation.advanceTo(START + 5)
    assert.equal(looks, 6)
  })

  it('goes on with every other object, and tells of the failure as an Event, where an object makes it fail', () => {
    const simulation = simulate(
      failing(function* () {
        throw new TypeError('no such field')
      }),
      wanting('a'),
    )
    simulation.store.create('configmaps', 'n', { metadata: { name: 'two' } })
    simulation.settle()
    assert.deepEqual(
      simulation.store.list('configmaps').map(({ data }) => data?.value),
      ['a', 'a'],
    )
    assert.deepEqual(
      simulation.store
        .list('events')
        .map(({ involvedObject, reason, message }) => [keyOf(involvedObject), reason, message]),
      ['one', 'two'].map((name) => [`n/${name}`, 'ReconcileError', 'TypeError: no such field']),
    )
  })

  it('tries again later what the API server refuses, and lets the pass itself deal with it if it wants to', () => {
    const refusals: string[] = []
    const again = failing(function* () {
      yield { create: 'configmaps', namespace: 'n', body: { metadata: { name: 'one' } } }
    })
    const catching = failing(function* () {
      try {
        yield { create: 'configmaps', namespace: 'n', body: { metadata: { name: 'one' } } }
      } catch (failure) {
        refusals.push((failure as Error).message)
      }
    })
    const simulation = simulate(again, catching)
    simulation.settle()
    assert.deepEqual([refusals, simulation.nextDue()], [['configmaps "one" already exists'], START + SECOND])
  })
})
