import assert from 'node:assert/strict'
import { blueGreen, env } from '../../src/sim/scenarios/manifests.ts'
import { live } from '../../src/sim/scenarios/scenario.ts'
import { those } from '../support/virtual-request.ts'
import { finished, living, lines, NOW, patches, writes } from '../support/virtual-run.ts'
import { backend, frontend, pair } from '../support/virtual-scenes.ts'

/** Codes of what forbids a plan. */
const errors = ({ plan }: Awaited<ReturnType<typeof finished>>): string[] =>
  plan.findings.filter((each) => each.severity === 'error').map((each) => `${each.code} ${each.members.join()}`)

describe('what is not in the group', () => {
  for (const name of ['legacy', 'miswired']) {
    it(`is not taken for something that does not exist: a backend that lost its label (${name})`, async () => {
      const world = living(name)
      world.store.patch('rollouts', name, 'my-backend', {
        type: 'merge',
        body: { metadata: { labels: { 'app.kubernetes.io/part-of': null } } },
      })
      const result = await finished(world)
      assert.deepEqual([result.exit, errors(result), writes(world.requests)], [3, ['outside-group my-frontend'], []])
    })
  }
})

describe('a ConfigMap that is gone', () => {
  /** When each member was promoted, after the begin. */
  const when = (world: ReturnType<typeof living>) => patches(world).map((each) => [each.name, each.at - NOW])
  const pruned = ({ store }: ReturnType<typeof living>) =>
    store.remove('configmaps', 'legacy', 'my-frontend-settings-1-0')

  it('is no reason not to wait for the old pods that were given it', async () => {
    const world = living(pair())
    pruned(world)
    await finished(world)
    assert.deepEqual(when(world), [
      ['my-frontend', 0],
      ['my-backend', 5000],
    ])
  })
  it('is none where it goes in the middle of a run either', async () => {
    const world = living(pair())
    world.on('after', those({ verb: 'patch', resource: 'rollouts', name: 'my-frontend' }), () => pruned(world))
    await finished(world)
    assert.deepEqual(when(world), [
      ['my-frontend', 0],
      ['my-backend', 5000],
    ])
  })
})

describe('a ConfigMap that was changed in place', () => {
  it('is not taken for what the waiting pods have', async () => {
    const world = living(pair({}, { next: [backend('2.0'), frontend('2.0', 'active')] }))
    world.store.patch('configmaps', 'legacy', 'my-frontend-settings-2-0', {
      type: 'merge',
      body: { data: { BACKEND_HOST: 'backend-preview' } },
    })
    const result = await finished(world)
    assert.deepEqual([result.exit, errors(result), writes(world.requests)], [3, ['config-changed my-frontend'], []])
  })
})

describe('an evicted pod', () => {
  it('of the old version, whose object stays, is not waited for', async () => {
    const world = living(pair())
    const { stableRS } = world.store.get('rollouts', 'legacy', 'my-frontend')!.status
    const pod = world.store.list('pods', { labelSelector: `rollouts-pod-template-hash=${stableRS}` })[0]!
    world.store.patch('pods', 'legacy', pod.metadata.name, {
      type: 'merge',
      body: { status: { phase: 'Failed', reason: 'Evicted' } },
      subresource: 'status',
    })
    await world.time.pass(60_000)
    const { exit, events } = await finished(world)
    assert.deepEqual([exit, world.store.get('pods', 'legacy', pod.metadata.name)?.status.phase], [0, 'Failed'])
    assert.ok(lines(events).includes('my-frontend 1.0 gone after 5000'))
  })
})

describe('a member that is to have no pods', () => {
  it('is promoted with the others', async () => {
    const annotations = { 'rollouts-group/depends-on': '' }
    const worker = (version: string) =>
      blueGreen({ name: 'worker', group: 'loan', replicas: 0, annotations, settings: env({ APP_VERSION: version }) })
    const world = living({
      ...pair(),
      build: (simulation) =>
        live(simulation, {
          namespace: 'legacy',
          live: [backend('1.0'), frontend('1.0', 'active'), worker('1.0')],
          next: [backend('2.0'), frontend('2.0', 'preview'), worker('2.0')],
        }),
    })
    const { exit, plan } = await finished(world)
    assert.deepEqual(
      [exit, plan.findings.filter((each) => each.members.includes('worker')), patches(world).length],
      [0, [], 3],
    )
  })
})
