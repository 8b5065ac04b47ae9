import assert from 'node:assert/strict'
import { unready } from '../../src/sim/scenarios/scenario.ts'
import type { Scenario } from '../../src/sim/scenarios.ts'
import type { Match } from '../support/virtual-request.ts'
import { those } from '../support/virtual-request.ts'
import type { VirtualCluster } from '../support/virtual-cluster.ts'
import { finished, lines, living, NOW, outcomes, patches, start, withAnalyses } from '../support/virtual-run.ts'
import { apply, backend, canaries, pair } from '../support/virtual-scenes.ts'

const promoteOf = (name: string): Match => those({ verb: 'patch', resource: 'rollouts', name })
const carriedOut = (world: VirtualCluster) =>
  patches(world)
    .filter((each) => each.status === 200)
    .map((each) => each.name)
/** Old pods of the frontend run on for half a minute. */
const long = (): Scenario => pair({ frontend: () => ({ strategy: { scaleDownDelaySeconds: 30 } }) })

/** The pods of a member become ready again. */
function recover({ store }: VirtualCluster, app: string): void {
  for (const pod of store.list('pods', { labelSelector: `app=${app}` })) {
    store.patch('pods', 'legacy', pod.metadata.name, {
      type: 'merge',
      body: { metadata: { annotations: { 'pod-ready.stage.kwok.x-k8s.io/never': null } } },
    })
  }
}

/** What `kubectl argo rollouts undo` does: the oldest template is put back. */
function undo({ store }: VirtualCluster, app: string): void {
  const [oldest] = store
    .list('replicasets', { labelSelector: `app=${app}` })
    .sort(
      (a, b) =>
        Number(a.metadata.annotations!['rollout.argoproj.io/revision']) -
        Number(b.metadata.annotations!['rollout.argoproj.io/revision']),
    )
  const template = structuredClone(oldest!.spec.template)
  delete template.metadata.labels['rollouts-pod-template-hash']
  store.patch('rollouts', 'legacy', app, {
    type: 'json',
    body: [{ op: 'replace', path: '/spec/template', value: template }],
  })
}

describe('a write that is sent again', () => {
  it('is not, where another member was deployed anew while a lost promote waited for its pods', async () => {
    const world = living(pair())
    world.on('before', promoteOf('my-frontend'), () => unready(world.time.simulation, 'legacy', 'my-frontend'))
    const run = start(world)
    await world.time.pass(10_000)
    apply(world.store, 'legacy', backend('3.0'))
    await world.time.pass(20_000)
    recover(world, 'my-frontend')
    const { reports, exit } = await world.time.until(run.result)
    assert.deepEqual(
      patches(world).map((each) => [each.name, each.at - NOW]),
      [['my-frontend', 0]],
    )
    assert.deepEqual([outcomes(reports), exit], [{ 'my-frontend': 'changed', 'my-backend': 'not-started' }, 5])
    assert.match(reports[0]!.detail, /my-backend 3\.0, my-frontend 2\.0/)
  })

  it('is not, where another member was deployed anew in the moment in which it was refused', async () => {
    const world = living(pair())
    world.on('before', promoteOf('my-frontend'), () => {
      apply(world.store, 'legacy', backend('3.0'))
      world.store.patch('rollouts', 'legacy', 'my-frontend', { type: 'merge', body: { spec: { replicas: 4 } } })
    })
    const { exit } = await finished(world)
    assert.deepEqual([patches(world).map((each) => each.status), exit], [[422], 5])
  })

  for (const failure of [
    { status: 503 },
    { status: 429, retryAfter: 5 },
    { status: 409 },
    { lose: 'request' },
  ] as const) {
    it(`is not, where another member was deployed anew meanwhile: ${JSON.stringify(failure)}`, async () => {
      const world = living(pair())
      world.on('before', promoteOf('my-frontend'), () => apply(world.store, 'legacy', backend('3.0')))
      world.fail(promoteOf('my-frontend'), failure)
      const { reports, exit } = await finished(world)
      assert.deepEqual(
        [patches(world).length, outcomes(reports), exit],
        [1, { 'my-frontend': 'changed', 'my-backend': 'not-started' }, 5],
      )
    })
  }

  it('is not, where its member would behave otherwise by now', async () => {
    const world = living(withAnalyses(pair(), 'x'))
    world.on('before', promoteOf('my-backend'), () =>
      world.store.patch('rollouts', 'legacy', 'my-backend', {
        type: 'merge',
        body: { spec: { strategy: { blueGreen: { postPromotionAnalysis: { templates: [{ templateName: 'x' }] } } } } },
      }),
    )
    const { reports, exit } = await finished(world)
    assert.deepEqual(
      [carriedOut(world), outcomes(reports), exit],
      [['my-frontend'], { 'my-frontend': 'done', 'my-backend': 'changed' }, 4],
    )
    assert.match(reports[1]!.detail, /^the post-promotion analysis of my-backend/)
  })
})

