import assert from 'node:assert/strict'
import type { Clock } from '../../src/execute/context.ts'
import { blueGreen, configMap, env, envByKey } from '../../src/sim/scenarios/manifests.ts'
import { live, type RawManifest, type Scenario } from '../../src/sim/scenarios/scenario.ts'
import type { Store } from '../../src/sim/store.ts'
import { finished, lines, living, NOW, outcomes, patches, start } from '../support/virtual-run.ts'
import { backend, pair } from '../support/virtual-scenes.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'

const names = (world: VirtualCluster) => patches(world).map((each) => each.name)
const moment = (clock: Clock) => clock.after(5000, new AbortController().signal)

/** A person who says yes, but something happens before the run goes on. */
function afterConfirming(world: VirtualCluster, happens: (store: Store) => void): () => Promise<true> {
  const { clock } = world.connect()
  return async () => {
    happens(world.store)
    await moment(clock)
    return true
  }
}

/** Two entries of one backend; the old pods of the second stay longer. */
const TWO_ENTRIES: Scenario = {
  name: 'two-entries',
  namespace: 'legacy',
  group: 'loan',
  summary: '',
  build: (simulation) => {
    const entry = (
      name: string,
      version: string,
      role: string,
      scaleDownDelaySeconds: number,
    ): readonly RawManifest[] =>
      blueGreen({
        name,
        group: 'loan',
        replicas: 1,
        settings: env({ APP_VERSION: version, BACKEND_HOST: `backend-${role}` }),
        strategy: { scaleDownDelaySeconds },
      })
    const all = (version: string, role: string) => [
      backend(version),
      entry('shop', version, role, 5),
      entry('kiosk', version, role, 9),
    ]
    live(simulation, { namespace: 'legacy', live: all('1.0', 'active'), next: all('2.0', 'preview') })
  },
}

/** The reference application without any version: only its addresses tell the revisions apart. */
const UNVERSIONED: Scenario = {
  name: 'unversioned',
  namespace: 'legacy',
  group: 'loan',
  summary: '',
  build: (simulation) => {
    const all = (number: string, role: string): (readonly RawManifest[])[] => [
      blueGreen({
        name: 'my-backend',
        services: 'backend',
        group: 'loan',
        replicas: 1,
        settings: env({ NUMBER: number }),
      }),
      [
        configMap(`settings-${number}`, { BACKEND_HOST: `backend-${role}` }),
        ...blueGreen({
          name: 'my-frontend',
          services: 'frontend',
          group: 'loan',
          replicas: 1,
          settings: envByKey(`settings-${number}`, ['BACKEND_HOST']),
        }),
      ],
    ]
    live(simulation, { namespace: 'legacy', live: all('1', 'active'), next: all('2', 'preview') })
  },
}

