import assert from 'node:assert/strict'
import {
  type DueAction,
  type Controller,
  Simulation,
  type SimulationOptions,
  type Write,
} from '../../src/sim/simulation.ts'

const START = Date.UTC(2026, 0, 1)
const SECOND = 1000

/** Creates a ConfigMap of this name at its time, in seconds from the start. */
const alarm =
  (name: string, seconds: number): Controller =>
  ({ store, now, when }) => {
    if (store.get('configmaps', 'n', name) !== undefined) return undefined
    const at = when({ kind: 'deadline', object: `configmaps/${name}` }, START + seconds * SECOND)
    return now < at ? { wakeAt: at } : { create: 'configmaps', namespace: 'n', body: { metadata: { name } } }
  }

/** Creates one ConfigMap as soon as another is there. */
const echo =
  (name: string, of: string): Controller =>
  ({ store }) =>
    store.get('configmaps', 'n', of) === undefined || store.get('configmaps', 'n', name) !== undefined
      ? undefined
      : { create: 'configmaps', namespace: 'n', body: { metadata: { name } } }

/** Writes each of these once, in order. */
const script = (...writes: Write[]): Controller => {
  let next = 0
  return () =>
    next < writes.length
      ? {
          ...writes[next]!,
          done: () => {
            next += 1
          },
        }
      : undefined
}

describe('virtual time', () => {
  const simulate = (controllers: readonly Controller[], more: Partial<SimulationOptions> = {}): Simulation =>
    new Simulation({ controllers, start: START, ...more })
  const happened = ({ store }: Simulation): string[] =>
    [...store.all('configmaps')].map(
      ({ metadata }) => `${metadata.name} at ${(Date.parse(metadata.creationTimestamp) - START) / SECOND}`,
    )

  it('does what is due on the way in its order, each at its own time', () => {
    const simulation = simulate([alarm('third', 30), alarm('first', 10), alarm('second', 20), alarm('never', 61)])
    simulation.advanceTo(START + 60 * SECOND)
    assert.deepEqual(happened(simulation), ['first at 10', 'second at 20', 'third at 30'])
    assert.equal(simulation.now, START + 60 * SECOND)
    assert.equal(simulation.nextDue(), START + 61 * SECOND)
  })

  it('does all that follows from a deed before time goes on', () => {
    const simulation = simulate([
      echo('echo of echo', 'echo'),
      echo('echo', 'deed'),
      alarm('deed', 10),
      alarm('later', 20),
    ])
    simulation.advanceTo(START + 20 * SECOND)
    assert.deepEqual(happened(simulation), ['deed at 10', 'echo at 10', 'echo of echo at 10', 'later at 20'])
  })

  it('stands still where nobody moves it, and never goes back', () => {
    const simulation = simulate([alarm('deed', 10)])
    simulation.settle()
    assert.deepEqual([simulation.now, happened(simulation)], [START, []])
    simulation.advanceTo(START + 20 * SECOND)
    simulation.advanceTo(START + 5 * SECOND)
    assert.equal(simulation.now, START + 20 * SECOND)
  })

  it('knows nothing to come where nobody wants to act', () => {
    const simulation = simulate([alarm('deed', 10), echo('echo', 'nothing')])
    simulation.advanceTo(START + 10 * SECOND)
    assert.equal(simulation.nextDue(), undefined)
    assert.equal(simulation.step(), false)
  })

  it('makes one write at a step', () => {
    const simulation = simulate([alarm('a', 0), alarm('b', 0)])
    assert.deepEqual([simulation.step(), happened(simulation)], [true, ['a at 0']])
    assert.deepEqual([simulation.step(), simulation.step(), happened(simulation)], [true, false, ['a at 0', 'b at 0']])
  })

  it('lets a delay put off an action, and remembers which delay it drew', () => {
    const drawn: string[] = []
    const delay = ({ object }: DueAction): number => {
      drawn.push(object)
      return object === 'configmaps/early' ? 15 * SECOND : 0
    }
    const simulation = simulate([alarm('early', 10), alarm('late', 20)], { delay })
    simulation.advanceTo(START + 60 * SECOND)
    assert.deepEqual(happened(simulation), ['late at 20', 'early at 25'])
    assert.deepEqual(drawn, ['configmaps/early', 'configmaps/late'])
  })

  it('lets choose decide whose write is first, asking only where there is a choice', () => {
    const asked: number[] = []
    const simulation = simulate([alarm('a', 0), alarm('b', 0), alarm('c', 1)], {
      choose: (count) => asked.push(count) && count - 1,
    })
    simulation.advanceTo(START + SECOND)
    assert.deepEqual(happened(simulation), ['b at 0', 'a at 0', 'c at 1'])
    assert.deepEqual(asked, [2])
  })

  it('gives controllers the same dice, and the first of all where there are none', () => {
    const drawn: number[] = []
    const gambler: Controller = ({ choose }) => void drawn.push(choose(3), choose(1))
    simulate([gambler], { choose: () => 2 }).settle()
    simulate([gambler]).settle()
    assert.deepEqual(drawn, [2, 0, 0, 0])
  })

  it('carries out every kind of write, and tells when it has', () => {
    const rollout = { metadata: { name: 'r' }, spec: { replicas: 1, paused: true } }
    const simulation = simulate([
      script(
        { create: 'rollouts', namespace: 'n', body: rollout },
        {
          patch: 'rollouts',
          namespace: 'n',
          name: 'r',
          body: { spec: { paused: null }, status: { phase: 'Healthy' } },
        },
        { patch: 'rollouts', namespace: 'n', name: 'gone', body: {} },
        { create: 'configmaps', namespace: 'n', body: { metadata: { name: 'c' } } },
        { remove: 'configmaps', namespace: 'n', name: 'c' },
      ),
    ])
    simulation.settle()
    const { spec, status, metadata } = simulation.store.get('rollouts', 'n', 'r')!
    assert.deepEqual(
      [spec, status, metadata.generation, happened(simulation)],
      [{ replicas: 1 }, { phase: 'Healthy' }, 2, []],
    )
  })
})