describe('what a write tests', () => {
  it('holds an abort back where somebody has switched users over since, which would take their pods away', async () => {
    const world = living(withAnalyses(pair(), 'x'))
    world.on('before', promoteOf('my-frontend'), () => {
      world.store.patch('rollouts', 'legacy', 'my-frontend', {
        type: 'merge',
        body: { spec: { strategy: { blueGreen: { postPromotionAnalysis: { templates: [{ templateName: 'x' }] } } } } },
      })
      world.time.simulation.settle()
      world.store.patch('rollouts', 'legacy', 'my-frontend', {
        type: 'json',
        body: [{ op: 'remove', path: '/status/pauseConditions' }],
        subresource: 'status',
      })
      world.time.simulation.settle()
      const { generation } = world.store.get('rollouts', 'legacy', 'my-frontend')!.metadata
      assert.equal(generation, 3)
    })
    const { reports } = await finished(world, { verb: 'abort-all' })
    assert.deepEqual(
      patches(world).map((each) => each.status),
      [422],
    )
    assert.equal(reports[0]!.outcome, 'changed')
  })

  it('holds a promote back where an analysis has turned inconclusive since', async () => {
    const world = living(canaries())
    world.on('before', promoteOf('backend'), () => {
      const { pauseConditions } = world.store.get('rollouts', 'canary', 'backend')!.status
      world.store.patch('rollouts', 'canary', 'backend', {
        type: 'merge',
        subresource: 'status',
        body: {
          status: {
            pauseConditions: [
              ...pauseConditions,
              { reason: 'InconclusiveAnalysisRun', startTime: pauseConditions[0].startTime },
            ],
          },
        },
      })
    })
    const { reports, exit } = await finished(world)
    assert.deepEqual([patches(world).map((each) => each.status), exit], [[422], 5])
    assert.match(reports[0]!.detail, /inconclusive/)
  })

  it('that is refused in words of its own, as by an admission policy, is a failure, and told in these words', async () => {
    const world = living(pair())
    const policy =
      "rollouts.argoproj.io \"my-frontend\" is forbidden: ValidatingAdmissionPolicy 'freeze' with binding 'freeze' denied request: no release on a Friday"
    world.fail(promoteOf('my-frontend'), { status: 422, message: policy }, 100)
    const { reports, exit } = await finished(world)
    assert.deepEqual(
      [patches(world).length, outcomes(reports), exit],
      [1, { 'my-frontend': 'failed', 'my-backend': 'not-started' }, 1],
    )
    assert.ok(reports[0]!.detail.endsWith('no release on a Friday'), reports[0]!.detail)
  })
})