describe('a wave', () => {
  it('waits for the old pods of every entry, and tells of each once that they are gone', async () => {
    const world = living(TWO_ENTRIES)
    const { events, exit } = await finished(world)
    assert.deepEqual([names(world), exit], [['kiosk', 'shop', 'my-backend'], 0])
    assert.deepEqual(lines(events.filter((each) => each.type === 'drained')), [
      'shop 1.0 gone after 5000',
      'kiosk 1.0 gone after 9000',
    ])
    assert.equal(patches(world)[2]!.at - NOW, 9000)
  })

  it('sends nothing where one of its members has changed', async () => {
    const world = living('diamond')
    const { reports, exit } = await finished(world, {
      on: (event) => {
        if (event.type !== 'finished' || event.member !== 'web') return
        world.store.patch('rollouts', 'diamond', 'catalog', {
          type: 'merge',
          body: { spec: { template: { metadata: { annotations: { 'rollouts-group/version': '3.0' } } } } },
        })
      },
    })
    assert.deepEqual([names(world), exit], [['web'], 4])
    assert.deepEqual(outcomes(reports), {
      web: 'done',
      catalog: 'changed',
      orders: 'not-started',
      prices: 'not-started',
      stock: 'not-started',
    })
  })

  it('whose members somebody else has promoted is over', async () => {
    const world = living(pair())
    const { reports, exit } = await finished(world, {
      confirm: afterConfirming(world, (store) => {
        store.patch('rollouts', 'legacy', 'my-frontend', {
          type: 'json',
          body: [{ op: 'remove', path: '/status/pauseConditions' }],
          subresource: 'status',
        })
      }),
    })
    assert.deepEqual(
      [names(world), outcomes(reports), exit],
      [['my-backend'], { 'my-frontend': 'already-done', 'my-backend': 'done' }, 0],
    )
  })

  it('is the last one where all after it is done by somebody else', async () => {
    const world = living(pair())
    const run = start(world)
    await world.time.pass(2000)
    world.store.patch('rollouts', 'legacy', 'my-backend', {
      type: 'json',
      body: [{ op: 'remove', path: '/status/pauseConditions' }],
      subresource: 'status',
    })
    const { reports, exit } = await world.time.until(run.result)
    assert.deepEqual(
      [names(world), outcomes(reports), exit],
      [['my-frontend'], { 'my-frontend': 'done', 'my-backend': 'already-done' }, 0],
    )
  })

  it('waits for the status of a member whose turn has not come yet', async () => {
    const world = living(pair())
    const run = start(world, {
      confirm: async () => {
        world.time.controllersRun = false
        world.store.patch('rollouts', 'legacy', 'my-backend', { type: 'merge', body: { spec: { minReadySeconds: 1 } } })
        return true
      },
    })
    await world.time.pass(10_000)
    assert.deepEqual(
      [names(world), lines(run.events)],
      [
        [],
        [
          'started 2',
          'my-frontend: the status of rollout/my-backend is not current: waiting for rollout spec update to be observed',
        ],
      ],
    )
    world.time.controllersRun = true
    assert.equal((await world.time.until(run.result)).exit, 0)
  })

  it('sends nothing where a finding forbids it by now, and says which', async () => {
    const world = living(pair())
    const { reports, exit } = await finished(world, {
      confirm: afterConfirming(world, (store) => {
        store.patch('configmaps', 'legacy', 'my-frontend-settings-2-0', {
          type: 'merge',
          body: { data: { BACKEND_HOST: 'backend-active' } },
        })
      }),
    })
    assert.deepEqual(
      [names(world), outcomes(reports), exit],
      [[], { 'my-frontend': 'changed', 'my-backend': 'not-started' }, 5],
    )
    assert.match(reports[0]!.detail, /^ConfigMap my-frontend-settings-2-0 was changed .* whom they call is unknown$/)
  })

  it('sends nothing where more would be done by now than was confirmed', async () => {
    const world = living('modern')
    await finished(world, { options: { only: ['backend'] } })
    const before = names(world).length
    const { reports, exit } = await finished(world, {
      runId: 'run2',
      confirm: afterConfirming(world, (store) => {
        store.patch('rollouts', 'modern', 'backend', {
          type: 'merge',
          body: { spec: { template: { metadata: { labels: { 'app.kubernetes.io/version': '7.4' } } } } },
        })
      }),
    })
    assert.deepEqual([names(world).slice(before), exit], [[], 5])
    assert.match(
      reports[0]!.detail,
      /^what would be done now is not what was confirmed: promote backend 7\.3 → 7\.4 \(\S+\), promote frontend .*; was: promote frontend 3\.1 → 3\.2 \(\S+\)$/,
    )
  })

  it('of ours leaves no doubt whether its members were promoted, though no version tells', async () => {
    const world = living(UNVERSIONED)
    const { exit, reports } = await finished(world)
    assert.equal(exit, 0, JSON.stringify(reports))
    assert.deepEqual(names(world), ['my-frontend', 'my-backend'])
  })
})
