import assert from 'node:assert/strict'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { canary, env } from '../../src/sim/scenarios/manifests.ts'
import { live, type RawManifest, type Scenario } from '../../src/sim/scenarios/scenario.ts'
import { finished, lines, living, NOW, outcomes, patches, start, withAnalyses } from '../support/virtual-run.ts'
import { pair } from '../support/virtual-scenes.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'

/** The frontend's users are watched by an analysis after its cutover, which lasts until somebody ends it. */
function analysed() {
  const strategy = { postPromotionAnalysis: { templates: [{ templateName: 'errors' }] } }
  return living(withAnalyses(pair({ frontend: () => ({ strategy }) }), 'errors'))
}

async function verdict({ store }: VirtualCluster, phase: string): Promise<void> {
  const [run] = store.list('analysisruns')
  store.put('analysisruns', { ...run!, status: { ...run!.status, phase, message: 'errors is 7 %' } })
}

describe('a promote is done', () => {
  it('when the analysis after the cutover is, and not before', async () => {
    const world = analysed()
    const run = start(world)
    await world.time.pass(60_000)
    assert.match(lines(run.events).at(-1)!, /^my-frontend: post-promotion analysis my-frontend-\S+: Running$/)
    await verdict(world, 'Successful')
    const { exit } = await world.time.until(run.result)
    assert.equal(exit, 0)
    assert.deepEqual(
      patches(world).map((each) => [each.name, each.at - NOW]),
      [
        ['my-frontend', 0],
        ['my-backend', 65_000],
      ],
    )
  })

  it('never where that analysis fails, and the backend is left alone', async () => {
    const world = analysed()
    const run = start(world)
    await world.time.pass(10_000)
    await verdict(world, 'Failed')
    const { reports, exit } = await world.time.until(run.result)
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'failed', 'my-backend': 'not-started' }, 1])
    assert.match(reports[0]!.detail, /errors is 7 %/)
    assert.deepEqual(
      patches(world).map((each) => each.name),
      ['my-frontend'],
    )
  })

  it('when the pods that a small preview lacked are there', async () => {
    const slow = { templateAnnotations: { 'pod-ready.stage.kwok.x-k8s.io/delay': '20s' } }
    const world = living(pair({ frontend: () => ({ ...slow, strategy: { previewReplicaCount: 1 } }) }))
    const { exit, events } = await finished(world)
    assert.equal(exit, 0)
    assert.deepEqual(
      patches(world).map((each) => [each.name, each.at - NOW]),
      [
        ['my-frontend', 0],
        ['my-backend', 25_000],
      ],
    )
    assert.ok(lines(events).some((each) => each.startsWith('my-frontend: Progressing, ')))
  })

  it('where nothing shows it by its Services, when the old pods of a canary are gone', async () => {
    const of = (version: string): readonly (readonly RawManifest[])[] => [
      canary({
        name: 'web',
        group: 'shop',
        replicas: 3,
        settings: env({ APP_VERSION: version }),
        strategy: { steps: [{ setWeight: 50 }, { pause: {} }] },
      }),
    ]
    const scene: Scenario = {
      name: 'web',
      namespace: 'canary',
      group: 'shop',
      summary: '',
      build: (simulation) => live(simulation, { namespace: 'canary', live: of('1.0'), next: of('2.0') }),
    }
    const world = living(scene)
    const old: string = world.store.get('rollouts', 'canary', 'web')!.status.stableRS
    let left: number | undefined
    const { exit } = await finished(world, {
      on: (event) => {
        if (event.type === 'finished') left = world.store.list('pods', { labelSelector: `${HASH_LABEL}=${old}` }).length
      },
    })
    assert.deepEqual([left, exit], [0, 0])
  })
})

describe('promote-all with full', () => {
  it('sends every member past its gates at once, consumers first, each when the one before is done', async () => {
    const world = living('canary')
    const { exit, events } = await finished(world, { options: { full: true } })
    assert.equal(exit, 0)
    assert.deepEqual(
      patches(world).map(({ name, body }) => [name, (body as unknown[]).at(-1)]),
      ['frontend', 'backend'].map((name) => [name, { op: 'add', path: '/status/promoteFull', value: true }]),
    )
    for (const { status } of world.store.list('rollouts')) assert.equal(status.stableRS, status.currentPodHash)
    assert.equal(events.filter((each) => each.type === 'started').length, 1)
  })

  it('knows nothing of gates, so toEnd adds nothing', async () => {
    const world = living('canary')
    await finished(world, { options: { full: true }, toEnd: true })
    assert.equal(patches(world).length, 2)
  })
})

describe('promote-all of some members', () => {
  it('in modern mode touches only these', async () => {
    const world = living('modern')
    const { reports, exit } = await finished(world, { options: { only: ['backend'] } })
    assert.deepEqual([outcomes(reports), exit], [{ backend: 'done', frontend: 'already-done' }, 0])
    assert.deepEqual(
      patches(world).map((each) => each.name),
      ['backend'],
    )
  })
})

describe('a template that is put back', () => {
  /** The backend takes its pods from a Deployment, in which 2.0 waits. */
  async function referring() {
    const world = living(pair({}, { next: [] }))
    const { store } = world
    const { spec } = store.get('rollouts', 'legacy', 'my-backend')!
    const template = (version: string) => ({
      ...spec.template,
      spec: { containers: [{ ...spec.template.spec.containers[0], env: [{ name: 'APP_VERSION', value: version }] }] },
    })
    store.create('deployments', 'legacy', {
      metadata: { name: 'backend-pods' },
      spec: { replicas: 0, selector: spec.selector, template: template('1.0') },
    })
    store.patch('rollouts', 'legacy', 'my-backend', {
      type: 'merge',
      body: {
        spec: { template: null, workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'backend-pods' } },
      },
    })
    await world.time.pass(60_000)
    store.patch('deployments', 'legacy', 'backend-pods', {
      type: 'merge',
      body: { spec: { template: template('2.0') } },
    })
    await world.time.pass(60_000)
    return { world, store, template }
  }

  it("does not take the place of somebody's newer one in the workload", async () => {
    const { world, store, template } = await referring()
    world.on('before', those({ verb: 'patch', resource: 'deployments' }), () =>
      store.patch('deployments', 'legacy', 'backend-pods', {
        type: 'merge',
        body: { spec: { template: template('3.0') } },
      }),
    )
    const { reports, exit } = await finished(world, { verb: 'abort-all', options: { toStable: true } })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-backend': 'changed', 'my-frontend': 'already-done' }, 5])
    assert.deepEqual(store.get('deployments', 'legacy', 'backend-pods')!.spec.template.spec.containers[0].env, [
      { name: 'APP_VERSION', value: '3.0' },
    ])
  })

  it('goes into the workload that a Rollout takes its pods from, never into the Rollout', async () => {
    const { world, store } = await referring()
    const { reports, exit } = await finished(world, { verb: 'abort-all', options: { toStable: true } })
    assert.deepEqual([outcomes(reports), exit], [{ 'my-backend': 'done', 'my-frontend': 'already-done' }, 0])
    assert.deepEqual(
      world.requests.filter(those({ verb: 'patch' })).map(({ resource, name }) => `${resource} ${name}`),
      ['deployments backend-pods'],
    )
    assert.deepEqual(store.get('deployments', 'legacy', 'backend-pods')!.spec.template.spec.containers[0].env, [
      { name: 'APP_VERSION', value: '1.0' },
    ])
    assert.equal(store.get('rollouts', 'legacy', 'my-backend')!.spec.template, undefined)
  })
})
