import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import type { Controller } from '../../src/sim/simulation.ts'
import { VirtualCluster } from '../support/virtual-cluster.ts'

const START = Date.UTC(2026, 0, 5)

/** Counts in a ConfigMap how often it has been changed by others, a second after each change. */
function counter(): Controller {
  let seen: string | undefined
  let due: number | undefined
  return ({ store, now }) => {
    const map = store.get('configmaps', 'n', 'map')
    if (map === undefined) return undefined
    if (due === undefined && map.metadata.resourceVersion !== seen) due = now + 1000
    if (due === undefined) return undefined
    if (now < due) return { wakeAt: due }
    due = undefined
    seen = String(store.version + 1)
    return {
      put: 'configmaps',
      object: { ...map, data: { ...map['data'], count: String(Number(map['data'].count ?? 0) + 1) } },
    }
  }
}

describe('virtual time', () => {
  it('goes on only when nobody has anything left to do', async () => {
    const made = new VirtualCluster({ controllers: [counter()], start: START }, 'n')
    made.store.create('configmaps', 'n', { metadata: { name: 'map' }, data: {} })
    const { cluster, clock } = made.connect()
    const told: string[] = []
    const tell = (what: string) => told.push(`${clock.now() - START} ${what}`)
    await made.time.until(
      (async () => {
        for (const round of [1, 2]) {
          await cluster.patch('configmaps', { namespace: 'n', name: 'map' }, [
            { op: 'add', path: '/data/by', value: String(round) },
          ])
          tell(`patched ${round}`)
          await setImmediate()
          tell(`thought about ${round}`)
        }
        const watching = new AbortController()
        for await (const event of cluster.watch('configmaps', { namespace: 'n' }, watching.signal)) {
          if (event.type === 'listed') tell('listed')
          if (event.type === 'modified') {
            tell('counted')
            break
          }
        }
        await clock.after(500, watching.signal)
        tell('rested')
      })(),
    )
    assert.deepEqual(told, [
      '0 patched 1',
      '0 thought about 1',
      '0 patched 2',
      '0 thought about 2',
      '0 listed',
      '1000 counted',
      '1500 rested',
    ])
  })

  it('says so where something is waited for that will never come', async () => {
    const made = new VirtualCluster({ controllers: [], start: START }, 'n')
    await assert.rejects(made.time.until(new Promise(() => {})), /nothing will happen any more/)
  })

  it('is over for a client that is killed, and goes on for the others', async () => {
    const made = new VirtualCluster({ controllers: [], start: START }, 'n')
    const [one, other] = [made.connect(), made.connect()]
    const told: string[] = []
    const use = async ({ cluster, clock }: typeof one, name: string): Promise<void> => {
      await clock.after(1000, new AbortController().signal)
      await cluster.list('services', { namespace: 'n' })
      told.push(name)
    }
    void use(one, 'the dead one')
    made.on(
      'before',
      ({ verb }) => verb === 'list',
      () => one.kill(),
    )
    await made.time.until(Promise.all([one.killed, use(other, 'the other')]))
    assert.deepEqual(told, ['the other'])
    assert.equal(made.requests.length, 2)
  })
})
