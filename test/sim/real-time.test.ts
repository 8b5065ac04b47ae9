import assert from 'node:assert/strict'
import { mock } from 'node:test'
import { behind, RealTime } from '../../src/sim/real-time.ts'
import { type Controller, Simulation } from '../../src/sim/simulation.ts'

const START = Date.UTC(2026, 0, 1)

describe('real time', () => {
  let clock: number
  let time: RealTime
  let simulation: Simulation
  beforeEach(() => {
    clock = 5000
    mock.timers.enable({ apis: ['setTimeout'] })
    mock.method(performance, 'now', () => clock)
  })
  afterEach(() => {
    time.stop()
    mock.timers.reset()
    mock.restoreAll()
  })

  /** Lets milliseconds pass by the clock, one at a time. */
  const pass = (milliseconds: number): void => {
    for (let each = 0; each < milliseconds; each += 1) {
      clock += 1
      mock.timers.tick(1)
    }
  }
  const run = (controllers: readonly Controller[], pace: { timeScale?: number; reaction?: number } = {}): void => {
    const valve = { open: true }
    simulation = new Simulation({ controllers: behind(valve, controllers), start: START })
    time = new RealTime(simulation, valve, { timeScale: 1, reaction: 25, ...pace })
  }
  const write = (name: string): void => void simulation.store.create('configmaps', 'n', { metadata: { name } })
  const names = (): string[] => [...simulation.store.all('configmaps')].map(({ metadata }) => metadata.name)

  /** Creates a ConfigMap so many milliseconds after the start. */
  const alarm =
    (name: string, after: number): Controller =>
    ({ store, now }) =>
      store.get('configmaps', 'n', name) !== undefined
        ? undefined
        : now < START + after
          ? { wakeAt: START + after }
          : { create: 'configmaps', namespace: 'n', body: { metadata: { name } } }
  /** Answers each ConfigMap with another. */
  const echo: Controller = ({ store }) => {
    const heard = [...store.all('configmaps')].find(
      ({ metadata: { name } }) =>
        !name.startsWith('echo-') && store.get('configmaps', 'n', `echo-${name}`) === undefined,
    )
    return (
      heard && { create: 'configmaps', namespace: 'n', body: { metadata: { name: `echo-${heard.metadata.name}` } } }
    )
  }

  it('does by itself what is due, when it is due', () => {
    run([alarm('a', 100), alarm('b', 250)])
    pass(99)
    assert.deepEqual(names(), [])
    pass(1)
    assert.deepEqual(names(), ['a'])
    pass(150)
    assert.deepEqual(names(), ['a', 'b'])
  })

  it('goes as many times faster as it is told', () => {
    run([alarm('a', 1000)], { timeScale: 20 })
    pass(49)
    assert.deepEqual([names(), time.now() - START], [[], 980])
    pass(1)
    assert.deepEqual([names(), time.now() - START], [['a'], 1000])
  })

  it('is told by now, which first does what is due by then, though no timer has fired', () => {
    run([alarm('a', 100)])
    clock += 300
    assert.deepEqual([time.now() - START, names()], [300, ['a']])
  })

  it('lets controllers see a write only when they have had time to react', () => {
    run([echo])
    write('x')
    pass(24)
    assert.equal(time.now(), START + 24)
    assert.deepEqual(names(), ['x'])
    pass(1)
    assert.deepEqual(names(), ['x', 'echo-x'])
  })

  it('counts the reaction from the first of several writes, in simulated milliseconds', () => {
    run([echo], { timeScale: 5 })
    write('x')
    pass(4)
    write('y')
    assert.deepEqual(names(), ['x', 'y'])
    pass(1)
    assert.deepEqual(names().toSorted(), ['echo-x', 'echo-y', 'x', 'y'])
  })

  it("needs no reaction to the controllers' own writes", () => {
    run([alarm('a', 100), alarm('b', 110), echo])
    pass(110)
    assert.deepEqual(names(), ['a', 'echo-a', 'b', 'echo-b'])
  })

  it('goes on while controllers are paused; what they missed they do at once when they are resumed', () => {
    run([alarm('a', 100), echo])
    time.pause()
    write('x')
    pass(500)
    assert.deepEqual([names(), time.now() - START], [['x'], 500])
    time.resume()
    assert.deepEqual(names().toSorted(), ['a', 'echo-a', 'echo-x', 'x'])
  })

  it('waits no longer at a time than a timer can', () => {
    const waits: unknown[] = []
    mock.timers.reset()
    mock.method(globalThis, 'setTimeout', (_: unknown, wait: unknown) => waits.push(wait))
    run([alarm('a', 2 ** 40)])
    assert.deepEqual(waits, [2 ** 31 - 1])
  })

  it('sets no timer any more once it is stopped, whoever asks for the time', () => {
    run([alarm('a', 100), echo])
    time.stop()
    write('x')
    time.now()
    const before = names()
    pass(500)
    assert.deepEqual(names(), before)
  })

  it('lets others have their turn, and ends, though its controllers never are at rest', () => {
    let count = 0
    run([() => ({ create: 'configmaps', namespace: 'n', body: { metadata: { name: `c-${(count += 1)}` } } })])
    time.now()
    const first = names().length
    assert.ok(first > 0)
    pass(2)
    assert.equal(names().length, 3 * first)
    time.stop()
    pass(5)
    assert.equal(names().length, 3 * first)
  })
})