describe('what was done', () => {
  it('must still hold when the next wave comes: who was undone while it waited ends the run', async () => {
    const world = living(long())
    const run = start(world, {
      options: { drain: 'endpoints' },
      on: (event) => {
        if (event.type === 'patched' && event.member === 'my-frontend')
          unready(world.time.simulation, 'legacy', 'my-backend')
      },
    })
    await world.time.pass(5000)
    undo(world, 'my-frontend')
    const { reports, exit } = await world.time.until(run.result)
    assert.deepEqual(
      [carriedOut(world), outcomes(reports), exit],
      [['my-frontend'], { 'my-frontend': 'done', 'my-backend': 'changed' }, 4],
    )
    assert.match(
      reports[1]!.detail,
      /^my-frontend was promoted to 2\.0, (but 1\.0 was applied since|and is not on it any more; its users are on 1\.0)$/,
    )
    assert.ok(world.time.simulation.now - NOW < 10_000, 'at once, not when the pod is ready')
  })

  it('is not waited for where it was undone: the pods whose end the drain awaits are live again', async () => {
    const world = living(long())
    const run = start(world)
    await world.time.pass(5000)
    undo(world, 'my-frontend')
    const { reports, exit } = await world.time.until(run.result)
    assert.deepEqual(
      [carriedOut(world), outcomes(reports), exit],
      [['my-frontend'], { 'my-frontend': 'done', 'my-backend': 'changed' }, 4],
    )
    assert.ok(world.time.simulation.now - NOW < 10_000)
  })

  it('is of no use where a member has left the group since', async () => {
    const world = living(pair())
    const { reports, exit } = await finished(world, {
      on: (event) => {
        if (event.type === 'finished' && event.member === 'my-frontend')
          world.store.patch('rollouts', 'legacy', 'my-frontend', {
            type: 'merge',
            body: { metadata: { labels: { 'app.kubernetes.io/part-of': null } } },
          })
      },
    })
    assert.deepEqual([carriedOut(world), exit], [['my-frontend'], 4])
    assert.equal(
      reports[1]!.detail,
      'rollout/my-frontend is not in the group any more, so nobody can tell what its users would meet',
    )
  })

  it('was confirmed for these members: one that joins ends the run', async () => {
    const world = living(pair())
    const { reports, exit } = await finished(world, {
      on: (event) => {
        if (event.type === 'finished' && event.member === 'my-frontend')
          apply(
            world.store,
            'legacy',
            backend('1.0').map((each) => JSON.parse(JSON.stringify(each).replaceAll('backend', 'audit'))),
          )
      },
    })
    assert.deepEqual([carriedOut(world), exit], [['my-frontend'], 4])
    assert.equal(reports[1]!.detail, 'rollout/my-audit has joined the group, which nobody has confirmed')
  })

  it('leaves those to be drained whom the plan named, though their address is not to be found any more', async () => {
    const world = living(long())
    world.on('after', promoteOf('my-frontend'), () =>
      world.store.remove('configmaps', 'legacy', 'my-frontend-settings-1-0'),
    )
    await finished(world)
    assert.deepEqual(
      patches(world)
        .filter((each) => each.name === 'my-backend')
        .map((each) => each.at - NOW)
        .filter((each) => each < 30_000),
      [],
    )
  })
})

describe('the pods of a canary that was withdrawn', () => {
  /** The canaries' pods take half a minute to end. */
  const slow = () =>
    living(canaries(() => ({ templateAnnotations: { 'pod-delete.stage.kwok.x-k8s.io/delay': '30s' } })))

  it('are gone, terminating ones included, before what they call is withdrawn', async () => {
    const world = slow()
    const { exit } = await finished(world, { verb: 'abort-all' })
    assert.deepEqual(
      [patches(world).map((each) => [each.name, each.at - NOW]), exit],
      [
        [
          ['frontend', 0],
          ['backend', 31_000],
        ],
        0,
      ],
    )
  })

  it('are so in a run that goes on where another was killed, too', async () => {
    const world = slow()
    const first = start(world, { verb: 'abort-all' })
    world.on('after', promoteOf('frontend'), () => first.client.kill())
    await world.time.pass(1000)
    const { exit } = await finished(world, { verb: 'abort-all', runId: 'run2', breakLock: true })
    assert.deepEqual(
      [patches(world).map((each) => [each.name, each.at - NOW]), exit],
      [
        [
          ['frontend', 0],
          ['backend', 31_000],
        ],
        0,
      ],
    )
  })
})

describe('a stable template whose answer was lost', () => {
  it('is known again, and verified', async () => {
    const world = living(canaries(() => ({ templateAnnotations: { 'pod-ready.stage.kwok.x-k8s.io/delay': '3s' } })))
    world.fail(promoteOf('frontend'), { lose: 'answer' })
    const { reports, exit, events } = await finished(world, { verb: 'abort-all', options: { toStable: true } })
    assert.deepEqual([outcomes(reports), exit], [{ backend: 'done', frontend: 'done' }, 0], lines(events).join('\n'))
    assert.deepEqual(carriedOut(world), ['frontend', 'backend'])
  })
})

describe('a write that nobody answered', () => {
  it('is said to be in, perhaps', async () => {
    const world = living(pair())
    world.fail(promoteOf('my-frontend'), { lose: 'request' }, 100)
    const { reports } = await finished(world)
    assert.match(reports[0]!.detail, /; the request was under way and may be in$/)
  })
})
