import assert from 'node:assert/strict'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { those } from '../support/virtual-request.ts'
import { finished, living, outcomes, patches } from '../support/virtual-run.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { backend, canaries, frontend, apply, pair } from '../support/virtual-scenes.ts'

const statusOf = ({ store }: VirtualCluster, name: string, namespace = 'legacy') =>
  store.get('rollouts', namespace, name)!.status
const specOf = ({ store }: VirtualCluster, name: string) => store.get('rollouts', 'legacy', name)!.spec
const selected = ({ store }: VirtualCluster, service: string) =>
  store.get('services', 'legacy', service)!.spec.selector[HASH_LABEL]
const deeds = (world: VirtualCluster) =>
  patches(world).map(({ name, body }) => `${name} ${(body as { path: string }[]).at(-1)!.path}`)
const BOTH = { 'my-frontend': 'done', 'my-backend': 'done' }
const SHOP = { scope: { namespace: 'canary', selector: 'app.kubernetes.io/part-of=shop' }, group: 'shop' } as const

describe('retry-all', () => {
  async function aborted(): Promise<ReturnType<typeof living>> {
    const world = living(pair())
    assert.equal((await finished(world, { verb: 'abort-all' })).exit, 0)
    world.requests.length = 0
    return world
  }

  it('brings what was aborted to its gates again, dependencies first, and promote-all goes on from there', async () => {
    const world = await aborted()
    const { exit, reports } = await finished(world, { verb: 'retry-all', runId: 'run2' })
    assert.deepEqual([exit, outcomes(reports)], [0, BOTH])
    assert.deepEqual(deeds(world), ['my-backend /status/abort', 'my-frontend /status/abort'])
    assert.deepEqual(
      ['my-frontend', 'my-backend'].map((each) => [statusOf(world, each).abort, statusOf(world, each).phase]),
      [
        [false, 'Paused'],
        [false, 'Paused'],
      ],
    )
    assert.equal((await finished(world, { runId: 'run3' })).exit, 0)
    assert.equal(selected(world, 'frontend-active'), statusOf(world, 'my-frontend').currentPodHash)
  })

  it('sends nothing to a consumer before its dependency stands at its gate with all its pods', async () => {
    const world = await aborted()
    await world.time.pass(60_000)
    let pods: unknown
    world.on('before', those({ verb: 'patch', name: 'my-frontend' }), () => {
      pods = statusOf(world, 'my-backend').updatedReplicas
    })
    assert.equal((await finished(world, { verb: 'retry-all', runId: 'run2' })).exit, 0)
    assert.equal(pods, 3)
  })

  it('brings canaries to their first gate', async () => {
    const world = living(canaries())
    assert.equal((await finished(world, { ...SHOP, verb: 'abort-all' })).exit, 0)
    const { exit } = await finished(world, { ...SHOP, verb: 'retry-all', runId: 'run2' })
    assert.equal(exit, 0)
    assert.deepEqual(
      ['backend', 'frontend'].map((each) => statusOf(world, each, 'canary').currentStepIndex),
      [1, 1],
    )
  })

  it('with --only retries that member alone, and says what is left', async () => {
    const world = await aborted()
    const { exit, plan } = await finished(world, {
      verb: 'retry-all',
      options: { only: ['my-backend'] },
      runId: 'run2',
    })
    assert.deepEqual([exit, deeds(world)], [0, ['my-backend /status/abort']])
    assert.match(plan.findings.find((each) => each.code === 'half-way')!.sentence, /leaves my-frontend 2\.0 aborted/)
  })

  it('has nothing to do where nothing was aborted', async () => {
    const world = living(pair())
    const { exit, reports } = await finished(world, { verb: 'retry-all' })
    assert.deepEqual([exit, patches(world).length], [0, 0])
    assert.equal(reports[0]!.detail, 'it was not aborted')
  })
})

describe('restart-all', () => {
  it('replaces every pod, dependencies first, and leaves the gate where it is', async () => {
    const world = living(pair())
    const pods = () => [...world.store.all('pods')].map(({ metadata }) => metadata.name)
    const old = pods()
    await world.time.pass(5000)
    const { exit, reports } = await finished(world, { verb: 'restart-all' })
    assert.deepEqual([exit, outcomes(reports)], [0, BOTH])
    assert.deepEqual(deeds(world), ['my-backend /spec/restartAt', 'my-frontend /spec/restartAt'])
    assert.deepEqual(
      pods().filter((each) => old.includes(each)),
      [],
    )
    assert.equal(statusOf(world, 'my-frontend').phase, 'Paused')
  })

  it('refuses a member whose only pod users would miss', async () => {
    const world = living(pair({ backend: () => ({ replicas: 1 }) }))
    const { exit, plan } = await finished(world, { verb: 'restart-all' })
    assert.deepEqual([exit, patches(world).length], [3, 0])
    assert.match(plan.findings.find((each) => each.code === 'dead-end')!.sentence, /backend-active/)
  })
})

describe('pause-all and resume-all', () => {
  it('pause consumers first, and nothing can be promoted until they are resumed, at the same gates', async () => {
    const world = living(pair())
    assert.equal((await finished(world, { verb: 'pause-all' })).exit, 0)
    assert.deepEqual(deeds(world), ['my-frontend /spec/paused', 'my-backend /spec/paused'])
    const refused = await finished(world, { runId: 'run2' })
    assert.equal(refused.exit, 3)
    assert.deepEqual(refused.plan.findings.find((each) => each.code === 'manually-paused')!.remedy, [
      'un-pause it first: ',
      { tool: 'rollouts-group', words: ['resume-all'], group: 'loan', namespace: 'legacy' },
    ])
    world.requests.length = 0
    assert.equal((await finished(world, { verb: 'resume-all', runId: 'run3' })).exit, 0)
    assert.deepEqual(deeds(world), ['my-backend /spec/paused', 'my-frontend /spec/paused'])
    await world.time.pass(10_000)
    assert.deepEqual(
      ['frontend', 'backend'].map((each) => [
        specOf(world, `my-${each}`).paused,
        selected(world, `${each}-active`) === statusOf(world, `my-${each}`).stableRS,
        statusOf(world, `my-${each}`).message,
      ]),
      [
        [false, true, 'BlueGreenPause'],
        [false, true, 'BlueGreenPause'],
      ],
    )
  })

  it('leave alone who is so already', async () => {
    const world = living(pair())
    const { exit, reports } = await finished(world, { verb: 'resume-all' })
    assert.deepEqual([exit, patches(world).length], [0, 0])
    assert.equal(reports[0]!.detail, 'it is not paused by hand')
  })

  it('bring what was deployed meanwhile to its gate', async () => {
    const world = living(pair({}, { next: [] }))
    assert.equal((await finished(world, { verb: 'pause-all' })).exit, 0)
    apply(world.store, 'legacy', backend('2.0'))
    apply(world.store, 'legacy', frontend('2.0', 'preview'))
    await world.time.pass(10_000)
    const before = selected(world, 'backend-preview')
    assert.equal((await finished(world, { verb: 'resume-all', runId: 'run2' })).exit, 0)
    await world.time.pass(10_000)
    assert.notEqual(selected(world, 'backend-preview'), before)
    assert.equal(statusOf(world, 'my-backend').message, 'BlueGreenPause')
  })
})
